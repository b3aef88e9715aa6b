import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("What was delivered leaves before a channel closes")
struct DrainTests {
    private let loop = EmbeddedEventLoop()

    /// A channel that takes nothing for now, with an answer delivered.
    private func slow(_ settings: ForwardingSettings = ForwardingSettings()) throws -> ForwardedChannel {
        let visitor = try ForwardedChannel(loop: self.loop, settings: settings)
        visitor.valve.isShut = true
        visitor.handler.deliver(ByteBuffer(bytes: pattern(1000)))
        visitor.handler.flush()
        return visitor
    }

    @Test
    func aFinishedChannelEndsItsOutputAfterTheLastByte() throws {
        let visitor = try self.slow()
        visitor.handler.finish(.tunnelClosed)
        #expect(visitor.valve.closes.isEmpty && visitor.isOpen)
        #expect(visitor.meters.raw.sent == 0 && visitor.meters.payload.sent == 1000)
        visitor.valve.isShut = false
        #expect(try visitor.sent() == pattern(1000))
        #expect(visitor.valve.closes == [.output] && visitor.isOpen)
        #expect(visitor.meters.raw.sent == 1000)
        visitor.receiveEnd()
        #expect(!visitor.isOpen)
        #expect(visitor.closed == [.tunnelClosed])
    }

    @Test
    func anEndedOutputLeavesThePeerItsVoice() throws {
        let visitor = try self.slow()
        let upstream = try ForwardedChannel(loop: self.loop)
        ForwardedChannel.spliced(visitor, upstream)
        visitor.handler.endOutput()
        #expect(visitor.valve.closes.isEmpty)
        visitor.receive([1])
        visitor.valve.isShut = false
        #expect(visitor.valve.closes == [.output])
        visitor.receive([2])
        #expect(try upstream.sent() == [1, 2])
        visitor.handler.deliver(ByteBuffer(bytes: [3]))
        visitor.handler.flush()
        #expect(try visitor.sent() == pattern(1000), "nothing follows an end")
        visitor.receiveEnd()
        #expect(!visitor.isOpen)
        #expect(upstream.valve.closes == [.output])
    }

    @Test
    func aPeerThatEndedFirstIsClosedAfterTheLastByte() throws {
        let visitor = try self.slow()
        visitor.receiveEnd()
        visitor.handler.finish(.upstreamClosed)
        #expect(visitor.isOpen)
        visitor.valve.isShut = false
        #expect(try visitor.sent() == pattern(1000))
        #expect(!visitor.isOpen)
        #expect(visitor.closed == [.upstreamClosed])
    }

    @Test
    func aPeerThatSpeaksOnIsReadAwayForAWhileAndThenClosed() throws {
        var settings = ForwardingSettings()
        settings.linger = .seconds(3)
        let visitor = try self.slow(settings)
        visitor.valve.isShut = false
        visitor.handler.finish(.upstreamClosed)
        visitor.receive(pattern(100))
        self.loop.advanceTime(by: .milliseconds(2999))
        #expect(visitor.isOpen)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(!visitor.isOpen)
        #expect(visitor.closed == [.upstreamClosed])
        #expect(visitor.meters.raw.received == 100 && visitor.meters.payload.received == 0)
    }

    @Test
    func aPeerThatSpeaksTooMuchIsClosedBefore() throws {
        var settings = ForwardingSettings()
        settings.lingerBytes = 1000
        let visitor = try self.slow(settings)
        visitor.valve.isShut = false
        visitor.handler.finish(.upstreamClosed)
        visitor.receive(pattern(1000))
        #expect(visitor.isOpen)
        visitor.receive([1])
        #expect(!visitor.isOpen)
    }

    @Test
    func aPeerThatSpeaksOnDoesNotCutItsAnswerShort() throws {
        let visitor = try self.slow()
        visitor.handler.finish(.upstreamClosed)
        let reads = visitor.valve.reads
        visitor.receive(pattern(200_000))
        visitor.receive(pattern(200_000))
        #expect(visitor.isOpen)
        #expect(visitor.valve.reads == reads, "what nobody takes stays in the socket while the answer waits")
        visitor.valve.isShut = false
        #expect(try visitor.sent() == pattern(1000))
        #expect(visitor.valve.closes.first == .output)
    }

    @Test
    func aPeerWhoseRequestIsNotReadOnIsReadAwayAfterItsAnswer() throws {
        let preamble = Preamble(skip: 2, replacement: ByteBuffer(bytes: [7]))
        let visitor = try ForwardedChannel(loop: self.loop, preamble: preamble)
        visitor.receive([1, 2])
        let reads = visitor.valve.reads
        visitor.handler.deliver(ByteBuffer(bytes: [8]))
        visitor.handler.finish(.upstreamClosed)
        #expect(try visitor.sent() == [8])
        #expect(visitor.valve.reads == reads + 1)
        visitor.receive([3])
        #expect(visitor.isOpen)
        visitor.receiveEnd()
        #expect(!visitor.isOpen)
    }
}
