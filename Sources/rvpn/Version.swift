/// What this build is.
enum Version {
    /// The release's number (semver.org).
    static let number = "0.1.0"
}
