import EdgeCarrier
import EdgeChannels
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded

/// A tunnel and up to six streams, stepped by a fuzzer.
///
///     fuzzer --frames--> peer --cut as it likes--> [Valve, OpeningHandler or TunnelCarrierHandler]
///     fuzzer --writes, ends, resets, readiness--> visitors: [Valve, ForwardingHandler]
///     fuzzer --time--> the loop of all of them
///
/// Channels behave as sockets do: they are read where they asked for it, and say that they take no more when much waits.
final class Scenario {
    /// What may wait in the tunnel's channel, in bytes.
    private static let marks = (high: 8192, low: 4096)
    /// Most bytes that reach the tunnel in one read.
    static let read = 4096
    /// Streams open at once; one more is refused.
    static let streams = 6

    let loop = EmbeddedEventLoop()
    let buffers = LoopBuffers()
    let budget = MemoryBudget(limit: 64 << 10)
    let pulse: CarrierPulse
    let tunnel: EmbeddedChannel
    let valve = Valve()
    let owner = ScenarioOwner()
    let isRelay: Bool
    private let start: ContinuousClock.Instant
    private let settings: CarrierSettings
    private let isRequestGood: Bool
    private let headroom: Int

    var peer: ScenarioPeer
    var carrier: TunnelCarrierHandler?
    var visitors: [ScenarioVisitor] = []
    private var byID: [StreamID: ScenarioVisitor] = [:]
    /// Whether the peer has said only what an honest one says.
    var isHonest = true
    private var readsServed = 0
    private var opened = 0
    private var hasAnswered = false

    init(_ input: inout FuzzInput) throws {
        let kind = input.number(below: 8)
        let profile = kind < 5 ? ClientProfile.allCases[kind] : .own
        let now = ContinuousClock.now
        var settings = CarrierSettings(side: kind < 6 ? .relay : .agent, profile: profile)
        settings.frame = input.element(of: [700, 64, 65_536])
        settings.streamBuffer = ScenarioVisitor.marks.high
        settings.tunnelBuffer = 16 << 10
        settings.quantum = 2048
        settings.packet = 8 << 10
        settings.message = 16 << 10
        settings.streams = Self.streams
        settings.budget = self.budget
        self.headroom = input.element(of: [LoopBuffers.headroom, 0, 40])
        self.settings = settings
        self.start = now
        self.isRelay = settings.side == .relay
        self.isRequestGood = kind < 5
        self.pulse = CarrierPulse(start: now)
        self.peer = ScenarioPeer(profile: profile, isClient: self.isRelay, longestBody: settings.frame)
        self.tunnel = EmbeddedChannel(handler: self.valve, loop: self.loop)
        self.tunnel.allowOptionsWhenClosed = false
        try self.tunnel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Whether the tunnel carries streams.
    var isUp: Bool { self.carrier?.isOpen ?? false }

    /// What must be gone once the scenario is dropped.
    var remains: ScenarioRemains {
        let ends: [AnyObject?] = self.visitors.map(\.channel.handler)
        return ScenarioRemains([self.carrier] + ends)
    }

    /// Lets go of everything.
    func drop() {
        _ = try? self.tunnel.finish(acceptAlreadyClosed: true)
        // What waited is lost with a socket; here somebody must say so.
        self.tunnel._channelCore.flush0()
        self.owner.open = nil
        self.carrier = nil
        self.visitors = []
        self.byID = [:]
    }

    // MARK: The beginning

    /// Makes the tunnel: the relay's begins with an upgrade, in which the fuzzer may change bytes.
    func begin(_ input: inout FuzzInput) throws(FuzzFinding) {
        try Self.explained {
            if self.isRelay {
                try self.listen()
                var request = ScenarioRequest.bytes(for: self.settings.profile)
                if !self.isRequestGood {
                    for _ in 0..<input.number(below: 4) {
                        let place = input.number() % request.count
                        request.replaceSubrange(place..<min(request.count, place + 1), with: input.take(2))
                    }
                    self.isHonest = false
                }
                self.peer.say(raw: request)
            } else {
                let carrier = self.makeCarrier(ConnectionMeters())
                try self.tunnel.pipeline.syncOperations.addHandler(carrier)
                self.begin(carrier, plaintext: ByteBuffer())
            }
            self.tunnel.read()
        }
        try self.deliver(self.peer.waiting.count)
    }

    private func listen() throws {
        let handler = OpeningHandler(
            engine: nil,
            buffers: self.buffers,
            meters: ConnectionMeters(),
            limit: 2048,
            deadline: .seconds(10),
            decide: { [weak self] plaintext, _ in self?.decide(plaintext) ?? .wait },
            ended: { _ in }
        )
        try self.tunnel.pipeline.syncOperations.addHandler(handler)
    }

    private func decide(_ plaintext: ByteBuffer) -> OpeningHandler.Verdict {
        switch WebSocketHandshake.readRequest(plaintext.readableBytesSpan, limit: 2048) {
        case .needsBytes:
            return .wait
        case .refused(let refusal):
            let answer = WebSocketHandshake.refusal(status: refusal.status, reason: "Refused", body: "")
            return .answer(answer, .notAnUpgrade)
        case .request(let request, let headLength):
            let length = plaintext.readableBytes - headLength
            let rest = plaintext.getSlice(at: plaintext.readerIndex + headLength, length: length) ?? ByteBuffer()
            return .open { [weak self] opening in
                guard let self else { return }
                opening.write(WebSocketHandshake.response(for: request.key))
                let carrier = self.makeCarrier(opening.meters)
                opening.add(carrier)
                self.begin(carrier, plaintext: rest)
            }
        }
    }

    private func makeCarrier(_ meters: ConnectionMeters) -> TunnelCarrierHandler {
        TunnelCarrierHandler(
            settings: self.settings,
            engine: nil,
            buffers: self.buffers,
            meters: meters,
            pulse: self.pulse,
            now: self.start
        )
    }

    private func begin(_ carrier: TunnelCarrierHandler, plaintext: ByteBuffer) {
        self.carrier = carrier
        self.owner.carrier = carrier
        self.owner.open = { [weak self] in self?.serve($0) }
        carrier.start(owner: self.owner, plaintext: plaintext)
        if self.isRelay { carrier.send(.hello) }
    }

    // MARK: Streams

    /// The key of the stream that comes next.
    func nextID() -> StreamID {
        self.opened += 1
        return StreamID(
            address: NetworkAddress(ipv4: 0xC000_0201),
            port: UInt16(truncatingIfNeeded: 4710 + self.opened)
        )
    }

    /// A visitor comes to the relay.
    func visit() throws {
        guard let carrier, carrier.isOpen, self.visitors.count < 40 else { return }
        let visitor = try self.makeVisitor(self.nextID(), isDialing: false)
        let peer = PeerAddress(address: visitor.id.address, port: visitor.id.port)
        let name = Hostname("app.example.com")
        guard let stream = carrier.openStream(peer: peer, service: .https, servicePort: 443, name: name) else {
            visitor.channel.handler.reset(.limit)
            return
        }
        try FuzzFinding.unless(stream.id == visitor.id, "a key of its own for a visitor whose own is free")
        visitor.channel.handler.far = .stream(stream)
        stream.attach(visitor.channel.handler)
        visitor.channel.handler.resumeReading()
    }

    /// The peer of an agent opened a stream.
    private func serve(_ stream: CarrierStream) -> (any StreamEnd)? {
        guard self.visitors.count < 40, self.byID[stream.id] == nil else { return nil }
        guard let visitor = try? self.makeVisitor(stream.id, isDialing: true) else { return nil }
        visitor.isKnown = true
        visitor.channel.handler.far = .stream(stream)
        return visitor.channel.handler
    }

    private func makeVisitor(_ id: StreamID, isDialing: Bool) throws -> ScenarioVisitor {
        var settings = ForwardingSettings()
        settings.highMark = ScenarioVisitor.marks.high
        settings.lowMark = ScenarioVisitor.marks.low
        settings.budget = self.budget
        let number = self.visitors.count
        let loop = self.loop
        let visitor = try ScenarioVisitor(number: number, id: id, loop: loop, settings: settings, isDialing: isDialing)
        self.visitors.append(visitor)
        self.byID[id] = visitor
        return visitor
    }

    // MARK: Bytes

    /// So many of the peer's bytes reach the tunnel, in one read each, where it wants to read.
    func deliver(_ count: Int) throws(FuzzFinding) {
        var left = count
        while left > 0, !self.peer.waiting.isEmpty, self.tunnel.isActive, self.valve.reads > self.readsServed {
            let bytes = self.peer.take(min(left, Self.read))
            left -= bytes.count
            self.readsServed = self.valve.reads
            self.tunnel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
            self.tunnel.pipeline.fireChannelReadComplete()
            if self.tunnel.isActive { self.tunnel.read() }
            try self.settle()
        }
        try self.settle()
    }

    /// Lets everything happen that would by itself, and looks at all that left.
    func settle() throws(FuzzFinding) {
        try Self.explained {
            var rounds = 0
            var moved = true
            while moved, rounds < 100 {
                moved = false
                rounds += 1
                self.loop.run()
                for visitor in self.visitors where try visitor.settle(headroom: self.headroom) { moved = true }
                self.loop.run()
                try self.look()
                if self.setWritability() { moved = true }
            }
        }
    }

    private func look() throws {
        var bytes: [UInt8] = []
        while let buffer = try self.tunnel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        if self.isRelay, !self.hasAnswered, let end = ScenarioRequest.endOfHead(bytes) {
            self.hasAnswered = true
            bytes.removeFirst(end)
        }
        if self.carrier != nil { try self.peer.read(bytes, self.byID) }
        for visitor in self.visitors { try visitor.hear(isHonest: self.isHonest) }
        try FuzzFinding.unless(self.budget.waiting >= 0, "less than nothing waits: \(self.budget.waiting)")
        let backlog = self.visitors.map(\.backlog).max() ?? 0
        // Twice: a channel here says that it takes no more only after a step, so what waited for a dial may be forgotten once.
        let most = 2 * self.settings.tunnelBuffer + ScenarioVisitor.marks.high + 2 * Self.read
        try FuzzFinding.unless(backlog <= most, "\(backlog) bytes wait for one visitor")
    }

    private func setWritability() -> Bool {
        guard self.tunnel.isActive else { return false }
        let backlog = (try? self.tunnel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let isWritable = backlog <= (self.tunnel.isWritable ? Self.marks.high : Self.marks.low)
        guard isWritable != self.tunnel.isWritable else { return false }
        self.tunnel.isWritable = isWritable
        self.tunnel.pipeline.fireChannelWritabilityChanged()
        return true
    }

    /// Anything that is no finding yet becomes one.
    static func explained(_ body: () throws -> Void) throws(FuzzFinding) {
        do {
            try body()
        } catch let finding as FuzzFinding {
            throw finding
        } catch {
            throw FuzzFinding("an error that nobody expected: \(error)")
        }
    }
}
