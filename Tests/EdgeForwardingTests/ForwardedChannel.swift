import EdgeChannels
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTLS
import EdgeTypes
import NIOCore
import NIOEmbedded

/// A channel with a forwarding handler, and what its peer sees.
final class ForwardedChannel {
    let channel: EmbeddedChannel
    let valve = Valve()
    let handler: ForwardingHandler
    let meters = ConnectionMeters()
    private(set) var closed: [CloseReason] = []

    init(
        loop: EmbeddedEventLoop = EmbeddedEventLoop(),
        settings: ForwardingSettings = ForwardingSettings(),
        engine: TLSEngine? = nil,
        preamble: Preamble? = nil,
        isDialing: Bool = false
    ) throws {
        self.handler = ForwardingHandler(
            settings: settings,
            buffers: LoopBuffers(),
            meters: self.meters,
            engine: engine,
            preamble: preamble,
            isDialing: isDialing
        )
        self.channel = EmbeddedChannel(loop: loop)
        try self.channel.pipeline.syncOperations.addHandler(self.valve)
        self.handler.onClosed = { [weak self] in self?.closed.append($0) }
        if !isDialing {
            try self.channel.pipeline.syncOperations.addHandler(self.handler)
            try self.connect()
        }
    }

    deinit {
        self.handler.onClosed = nil
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
    }

    /// Two channels that feed each other.
    static func spliced(
        _ one: ForwardedChannel,
        _ other: ForwardedChannel
    ) {
        one.handler.far = .splice(other.handler)
        other.handler.far = .splice(one.handler)
    }

    func connect() throws {
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// The channel that was dialled is there.
    func dialled() throws {
        try self.channel.pipeline.syncOperations.addHandler(self.handler)
        try self.connect()
    }

    /// Whether the channel is open.
    var isOpen: Bool { self.channel.isActive }

    /// The peer sends bytes; afterwards the channel asks to read, as one that reads by itself does.
    func receive(_ bytes: [UInt8]) {
        self.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        self.channel.pipeline.fireChannelReadComplete()
        self.channel.read()
    }

    /// The peer ends its half.
    func receiveEnd() {
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// Everything that has left towards the peer since the last call.
    func sent() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        return bytes
    }

    /// The channel takes more, or takes no more for now.
    func setWritable(_ isWritable: Bool) {
        self.channel.isWritable = isWritable
        self.channel.pipeline.fireChannelWritabilityChanged()
    }
}

/// Bytes that differ from their neighbours.
func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ seed) &* 31 &+ ($0 >> 8)) }
}
