import EdgeChannels
package import EdgeForwarding
package import EdgeMetering
package import EdgeTLS
package import EdgeTypes
import NIOCore
package import NIOEmbedded

/// A channel with a forwarding handler, and what its peer sees.
package final class ForwardedChannel {
    /// The channel.
    package let channel: EmbeddedChannel
    /// What stands before the socket.
    package let valve = Valve()
    /// The handler.
    package let handler: ForwardingHandler
    /// What counts the bytes.
    package let meters = ConnectionMeters()
    /// What the handler said when the channel was gone; once.
    package private(set) var closed: [CloseReason] = []

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - loop: its loop, stepped by hand.
    ///   - settings: limits and times.
    ///   - engine: the TLS engine, its handshake done; nil where bytes pass as they are.
    ///   - preamble: what takes the place of the connection's first bytes.
    ///   - isDialing: whether the channel is not there yet.
    /// - Throws: where the pipeline cannot be made.
    package init(
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

    /// Lets two channels feed each other.
    ///
    /// - Parameters:
    ///   - one: a channel.
    ///   - other: another.
    package static func spliced(
        _ one: ForwardedChannel,
        _ other: ForwardedChannel
    ) {
        one.handler.far = .splice(other.handler)
        other.handler.far = .splice(one.handler)
    }

    /// Connects.
    ///
    /// - Throws: where the channel cannot be.
    package func connect() throws {
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// The channel that was dialled is there.
    ///
    /// - Throws: where the pipeline cannot be made.
    package func dialled() throws {
        try self.channel.pipeline.syncOperations.addHandler(self.handler)
        try self.connect()
    }

    /// Whether the channel is open.
    package var isOpen: Bool { self.channel.isActive }

    /// The peer sends bytes; afterwards the channel asks to read, as one that reads by itself does.
    ///
    /// - Parameters:
    ///   - bytes: what it sends.
    ///   - headroom: free bytes before them, as pooled buffers have.
    package func receive(_ bytes: [UInt8], headroom: Int = 0) {
        var buffer = ByteBufferAllocator().buffer(capacity: headroom + bytes.count)
        buffer.moveWriterIndex(to: headroom)
        buffer.moveReaderIndex(to: headroom)
        buffer.writeBytes(bytes)
        self.channel.pipeline.fireChannelRead(buffer)
        self.channel.pipeline.fireChannelReadComplete()
        self.channel.read()
    }

    /// The peer ends its half.
    package func receiveEnd() {
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// Everything that has left towards the peer since the last call.
    ///
    /// - Returns: the bytes.
    /// - Throws: where something else left.
    package func sent() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        return bytes
    }

    /// The channel takes more, or takes no more for now.
    ///
    /// - Parameter isWritable: whether it takes more.
    package func setWritable(_ isWritable: Bool) {
        self.channel.isWritable = isWritable
        self.channel.pipeline.fireChannelWritabilityChanged()
    }
}
