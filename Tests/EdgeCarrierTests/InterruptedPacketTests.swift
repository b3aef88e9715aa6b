import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Testing

@Suite("Tunnels that end in the middle of a packet")
struct InterruptedPacketTests {
    @Test(arguments: [CarrierSettings.Side.relay, .agent])
    func aTunnelThatEndsInAPacketIsLetGo(side: CarrierSettings.Side) throws {
        weak var carrier: TunnelCarrierHandler?
        weak var end: RecordingEnd?
        do {
            let tunnel = try CarrierSide(side)
            carrier = tunnel.carrier
            if side == .relay { end = try tunnel.open().end }
            tunnel.receive(packets: Array(tunnel.packet(.https, pattern(100)).dropLast()))
            if side == .agent { end = tunnel.owner.opened.first?.end }
            #expect(end?.delivered.count == 99 && tunnel.carrier.streamCount == 1)
            tunnel.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            #expect(tunnel.owner.ended == [.upstreamClosed] && tunnel.carrier.streamCount == 0)
        }
        #expect(carrier == nil && end == nil)
    }
}
