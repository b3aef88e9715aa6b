import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite
struct TLSHandoverTests {
    /// A channel that reads by itself, as an active one does here, or only when it is asked to.
    private func channel(_ handler: TLSServerHandler, readsByItself: Bool) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        if readsByItself { channel.connect(to: try SocketAddress(unixDomainSocketPath: "/local"), promise: nil) }
        try channel.pipeline.syncOperations.addHandler(handler)
        return channel
    }

    private func inbound(_ channel: EmbeddedChannel) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readInbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
        return bytes
    }

    @Test
    func whatWasDecryptedBeforeComesFirst() throws {
        let pair = try EnginePair()
        try pair.handshake()
        let handler = TLSServerHandler(engine: pair.server, initialPlaintext: ByteBuffer(bytes: [1, 2]))
        let channel = try self.channel(handler, readsByItself: true)
        defer { _ = try? channel.finish() }
        try channel.writeInbound(ByteBuffer(bytes: try pair.client.send([3])))
        #expect(try self.inbound(channel).isEmpty)
        channel.embeddedEventLoop.run()
        #expect(try self.inbound(channel) == [1, 2, 3])
        try channel.writeInbound(ByteBuffer(bytes: try pair.client.send([4])))
        #expect(try self.inbound(channel) == [4])
    }

    @Test
    func plaintextIsHeldUntilThePipelineBehindReads() throws {
        let pair = try EnginePair()
        try pair.handshake()
        let handler = TLSServerHandler(engine: pair.server, initialPlaintext: ByteBuffer(bytes: [1, 2]))
        let channel = try self.channel(handler, readsByItself: false)
        defer { _ = try? channel.finish() }
        pair.client.shutdown()
        try channel.writeInbound(ByteBuffer(bytes: pair.client.takePendingOutput()))
        channel.embeddedEventLoop.run()
        #expect(try self.inbound(channel).isEmpty)
        channel.read()
        channel.embeddedEventLoop.run()
        #expect(try self.inbound(channel) == [1, 2])
    }

    @Test
    func anEngineThatWasHandedOverAnswers() throws {
        let pair = try EnginePair()
        try pair.handshake()
        let channel = try self.channel(TLSServerHandler(engine: pair.server), readsByItself: true)
        defer { _ = try? channel.finish() }
        channel.writeAndFlush(ByteBuffer(bytes: [8]), promise: nil)
        let bytes = try channel.readOutbound(as: ByteBuffer.self).map { Array($0.readableBytesView) } ?? []
        #expect(pair.client.receive(bytes).plaintext == [8])
    }
}
