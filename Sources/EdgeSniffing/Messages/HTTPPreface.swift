package import EdgeTypes

/// The head of an HTTP/1.x request, as far as routing needs it (RFC 9112 §3).
package struct HTTPPreface: Equatable, Sendable {
    /// The method, as sent.
    package var method: String
    /// The request target for the log: values of the query that look like secrets are dots.
    package var target: String
    /// The path without the query; `*` and the authority form stand as they are.
    package var path: String
    /// The name asked for: from an absolute target (RFC 9112 §3.2.2), else from the Host field; without its port.
    package var host: Hostname?
    /// The name as it was sent, for the log, when it is no valid one.
    package var rawHost: String?
    /// Whether the request asks for a WebSocket (RFC 6455 §4.2.1).
    package var isWebSocketUpgrade: Bool
    /// Whether the request fetches the answer to an ACME challenge (RFC 8555 §8.3).
    package var isACMEChallenge: Bool
    /// The digit behind `HTTP/1.`.
    package var minorVersion: Int
    /// Whether the Accept field names `application/json`.
    package var wantsJSON: Bool
    /// The bytes up to and including the blank line.
    package var headLength: Int

    /// Creates a description of a request head.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: the request target, without secrets.
    ///   - path: the path without the query.
    ///   - host: the name asked for.
    ///   - rawHost: the name as it was sent, when it is no valid one.
    ///   - isWebSocketUpgrade: whether the request asks for a WebSocket.
    ///   - isACMEChallenge: whether the request fetches the answer to an ACME challenge.
    ///   - minorVersion: the digit behind `HTTP/1.`.
    ///   - wantsJSON: whether the Accept field names `application/json`.
    ///   - headLength: the bytes up to and including the blank line.
    package init(
        method: String,
        target: String,
        path: String,
        host: Hostname? = nil,
        rawHost: String? = nil,
        isWebSocketUpgrade: Bool = false,
        isACMEChallenge: Bool = false,
        minorVersion: Int = 1,
        wantsJSON: Bool = false,
        headLength: Int = 0
    ) {
        self.method = method
        self.target = target
        self.path = path
        self.host = host
        self.rawHost = rawHost
        self.isWebSocketUpgrade = isWebSocketUpgrade
        self.isACMEChallenge = isACMEChallenge
        self.minorVersion = minorVersion
        self.wantsJSON = wantsJSON
        self.headLength = headLength
    }
}
