import EdgeCarrier
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("A forwarded channel without TLS")
struct ForwardingHandlerTests {
    @Test
    func bytesGoBothWaysBetweenSplicedChannelsAndAreCounted() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        let question = pattern(70_000)
        let answer = pattern(200_001, seed: 7)
        visitor.receive(question)
        upstream.receive(answer)
        #expect(try upstream.sent() == question)
        #expect(try visitor.sent() == answer)
        #expect(visitor.meters.raw.received == 70_000 && visitor.meters.raw.sent == 200_001)
        #expect(visitor.meters.payload.received == 70_000 && visitor.meters.payload.sent == 200_001)
        #expect(upstream.meters.raw.received == 200_001 && upstream.meters.raw.sent == 70_000)
        #expect(visitor.isOpen && upstream.isOpen)
    }

    @Test
    func aChannelIsNotReadWhileItsFarSideTakesNoMore() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        visitor.receive([1])
        let reads = visitor.valve.reads
        #expect(reads > 0)
        upstream.setWritable(false)
        visitor.receive([2])
        #expect(visitor.valve.reads == reads)
        upstream.setWritable(true)
        #expect(visitor.valve.reads == reads + 1)
        #expect(try upstream.sent() == [1, 2])
    }

    @Test
    func whatIsDeliveredWhileItIsDialledWaitsAndLeavesInOrder() throws {
        var settings = ForwardingSettings()
        settings.highMark = 100
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel(settings: settings, isDialing: true)
        ForwardedChannel.spliced(visitor, upstream)
        visitor.receive(pattern(60))
        #expect(upstream.handler.isWritable)
        let reads = visitor.valve.reads
        visitor.receive(pattern(60, seed: 60))
        #expect(!upstream.handler.isWritable)
        #expect(visitor.valve.reads == reads, "the visitor is held while too much waits")
        #expect(upstream.meters.payload.sent == 0)
        try upstream.dialled()
        #expect(try upstream.sent() == pattern(60) + pattern(60, seed: 60))
        #expect(upstream.handler.isWritable)
        #expect(visitor.valve.reads == reads + 1)
        #expect(upstream.meters.payload.sent == 120 && upstream.meters.raw.sent == 120)
    }

    @Test(arguments: [false, true])
    func whatWaitsForADialIsCountedAndGivenBack(succeeds: Bool) throws {
        let budget = MemoryBudget(limit: 1000)
        var settings = ForwardingSettings()
        settings.budget = budget
        let upstream = try ForwardedChannel(settings: settings, isDialing: true)
        upstream.handler.deliver(ByteBuffer(bytes: pattern(300)))
        upstream.handler.deliver(ByteBuffer(bytes: pattern(200)))
        #expect(budget.waiting == 500)
        if succeeds {
            try upstream.dialled()
            #expect(try upstream.sent().count == 500)
        } else {
            upstream.handler.dialFailed(.connectFailed)
        }
        #expect(budget.waiting == 0)
    }

    @Test
    func anEndThatWasToldWhileItIsDialledComesAfterWhatWaits() throws {
        let upstream = try ForwardedChannel(isDialing: true)
        upstream.handler.deliver(ByteBuffer(bytes: [1, 2, 3]))
        upstream.handler.endOutput()
        #expect(upstream.valve.closes.isEmpty)
        try upstream.dialled()
        #expect(try upstream.sent() == [1, 2, 3])
        #expect(upstream.valve.closes == [.output])
        #expect(upstream.isOpen)
    }

    @Test
    func aFailedDialResetsTheFarSideAndIsToldOnce() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel(isDialing: true)
        ForwardedChannel.spliced(visitor, upstream)
        visitor.receive([1])
        upstream.handler.dialFailed(.connectFailed)
        upstream.handler.dialFailed(.connectTimeout)
        #expect(upstream.closed == [.connectFailed])
        #expect(!visitor.isOpen)
        #expect(visitor.closed == [.downstreamReset])
        #expect(visitor.valve.closes == [.all])
    }

    @Test
    func aChannelThatIsDialledForNobodyIsClosedAtOnce() throws {
        let upstream = try ForwardedChannel(isDialing: true)
        upstream.handler.deliver(ByteBuffer(bytes: [1, 2, 3]))
        upstream.handler.reset(.upstreamReset)
        #expect(upstream.closed == [.upstreamReset])
        try upstream.channel.pipeline.syncOperations.addHandler(upstream.handler)
        #expect(upstream.valve.closes == [.all])
        #expect(try upstream.sent().isEmpty)
    }

    @Test
    func aResetClosesAtOnceAndTellsTheOwnerWhy() throws {
        let visitor = try ForwardedChannel()
        visitor.valve.isShut = true
        visitor.handler.deliver(ByteBuffer(bytes: [1]))
        visitor.handler.flush()
        visitor.handler.reset(.stalled)
        #expect(!visitor.isOpen)
        #expect(visitor.closed == [.stalled])
        #expect(visitor.valve.closes == [.all])
    }

    @Test
    func anErrorOfTheSocketIsAResetForTheFarSide() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        visitor.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "reset"))
        #expect(visitor.closed == [.downstreamReset])
        #expect(upstream.closed == [.downstreamReset])
        #expect(!visitor.isOpen && !upstream.isOpen)
    }

    @Test
    func aPeerThatIsGoneWithoutAnErrorFinishesTheFarSide() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        visitor.receive([1, 2])
        try visitor.channel.close().wait()
        #expect(visitor.closed == [.downstreamClosed])
        #expect(try upstream.sent() == [1, 2])
        #expect(upstream.valve.closes == [.output])
        #expect(upstream.isOpen, "it lingers")
        upstream.receiveEnd()
        #expect(!upstream.isOpen)
        #expect(upstream.closed == [.downstreamClosed])
    }

    @Test
    func eachHalfEndsByItselfAndTheChannelWithTheSecond() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        visitor.receive([1])
        visitor.receiveEnd()
        #expect(upstream.valve.closes == [.output])
        #expect(visitor.isOpen && upstream.isOpen)
        upstream.receive([2])
        #expect(try visitor.sent() == [2])
        upstream.receiveEnd()
        #expect(try upstream.sent() == [1])
        #expect(!visitor.isOpen && !upstream.isOpen)
        #expect(visitor.closed.count == 1 && upstream.closed.count == 1)
    }

    @Test(arguments: [true, false])
    func aPreambleTakesThePlaceOfTheFirstBytesAndNothingComesAfterIt(isCut: Bool) throws {
        let preamble = Preamble(skip: 10, replacement: ByteBuffer(bytes: [9, 9, 9]))
        let visitor = try ForwardedChannel(preamble: preamble)
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        if isCut {
            for byte in pattern(9) { visitor.receive([byte]) }
            #expect(try upstream.sent().isEmpty)
            visitor.receive([0xAA, 0xBB])
        } else {
            visitor.receive(pattern(12))
        }
        #expect(try upstream.sent() == [9, 9, 9])
        let reads = visitor.valve.reads
        visitor.channel.read()
        #expect(visitor.valve.reads == reads)
        // What waits in the socket comes with the end of the peer's input.
        visitor.channel.pipeline.fireChannelRead(ByteBuffer(bytes: pattern(500)))
        visitor.channel.pipeline.fireChannelReadComplete()
        visitor.receiveEnd()
        #expect(try upstream.sent().isEmpty)
        #expect(visitor.meters.payload.received == 3)
        #expect(upstream.valve.closes.isEmpty, "no end is told before the service has ended")
        upstream.receive([4])
        #expect(try visitor.sent() == [4])
        upstream.receiveEnd()
        #expect(!visitor.isOpen)
        #expect(!upstream.isOpen)
    }

    @Test
    func thePlaintextThatWasCollectedBeforeGoesFirst() throws {
        let visitor = try ForwardedChannel()
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        visitor.handler.start(plaintext: ByteBuffer(bytes: pattern(100_000)))
        visitor.receive([5])
        #expect(try upstream.sent() == pattern(100_000) + [5])
        #expect(visitor.meters.payload.received == 100_001)
        #expect(visitor.meters.raw.received == 1)
    }
}
