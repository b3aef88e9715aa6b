/// A client's request for a WebSocket (RFC 6455 §4.1), as far as a server needs it.
///
/// Its description leaves out what may hold a token.
package struct WebSocketUpgradeRequest: Sendable {
    /// The path, as it was sent.
    package let path: String
    /// The query's pairs, decoded, in their order.
    package let query: [(name: String, value: String)]
    /// The `Host` field: a name, with a port where it is not the usual one.
    package let host: String
    /// The `User-Agent` field.
    package let userAgent: String?
    /// The `Authorization` field, scheme and all.
    package let authorization: String?
    /// The `RVPN-Instance` field: what stays the same over a client's connections.
    package let instance: String?
    /// The `Sec-WebSocket-Key` field, which the answer is made of.
    package let key: String

    /// A value of the query.
    ///
    /// - Parameter name: its name, case counts.
    /// - Returns: the first value of that name; nil where there is none.
    package func value(of name: String) -> String? {
        self.query.first { $0.name == name }?.value
    }

    /// The credentials of the `Authorization` field.
    ///
    /// - Parameter scheme: in lower case, such as `bearer`.
    /// - Returns: what stands behind the scheme; nil where the scheme is another one.
    package func credentials(scheme: String) -> String? {
        guard let authorization, let space = authorization.firstIndex(of: " ") else { return nil }
        guard authorization[..<space].lowercased() == scheme else { return nil }
        let credentials = HTTPHead.trimmed(authorization[space...])
        return credentials.isEmpty ? nil : credentials
    }
}

extension WebSocketUpgradeRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Host, path and client; neither query nor credentials.
    package var description: String { "\(self.host)\(self.path) \(self.userAgent ?? "-")" }

    /// The same as the description.
    package var debugDescription: String { self.description }

    /// Host, path and client; neither query nor credentials.
    package var customMirror: Mirror {
        Mirror(self, children: ["host": self.host, "path": self.path, "userAgent": self.userAgent ?? "-"])
    }
}
