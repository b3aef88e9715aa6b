/// What a decoder takes at most.
package struct WebSocketLimits: Sendable, Hashable {
    /// The longest payload of a control frame, in bytes (RFC 6455 §5.5).
    package static let control = 125

    /// The longest message, in bytes, its fragments together.
    package let message: Int

    /// Creates limits.
    ///
    /// - Parameter message: the longest message, in bytes; 16 MiB holds the longest packet that is taken, and nobody
    ///   is known to send more than 4 MiB.
    package init(message: Int = 16 << 20) {
        self.message = message
    }
}
