package import EdgeCarrier
import EdgeTypes
import NIOCore

/// What a visitor's or a service's channel writes to.
package enum FarSide {
    /// Nothing yet, or nothing any more.
    case nothing
    /// A stream of a tunnel on the same loop.
    case stream(CarrierStream)
    /// Another channel on the same loop: a fixed upstream.
    case splice(ForwardingHandler)
    /// A stream of a tunnel on another loop.
    case hop(HoppingFarSide)

    /// Whether the channel may be read now.
    var acceptsInput: Bool {
        switch self {
        case .nothing: false
        case .stream(let stream): stream.acceptsInput
        case .splice(let handler): handler.isWritable
        case .hop(let hop): hop.acceptsInput
        }
    }

    /// Remembers that the channel is ready to be read and was refused.
    func waitForTurn() {
        switch self {
        case .nothing, .splice: break
        case .stream(let stream): stream.waitForTurn()
        case .hop(let hop): hop.waitForTurn()
        }
    }

    /// Sends what the channel read.
    ///
    /// - Parameter buffer: unique, with headroom; changed in place where that saves a copy.
    func send(_ buffer: inout ByteBuffer) {
        switch self {
        case .nothing: break
        case .stream(let stream): stream.send(&buffer)
        case .splice(let handler):
            handler.deliver(buffer)
            handler.flush()
        case .hop(let hop): hop.send(buffer)
        }
    }

    /// Says that the channel's peer will send no more.
    func inputEnded() {
        switch self {
        case .nothing: break
        case .stream(let stream): stream.localEnded()
        case .splice(let handler): handler.endOutput()
        case .hop(let hop): hop.inputEnded()
        }
    }

    /// Says that the channel is gone.
    ///
    /// - Parameter wasReset: whether it ended by a reset or an error.
    func gone(wasReset: Bool) {
        switch self {
        case .nothing: break
        case .stream(let stream): stream.localGone(wasReset: wasReset)
        case .splice(let handler): wasReset ? handler.reset(.downstreamReset) : handler.finish(.downstreamClosed)
        case .hop(let hop): hop.gone(wasReset: wasReset)
        }
    }

    /// Says whether the channel takes more.
    ///
    /// - Parameter isWritable: whether it does.
    func writabilityChanged(_ isWritable: Bool) {
        switch self {
        case .nothing: break
        case .stream(let stream): stream.localWritabilityChanged(isWritable)
        case .splice(let handler): if isWritable { handler.resumeReading() }
        case .hop(let hop): hop.writabilityChanged(isWritable)
        }
    }
}

extension FarSide {
    /// Tells the far side that the channel was closed by the relay.
    package func abandon() {
        self.gone(wasReset: true)
    }
}
