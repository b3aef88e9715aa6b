import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTLS
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("A forwarded channel where TLS ends")
struct TerminationTests {
    /// A channel with TLS, the engine of its peer, and the channel that it is spliced to.
    private func make() throws -> (visitor: ForwardedChannel, peer: TLSEngine, upstream: ForwardedChannel) {
        let engines = try TestEngines.open()
        let visitor = try ForwardedChannel(engine: engines.server)
        let upstream = try ForwardedChannel()
        ForwardedChannel.spliced(visitor, upstream)
        return (visitor, engines.client, upstream)
    }

    @Test(arguments: [1, 100, 16_384, .max])
    func plaintextOfEveryCutReachesTheFarSide(cut: Int) throws {
        let (visitor, peer, upstream) = try self.make()
        let records = try peer.sealed(pattern(40_000))
        var rest = records[...]
        while !rest.isEmpty {
            visitor.receive(Array(rest.prefix(cut)))
            rest = rest.dropFirst(cut)
        }
        #expect(try upstream.sent() == pattern(40_000))
        #expect(visitor.meters.raw.received == records.count)
        #expect(visitor.meters.payload.received == 40_000)
    }

    @Test
    func whatTheFarSideSaysIsEncryptedOnceAFlush() throws {
        let (visitor, peer, upstream) = try self.make()
        upstream.receive(pattern(100_000))
        upstream.receive([1, 2, 3])
        let sent = try visitor.sent()
        #expect(peer.opened(sent).plaintext == pattern(100_000) + [1, 2, 3])
        #expect(visitor.meters.payload.sent == 100_003)
        #expect(visitor.meters.raw.sent == sent.count)
    }

    @Test
    func anEndOfTheFarSideIsACloseNotifyAndAnEnd() throws {
        let (visitor, peer, upstream) = try self.make()
        upstream.receive([1])
        upstream.receiveEnd()
        let received = peer.opened(try visitor.sent())
        #expect(received.plaintext == [1] && received.outcome == .closed)
        #expect(visitor.valve.closes == [.output] && visitor.isOpen)
        visitor.receive(try peer.sealed([2]))
        #expect(try upstream.sent() == [2])
    }

    @Test
    func aCloseNotifyIsAnEndAndTheSocketsEndAfterItIsNone() throws {
        let (visitor, peer, upstream) = try self.make()
        peer.shutdown()
        visitor.receive(peer.takePendingOutput())
        #expect(upstream.valve.closes == [.output])
        visitor.receiveEnd()
        #expect(visitor.isOpen, "the answer may still come")
        upstream.receive([1])
        upstream.receiveEnd()
        #expect(peer.opened(try visitor.sent()).plaintext == [1])
        #expect(!visitor.isOpen && visitor.closed.count == 1)
        #expect(visitor.closed != [.truncated])
    }

    @Test
    func anEndWithoutACloseNotifyIsATruncationAndAResetForTheFarSide() throws {
        let (visitor, peer, upstream) = try self.make()
        visitor.receive(try peer.sealed([1]))
        visitor.receiveEnd()
        #expect(visitor.closed == [.truncated] && !visitor.isOpen)
        #expect(upstream.closed == [.downstreamReset])
    }

    @Test
    func bytesThatAreNoRecordFailWithAnAlert() throws {
        let (visitor, peer, upstream) = try self.make()
        visitor.receive(Array(repeating: 0x47, count: 50))
        #expect(visitor.closed == [.tlsFailed] && !visitor.isOpen)
        #expect(upstream.closed == [.downstreamReset])
        guard case .failed = peer.opened(try visitor.sent()).outcome else {
            Issue.record("the peer is told by an alert")
            return
        }
    }
}
