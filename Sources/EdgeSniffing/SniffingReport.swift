import EdgeTypes

/// What the sniffer found, as text: one line of JSON for programs, one for people.
package struct SniffingReport: Sendable {
    /// One line of JSON, without a line end.
    package let json: String
    /// One line for people, without a line end.
    package let line: String

    /// Describes a detection.
    ///
    /// - Parameter detection: what was detected.
    package init(_ detection: Detection) {
        var object = JSONLine()
        switch detection {
        case .tls(let hello):
            object.add("protocol", "tls")
            object.add("sni", hello.serverName?.text ?? hello.rawServerName)
            object.add("alpn", hello.applicationProtocols)
            object.add("versions", hello.versions.map(Self.name(ofVersion:)))
            object.add("grease", hello.hasGREASE)
            object.add("pq", hello.hasPostQuantumKeyShare)
            object.add("ech", hello.hasEncryptedClientHello)
            object.add("records", hello.recordCount)
            object.add("bytes", hello.length)
            self.line = Self.line(for: hello)
        case .http(let preface):
            object.add("protocol", detection.applicationProtocol.rawValue)
            object.add("host", preface.host?.text ?? preface.rawHost)
            object.add("method", preface.method)
            object.add("target", preface.target)
            object.add("version", "1.\(preface.minorVersion)")
            object.add("acme", preface.isACMEChallenge)
            object.add("bytes", preface.headLength)
            self.line = Self.line(for: preface)
        case .http2Preface:
            object.add("protocol", "http2")
            object.add("bytes", 24)
            self.line = "HTTP/2 with prior knowledge"
        case .ssh(let banner):
            object.add("protocol", "ssh")
            object.add("version", banner.protocolVersion)
            object.add("banner", banner.text)
            self.line = "SSH \(banner.protocolVersion): \(Self.printable(banner.text))"
        case .obsoleteTLS(let hello):
            object.add("protocol", "obsolete_tls")
            object.add("framing", hello.framing == .ssl2 ? "ssl2" : "records")
            object.add("versions", [Self.name(ofVersion: hello.version)])
            self.line = "obsolete: \(Self.name(ofVersion: hello.version))"
        case .opaque:
            object.add("protocol", "opaque")
            self.line = "opaque"
        }
        self.json = object.text
    }

    /// Describes a refusal.
    ///
    /// - Parameter error: why the bytes are refused.
    package init(_ error: SniffingError) {
        var object = JSONLine()
        object.add("error", error.closeReason.rawValue)
        object.add("detail", error.description)
        if let statusCode = error.statusCode { object.add("status", statusCode) }
        if let alert = error.alert { object.add("alert", Int(alert.rawValue)) }
        self.json = object.text
        self.line = "refused: \(error.description)"
    }

    /// How people call a version: `1.3`; `ssl3`; the number in hexadecimal where it has no name.
    private static func name(ofVersion version: UInt16) -> String {
        switch version {
        case 0x0002: "ssl2"
        case 0x0300: "ssl3"
        case 0x0301: "1.0"
        case 0x0302: "1.1"
        case 0x0303: "1.2"
        case 0x0304: "1.3"
        default: "0x" + String(version, radix: 16)
        }
    }

    private static func line(for hello: ClientHello) -> String {
        var parts = ["TLS"]
        if let name = hello.serverName {
            parts.append("for \(name)")
        } else if let name = hello.rawServerName {
            parts.append("for the invalid name \(Self.printable(name))")
        } else {
            parts.append("without a server name")
        }
        if !hello.applicationProtocols.isEmpty {
            parts.append("alpn " + hello.applicationProtocols.map(Self.printable).joined(separator: ","))
        }
        parts.append("versions " + hello.versions.map(Self.name(ofVersion:)).joined(separator: ","))
        if hello.hasGREASE { parts.append("grease") }
        if hello.hasPostQuantumKeyShare { parts.append("post-quantum") }
        if hello.hasEncryptedClientHello { parts.append("encrypted hello") }
        let records = hello.recordCount == 1 ? "1 record" : "\(hello.recordCount) records"
        parts.append("\(hello.length) bytes in \(records)")
        return parts.joined(separator: ", ")
    }

    private static func line(for preface: HTTPPreface) -> String {
        var parts = ["HTTP/1.\(preface.minorVersion) \(preface.method) \(Self.printable(preface.target))"]
        if let host = preface.host {
            parts.append("for \(host)")
        } else if let host = preface.rawHost {
            parts.append("for the invalid name \(Self.printable(host))")
        } else {
            parts.append("without a host")
        }
        if preface.isWebSocketUpgrade { parts.append("asks for a WebSocket") }
        if preface.isACMEChallenge { parts.append("asks for an ACME challenge") }
        parts.append("\(preface.headLength) bytes")
        return parts.joined(separator: ", ")
    }

    /// Text from a peer on a terminal: what is no printable ASCII is escaped.
    private static func printable(_ text: String) -> String {
        text.unicodeScalars.map { $0.value >= 0x20 && $0.value < 0x7F ? String($0) : $0.escaped(asASCII: true) }
            .joined()
    }
}
