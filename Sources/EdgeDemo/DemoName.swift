/// The names of the demo; `certs/make` makes certificates for them, and every resolver finds them on this machine
/// (RFC 6761 §6.3).
enum DemoName {
    /// The relay's status page.
    static let admin = "rvpn.localhost"
    /// Where the client connects its tunnel.
    static let tunnel = "tunnel.localhost"
    /// The site in plain HTTP.
    static let app = "app.localhost"
    /// The site behind TLS that ends at the relay.
    static let secure = "secure.localhost"
    /// The site behind TLS of its own, which the relay passes through.
    static let site = "site.localhost"
    /// The names that the client serves.
    static let served = [Self.app, Self.secure, Self.site]
}
