/// What the demo says to paste.
struct DemoLines: Sendable {
    /// The relay's port for every protocol.
    let listen: UInt16
    /// The relay's port for plain HTTP.
    let plain: UInt16
    /// The authority's file, as a path that is right in every terminal.
    let authority: String

    /// The lines; each command ends by itself.
    var text: String {
        let curl = "curl --cacert \(Self.word(self.authority))"
        return """

            The demo is up: a relay, a client and a small site, all on this machine. Paste in another terminal:

              TLS passed through; the relay never sees what is inside
                \(curl) https://\(DemoName.site):\(self.listen)/hello

              TLS that ends at the relay
                \(curl) https://\(DemoName.secure):\(self.listen)/hello

              Plain HTTP
                curl http://\(DemoName.app):\(self.plain)/hello

              A WebSocket, which greets and closes
                \(curl) --http1.1 -i -N -H 'Connection: Upgrade' -H 'Upgrade: websocket' \\
                  -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: YSBkZW1vIG9mIFJWUE4hIQ==' \\
                  https://\(DemoName.secure):\(self.listen)/socket

              In a browser
                http://\(DemoName.app):\(self.plain)/
                https://\(DemoName.admin):\(self.listen)/ (the relay's status; first import
                  \(self.authority) as an authority)

            Ctrl-C stops everything.

            """
    }

    /// A word as a shell reads it.
    private static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { octet in
            switch octet {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x2F, 0x5F: true  // 0-9 A-Z a-z + - . / _
            default: false
            }
        }
        guard !isPlain else { return text }
        return "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}
