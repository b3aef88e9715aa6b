import EdgeSniffing
import EdgeTLS
import EdgeTypes
import NIOCore

/// A request whose `Host` is not one of the names for which TLS ended: 421 (RFC 9110 §15.5.20).
///
/// Looked at once, where TLS ends by server name: a client that reuses a connection for another certificate's name must
/// make a new one.
struct Misdirected {
    let connection: ArrivedConnection

    /// The answer to a connection's first plaintext, if it is for somebody else.
    ///
    /// - Parameter plaintext: what the visitor said first.
    /// - Returns: a page, or nil where the request is in its place or no whole head is there.
    func page(_ plaintext: ByteBuffer) -> HTTPPage? {
        guard let name = self.connection.facts.name,
            case .detected(.http(let preface))? = try? self.connection.plan.sniffer.sniff(
                plaintext.readableBytesSpan,
                ended: false
            ), let host = preface.host, host != name
        else { return nil }
        let certificates = self.connection.certificates
        guard certificates.context(for: host) !== certificates.context(for: name) else { return nil }
        return HTTPPage(
            status: 421,
            title: "Misdirected Request",
            text: "This connection is for \(name). Make a new one for \(host).",
            reason: .misdirected
        )
    }
}
