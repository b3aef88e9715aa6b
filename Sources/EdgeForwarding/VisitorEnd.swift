import EdgeChannels
package import EdgeTypes
package import NIOCore

/// The one kind of stream end that carriers are specialised with: a channel on the tunnel's loop, or one on another.
package enum VisitorEnd: StreamEnd {
    /// A visitor's or a service's channel on the tunnel's loop.
    case channel(ForwardingHandler)
    /// A visitor's channel on another loop.
    case hopping(HoppingEnd)

    /// Bytes that the peer's socket has taken so far; not known of a channel on another loop.
    package var taken: Int? {
        switch self {
        case .channel(let handler): handler.taken
        case .hopping(let end): end.taken
        }
    }

    /// Takes bytes for the peer without sending them yet.
    ///
    /// - Parameter bytes: a slice of the carrier's buffer.
    package func deliver(_ bytes: ByteBuffer) {
        switch self {
        case .channel(let handler): handler.deliver(bytes)
        case .hopping(let end): end.deliver(bytes)
        }
    }

    /// Sends what was delivered.
    package func flush() {
        switch self {
        case .channel(let handler): handler.flush()
        case .hopping(let end): end.flush()
        }
    }

    /// Says that nothing more will be delivered.
    package func endOutput() {
        switch self {
        case .channel(let handler): handler.endOutput()
        case .hopping(let end): end.endOutput()
        }
    }

    /// Ends both directions after what was delivered.
    ///
    /// - Parameter reason: why.
    package func finish(_ reason: CloseReason) {
        switch self {
        case .channel(let handler): handler.finish(reason)
        case .hopping(let end): end.finish(reason)
        }
    }

    /// Closes at once with a reset.
    ///
    /// - Parameter reason: why.
    package func reset(_ reason: CloseReason) {
        switch self {
        case .channel(let handler): handler.reset(reason)
        case .hopping(let end): end.reset(reason)
        }
    }

    /// Lets reading go on.
    package func resumeReading() {
        switch self {
        case .channel(let handler): handler.resumeReading()
        case .hopping(let end): end.resumeReading()
        }
    }
}
