import EdgeCarrier
import EdgeChannels
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("A visitor who waits for the service to speak")
struct SilentVisitorTests {
    private static let banner = Array("SSH-2.0-device\r\n".utf8)

    @Test
    func itReadsTheServicesFirstWordsOverAHop() throws {
        let hop = try Hop()
        hop.join()
        hop.run()
        #expect(try hop.received().map(\.header.service) == [.connection])
        hop.send(.tcp, Self.banner)
        #expect(try hop.visitor.sent() == Self.banner)
        #expect(try hop.received().isEmpty && hop.visitor.meters.payload.received == 0)
    }

    @Test
    func itReadsTheServicesFirstWordsOnTheTunnelsOwnLoop() throws {
        let hop = try Hop()
        let visitor = try ForwardedChannel(loop: hop.tunnelLoop)
        let peer = PeerAddress(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711)
        let opened = hop.carrier.openStream(peer: peer, service: .tcp, servicePort: 5000, name: nil)
        let stream = try #require(opened)
        visitor.handler.far = .stream(stream)
        stream.attach(visitor.handler)
        hop.run()
        #expect(try hop.received().map(\.header.service) == [.connection])
        hop.send(.tcp, Self.banner)
        #expect(try visitor.sent() == Self.banner)
        #expect(visitor.meters.payload.received == 0 && visitor.isOpen)
    }
}
