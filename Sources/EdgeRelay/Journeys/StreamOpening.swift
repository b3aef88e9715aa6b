import EdgeCarrier
import EdgeForwarding
import EdgeSystem
import EdgeTunnel
import EdgeTypes
import Logging
import NIOCore

/// Opens a visitor's stream: in the tunnel that was chosen, or in another one where that has gone meanwhile.
struct StreamOpening: Sendable {
    let rooms: RelayRooms
    let connection: ArrivedConnection
    let id: ConnectionID
    /// What the visitor asked for.
    let target: StreamTarget
    /// What the client is told that the visitor speaks.
    let service: TunnelService

    /// Joins a visitor's handler to a stream.
    ///
    /// - Parameters:
    ///   - handler: the visitor's handler.
    ///   - member: the tunnel that was chosen.
    ///   - loop: the visitor's loop, which is this one.
    /// - Returns: the tunnel that serves it, or nil where none takes the stream.
    func join(_ handler: ForwardingHandler, to member: TunnelMember, on loop: any EventLoop) -> TunnelMember? {
        if self.tried(handler, member, on: loop) { return member }
        // It left between the choice and now; the client that took its place serves the visitor.
        guard let other = self.target.choose(self.rooms, self.connection.plan), other !== member else { return nil }
        return self.tried(handler, other, on: loop) ? other : nil
    }

    private func tried(_ handler: ForwardingHandler, _ member: TunnelMember, on loop: any EventLoop) -> Bool {
        guard member.loop.eventLoop === loop else {
            let opening = self
            HoppingFarSide.join(handler, on: loop, to: member.loop.eventLoop) { opening.stream(in: member) }
            return true
        }
        guard let stream = self.stream(in: member) else { return false }
        handler.far = .stream(stream)
        stream.attach(handler)
        return true
    }

    private func stream(in member: TunnelMember) -> CarrierStream? {
        let stream = member.openStream(self.connection, service: self.service, name: self.target.name)
        guard let stream else { return nil }
        // The client may know the visitor by another port: the true one stands here.
        self.rooms.logger.debug(
            "stream opened",
            metadata: [
                "edge.connection": "\(self.id)", "edge.peer": "\(self.connection.arrival.peer)",
                "edge.tunnel": "\(member.id)", "edge.stream": "\(stream.id)",
                "edge.name": "\(self.target.name?.text ?? "-")",
            ]
        )
        return stream
    }
}
