import EdgeMetering
import EdgeTypes

/// The tables of the status page, column by column as the page's script fills them.
extension StatusPage {
    /// Open connections.
    var connections: PageTable {
        PageTable(
            name: "connections",
            title: "Live connections",
            whenEmpty: "Nobody is connected right now.",
            columns: [
                .init("ID", "code"), .init("Peer", "code"), .init("Asked for"), .init("Speaks"), .init("Way"),
                .init("Served by", "code"), .init("Open for", "number"), .init("Received", "number"),
                .init("Sent", "number"), .init("Payload", "number"), .init("Now", "number rate"),
            ],
            rows: self.status.connections.map { connection in
                PageTable.Row(
                    key: connection.id,
                    cells: [
                        "\(connection.id)", "\(connection.peer)", "\(connection.name ?? "")", "\(connection.protocol)",
                        "\(connection.decision)", "\(connection.tunnel ?? connection.upstream ?? "")",
                        self.age(connection.since),
                    ] + self.bytes(connection.raw, connection.payload)
                )
            },
            total: self.status.connectionCount
        )
    }

    /// Registered tunnels.
    var tunnels: PageTable {
        PageTable(
            name: "tunnels",
            title: "Tunnels",
            whenEmpty: "No tunnel is connected. Start one with: rvpn connect",
            columns: [
                .init("ID", "code"), .init("Client", "code"), .init("Profile"), .init("Peer", "code"), .init("Serves"),
                .init("Streams", "number"), .init("Up for", "number"), .init("Last heard", "number"),
                .init("Received", "number"), .init("Sent", "number"), .init("Payload", "number"),
                .init("Now", "number rate"),
            ],
            rows: self.status.tunnels.map { tunnel in
                PageTable.Row(
                    key: tunnel.id,
                    cells: [
                        "\(tunnel.id)", "\(tunnel.identity ?? "")", "\(tunnel.profile)", "\(tunnel.peer)",
                        "\((tunnel.names + tunnel.ports.map { ":\($0)" }).joined(separator: ", "))",
                        "\(tunnel.streams)", self.age(tunnel.since),
                        "\(self.age(tunnel.lastHeard)) ago",
                    ] + self.bytes(tunnel.raw, tunnel.payload)
                )
            },
            total: self.status.tunnelCount
        )
    }

    /// Names that are served, or were.
    var names: PageTable {
        PageTable(
            name: "names",
            title: "Names",
            whenEmpty: "No tunnel has brought a name yet.",
            columns: [.init("Name"), .init("State"), .init("Tunnels", "code"), .init("Last seen", "number")],
            rows: self.status.names.map { name in
                PageTable.Row(
                    key: name.pattern,
                    cells: [
                        "\(name.pattern)",
                        name.away
                            ? #"<span class="badge warn">away</span>"#
                            : #"<span class="badge good">served</span>"#,
                        "\(name.tunnels.joined(separator: ", "))",
                        name.lastSeen.map { "\(self.age($0)) ago" } ?? "",
                    ]
                )
            },
            total: self.status.nameCount
        )
    }

    /// Bound listeners.
    var listeners: PageTable {
        PageTable(
            name: "listeners",
            title: "Listeners",
            whenEmpty: "No listener is bound.",
            columns: [
                .init("Address", "code"), .init("Otherwise"), .init("Accepted", "number"), .init("Open", "number"),
            ],
            rows: self.status.listeners.map { listener in
                PageTable.Row(
                    key: listener.address,
                    cells: [
                        "\(listener.address)", "\(listener.fallback)", "\(listener.accepted)", "\(listener.open)",
                    ]
                )
            },
            total: self.status.listeners.count
        )
    }

    /// Loaded certificates.
    var certificates: PageTable {
        PageTable(
            name: "certificates",
            title: "Certificates",
            whenEmpty: "No certificate is loaded: the relay ends TLS for nobody.",
            columns: [.init("Names"), .init("Key"), .init("Valid until"), .init("Expires")],
            rows: self.status.certificates.enumerated().map { index, certificate in
                let names = certificate.names
                return PageTable.Row(
                    key: "\(index) \(names.joined(separator: " "))",
                    cells: [
                        "\(names.joined(separator: ", "))", "\(certificate.key)",
                        "\(HTTPDate.readable(unixSeconds: certificate.notAfter))",
                        self.expiry(unixSeconds: certificate.notAfter),
                    ]
                )
            },
            total: self.status.certificates.count
        )
    }

    /// The last four columns of whatever moves bytes; how fast they move now is known to the script alone.
    private func bytes(_ raw: MeterReading, _ payload: MeterReading) -> [HTML] {
        [
            "\(ReadableText.bytes(raw.received))", "\(ReadableText.bytes(raw.sent))",
            "\(ReadableText.bytes(payload.total))", "",
        ]
    }

    private func age(_ unixSeconds: Int) -> HTML {
        "\(ReadableText.duration(seconds: self.now - unixSeconds))"
    }

    private func expiry(unixSeconds: Int) -> HTML {
        let left = unixSeconds - self.now
        guard left > 0 else { return #"<span class="badge bad">expired</span>"# }
        let text = "in \(ReadableText.duration(seconds: left))"
        return left < Self.expiryWarningSeconds
            ? #"<span class="badge warn">\#(text)</span>"# : #"<span class="badge good">\#(text)</span>"#
    }
}
