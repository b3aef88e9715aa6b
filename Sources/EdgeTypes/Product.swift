/// What this software is called, and its release.
package enum Product {
    /// The product's name.
    package static let name = "rvpn"
    /// The release's number (semver.org).
    package static let version = "0.1.0"
}
