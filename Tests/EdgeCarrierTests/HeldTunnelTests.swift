import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Testing

@Suite("Tunnels that are held for a slow local side")
struct HeldTunnelTests {
    private let loop = EmbeddedEventLoop()

    /// A relay's side whose tunnel is held by the least that is delivered to a local side that takes no more.
    private func relay(streams: Int) throws -> (side: CarrierSide, [(CarrierStream, RecordingEnd)]) {
        let side = try CarrierSide(.relay, profile: .telebitGo, loop: self.loop) {
            $0.ping = .seconds(1000)
            $0.hold = .seconds(5)
            $0.tunnelBuffer = 0
        }
        let opened = try (0..<streams).map { number in
            let (stream, end) = try side.open(number)
            stream.send(bytes: [1])
            return (stream, end)
        }
        _ = try side.sent()
        return (side, opened)
    }

    /// Whether a wish to read reaches the socket.
    private func isRead(_ side: CarrierSide) -> Bool {
        let reads = side.valve.reads
        side.channel.read()
        return side.valve.reads > reads
    }

    @Test
    func aVisitorThatTakesNothingIsGivenUpForItsSiblings() throws {
        let (side, streams) = try self.relay(streams: 2)
        streams[0].0.localWritabilityChanged(false)
        side.receive(.https, [2], number: 0)
        #expect(!self.isRead(side))
        self.loop.advanceTime(by: .seconds(5) - .milliseconds(20))
        #expect(streams[0].1.events.isEmpty)
        self.loop.advanceTime(by: .milliseconds(40))
        #expect(streams[0].1.events == [.reset(.stalled)] && streams[1].1.events.isEmpty)
        #expect(self.isRead(side))
    }

    @Test
    func aVisitorThatTakesALittleLetsTheTunnelGoOnALittle() throws {
        let (side, streams) = try self.relay(streams: 2)
        let (slow, end) = streams[0]
        slow.localWritabilityChanged(false)
        for round in 1...10 {
            side.receive(.https, pattern(CarrierSettings.heldStep * 2), number: 0)
            #expect(!self.isRead(side))
            self.loop.advanceTime(by: .seconds(4))
            end.taken = CarrierSettings.heldStep * (2 * round - 1)
            self.loop.advanceTime(by: .milliseconds(20))
            #expect(self.isRead(side))
            end.taken = CarrierSettings.heldStep * 2 * round
        }
        #expect(end.events.isEmpty)
    }

    @Test
    func aVisitorWithoutSiblingsHoldsNobodyUp() throws {
        let (side, streams) = try self.relay(streams: 1)
        streams[0].0.localWritabilityChanged(false)
        side.receive(.https, [2], number: 0)
        self.loop.advanceTime(by: .seconds(59))
        #expect(streams[0].1.events.isEmpty)
        let (_, newcomer) = try side.open(1)
        self.loop.advanceTime(by: .milliseconds(20))
        #expect(streams[0].1.events == [.reset(.stalled)] && newcomer.events.isEmpty)
    }

    @Test
    func whoHasTakenNothingForLongIsGivenUpAtTheFirstLook() throws {
        let (side, streams) = try self.relay(streams: 3)
        for (stream, _) in streams.prefix(2) { stream.localWritabilityChanged(false) }
        side.receive(.https, [2], number: 0)
        self.loop.advanceTime(by: .seconds(5) + .milliseconds(20))
        #expect(streams[0].1.events == [.reset(.stalled)] && streams[1].1.events.isEmpty)
        side.receive(.https, [2], number: 1)
        self.loop.advanceTime(by: .milliseconds(20))
        #expect(streams[1].1.events == [.reset(.stalled)] && streams[2].1.events.isEmpty)
        #expect(self.isRead(side))
    }

    @Test
    func whatIsNotKnownOnThisLoopWaitsForTheStall() throws {
        let (side, streams) = try self.relay(streams: 2)
        streams[0].1.taken = nil
        streams[0].0.localWritabilityChanged(false)
        side.receive(.https, [2], number: 0)
        self.loop.advanceTime(by: .seconds(59))
        #expect(streams[0].1.events.isEmpty)
        self.loop.advanceTime(by: .seconds(2))
        #expect(streams[0].1.events == [.reset(.stalled)])
    }

    @Test
    func aTunnelThatEndsWhileItIsHeldLooksNoMore() throws {
        let (side, streams) = try self.relay(streams: 2)
        streams[0].0.localWritabilityChanged(false)
        side.receive(.https, [2], number: 0)
        side.carrier.fail(.operatorRequest, code: .goingAway)
        self.loop.advanceTime(by: .seconds(61))
        #expect(streams.map(\.1.events) == [[.finished(.tunnelClosed)], [.finished(.tunnelClosed)]])
    }
}
