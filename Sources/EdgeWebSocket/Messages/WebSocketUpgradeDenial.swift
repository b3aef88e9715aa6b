/// A server's refusal of a WebSocket, as its client sees it.
package struct WebSocketUpgradeDenial: Sendable, Hashable {
    /// The status of the answer.
    package let status: Int
    /// After how many seconds to come back, where the server says so.
    package let retryAfter: Int?
    /// The beginning of the answer's body, as text.
    package let body: String

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - status: the status of the answer.
    ///   - retryAfter: after how many seconds to come back.
    ///   - body: the beginning of the answer's body.
    package init(status: Int, retryAfter: Int?, body: String) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}
