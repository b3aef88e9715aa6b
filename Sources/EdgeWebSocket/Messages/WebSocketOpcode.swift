/// What a frame carries (RFC 6455 §5.2).
package enum WebSocketOpcode: UInt8, Sendable, Hashable, CaseIterable {
    /// The next part of a fragmented message.
    case continuation = 0x0
    /// A message of text, or its first part.
    case text = 0x1
    /// A message of bytes, or its first part.
    case binary = 0x2
    /// The sender will send no more.
    case close = 0x8
    /// The receiver is to answer with a pong.
    case ping = 0x9
    /// The answer to a ping, or a sign of life.
    case pong = 0xA

    /// Whether the frame may stand between the parts of a message (RFC 6455 §5.5).
    package var isControl: Bool { self.rawValue & 0x8 != 0 }
}
