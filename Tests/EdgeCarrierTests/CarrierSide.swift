import EdgeCarrier
import EdgeChannels
import EdgeHandlerKit
import EdgeMetering
import EdgeTLS
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Testing

/// One end of a tunnel on an embedded channel.
final class CarrierSide {
    let channel: EmbeddedChannel
    let valve = Valve()
    let carrier: TunnelCarrierHandler
    let owner = RecordingOwner()
    let meters = ConnectionMeters()
    private let loop: EmbeddedEventLoop
    private let start: ContinuousClock.Instant
    private let added: NIODeadline
    private var wire: TunnelWire

    init(
        _ side: CarrierSettings.Side,
        profile: ClientProfile = .own,
        loop: EmbeddedEventLoop = EmbeddedEventLoop(),
        engine: TLSEngine? = nil,
        adjust: (inout CarrierSettings) -> Void = { _ in }
    ) throws {
        var settings = CarrierSettings(side: side, profile: profile)
        adjust(&settings)
        let now = ContinuousClock.now
        self.loop = loop
        self.start = now
        self.added = loop.now
        self.wire = TunnelWire(masked: side == .agent)
        self.carrier = TunnelCarrierHandler(
            settings: settings,
            engine: engine,
            buffers: LoopBuffers(),
            meters: self.meters,
            pulse: CarrierPulse(start: now),
            now: now
        )
        self.channel = EmbeddedChannel(handlers: [self.valve, self.carrier], loop: loop)
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        self.carrier.start(owner: self.owner, plaintext: ByteBuffer())
    }

    deinit {
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
    }

    /// Whether the channel is open.
    var isOpen: Bool { self.channel.isActive }

    /// A visitor's address; port 4711 and upwards.
    static func peer(_ number: Int = 0) -> PeerAddress {
        PeerAddress(address: NetworkAddress(ipv4: 0xC000_0201), port: UInt16(4711 + number))
    }

    /// Opens a stream for a visitor.
    func open(
        _ number: Int = 0,
        service: TunnelService = .https,
        name: String? = "app.example.com"
    ) throws -> (stream: CarrierStream, end: RecordingEnd) {
        let stream = try #require(
            self.carrier.openStream(
                peer: Self.peer(number),
                service: service,
                servicePort: 443,
                name: name.flatMap { Hostname($0) }
            )
        )
        let end = RecordingEnd()
        stream.attach(end)
        return (stream, end)
    }

    /// Bytes come from the peer.
    func receive(_ bytes: [UInt8]) {
        self.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        self.channel.pipeline.fireChannelReadComplete()
        if self.channel.isActive { self.channel.read() }
        self.loop.run()
    }

    /// A foreign peer sends packets, each in a frame.
    func receive(packets: [UInt8]...) {
        for packet in packets { self.receive(self.frame(.binary, packet)) }
    }

    /// A foreign peer sends a packet of the stream that a visitor of this number has.
    func receive(_ service: TunnelService, _ body: [UInt8] = [], number: Int = 0) {
        self.receive(packets: self.packet(service, body, number: number))
    }

    /// A packet of the stream that a visitor of this number has.
    func packet(_ service: TunnelService, _ body: [UInt8] = [], number: Int = 0) -> [UInt8] {
        let peer = Self.peer(number)
        let id = StreamID(address: peer.address ?? NetworkAddress(ipv4: 0), port: peer.port)
        let name = Hostname("app.example.com")
        let label = TunnelLabel(id: id, service: .https, servicePort: 443, name: name, fields: .seven)
        return TunnelPacker.packet(label: label, service: service, body: body)
    }

    /// A frame as the peer of this side writes it.
    func frame(_ opcode: WebSocketOpcode, _ payload: [UInt8]) -> [UInt8] {
        let key: UInt32? = self.carrier.settings.side == .relay ? 0x1234_5678 : nil
        return WebSocketFrameEncoder.frame(opcode, payload: payload, maskingKey: key)
    }

    /// Everything that has left towards the peer since the last call.
    func sentBytes() throws -> [UInt8] {
        self.loop.run()
        var bytes: [UInt8] = []
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        return bytes
    }

    /// The packets of it.
    func sent() throws -> [TunnelWire.Packet] {
        try self.wire.read(self.sentBytes()).packets
    }

    /// The packets and the frames of it.
    func sentFrames() throws -> TunnelWire.Read {
        try self.wire.read(self.sentBytes())
    }

    /// The present as the carrier has it.
    var present: ContinuousClock.Instant { self.start + Duration(self.loop.now - self.added) }

    /// Time passes.
    func advance(by time: TimeAmount) {
        self.loop.advanceTime(by: time)
    }

    /// The channel takes more, or takes no more for now.
    func setWritable(_ isWritable: Bool) {
        self.channel.isWritable = isWritable
        self.channel.pipeline.fireChannelWritabilityChanged()
    }
}

extension CarrierStream {
    /// The local side says something, read into a pooled buffer or into one without headroom.
    func send(bytes: [UInt8], headroom: Int = LoopBuffers.headroom) {
        var buffer = ByteBufferAllocator().buffer(capacity: headroom + bytes.count)
        buffer.moveWriterIndex(to: headroom)
        buffer.moveReaderIndex(to: headroom)
        buffer.writeBytes(bytes)
        self.send(&buffer)
    }
}
