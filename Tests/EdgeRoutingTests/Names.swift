import EdgeRouting
import EdgeTypes
import Testing

/// A host name that a test is sure of.
func name(_ text: String) throws -> Hostname {
    try #require(Hostname(text))
}

/// A pattern that a test is sure of.
func pattern(_ text: String) throws -> HostnamePattern {
    try #require(HostnamePattern(text))
}

/// The table that the tests of decisions ask: every treatment, with and without an address.
func sampleTable() throws -> RouteTable {
    try RouteTable.build(
        adminHost: name("rvpn.example.com"),
        tunnelHosts: [name("tunnel.example.com"), name("wss.example.com")],
        routes: [
            Route(pattern: pattern("ended.example.com"), tls: .terminate),
            Route(pattern: pattern("secure.example.com"), http: .redirect),
            Route(pattern: pattern("old.example.com"), upstream: .tcp(host: "192.0.2.7", port: 443)),
            Route(
                pattern: pattern("plain.example.com"),
                tls: .terminate,
                http: .redirect,
                upstream: .tcp(host: "192.0.2.8", port: 80)
            ),
            Route(pattern: pattern("*.fixed.example.com"), upstream: .tcp(host: "192.0.2.9", port: 443)),
        ]
    )
}
