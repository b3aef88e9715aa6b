/// The names under which SSH comes inside TLS: `ssh.NAME` belongs to whoever holds NAME.
package enum SSHName {
    /// What stands before a device's name.
    package static let label = "ssh."

    /// The name that `ssh.NAME` belongs to.
    ///
    /// - Parameter name: a name that a visitor asked for.
    /// - Returns: NAME, or nil where the name has another form.
    package static func owner(of name: Hostname) -> Hostname? {
        guard name.text.hasPrefix(Self.label), !name.isAddressLiteral else { return nil }
        return Hostname(name.text.dropFirst(Self.label.count))
    }

    /// The name under which SSH for a name comes.
    ///
    /// - Parameter owner: the name.
    /// - Returns: `ssh.NAME`, or nil where that is no hostname.
    package static func name(of owner: Hostname) -> Hostname? {
        owner.isAddressLiteral ? nil : Hostname(Self.label + owner.text)
    }
}
