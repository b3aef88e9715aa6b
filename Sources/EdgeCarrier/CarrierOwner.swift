package import EdgeChannels
package import EdgeTunnel
package import EdgeTypes

/// What a carrier tells and asks its maker, on the carrier's loop.
///
/// Off the path of bytes, so an existential is allowed.
package protocol CarrierOwner: AnyObject {
    /// The peer opened a stream.
    ///
    /// - Parameters:
    ///   - stream: the stream; its end is not set yet.
    ///   - header: the packet that opened it: service, port and name as the peer says.
    /// - Returns: an end that takes bytes at once (it queues while it dials), or nil to refuse the stream.
    func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)?

    /// The peer sent a control message.
    ///
    /// - Parameter message: what it said.
    func controlReceived(_ message: ControlMessage)

    /// The tunnel is over; its streams have been told.
    ///
    /// - Parameter reason: why.
    func carrierEnded(_ reason: CloseReason)
}
