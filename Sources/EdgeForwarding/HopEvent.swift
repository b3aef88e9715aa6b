import EdgeTypes
import NIOCore

/// What travels between the loop of a visitor and the loop of its tunnel, in one ordered queue a direction.
enum HopEvent: Sendable {
    /// Bytes for the other side.
    case bytes(ByteBuffer)
    /// So many bytes have been taken: as many more may come.
    case taken(Int)
    /// Nothing more will be sent this way.
    case end
    /// Both directions end after what was sent.
    case finish(CloseReason)
    /// The stream ends at once.
    case reset(CloseReason)
    /// The visitor is gone.
    case gone(wasReset: Bool)
    /// The visitor takes more, or takes no more.
    case writable(Bool)
}
