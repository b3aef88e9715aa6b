/// Under which name SSH is reached through TLS.
enum SSHName {
    /// What stands before a device's name.
    static let label = "ssh."
}
