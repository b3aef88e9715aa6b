import EdgeCarrier
import EdgeForwarding
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Synchronization

/// What the fuzzer may have happen.
extension Scenario {
    private static let sizes = [1, 7, 100, 700, 2000, 5000, 8192, 20_000]
    private static let cuts = [1, 2, 6, 7, 100, 1000, 4096, 9999]
    private static let times: [TimeAmount] = [
        .microseconds(100), .milliseconds(10), .milliseconds(100), .seconds(1), .seconds(3), .seconds(10), .seconds(16),
        .seconds(31),
    ]
    private static let controls = [
        "[-1,null]", "[-1,{\"message\":\"no\",\"code\":\"E_NO\"}]", "[1,\"add_token\",\"TOKEN\"]",
        "[7,\"delete_token\",\"*\"]", "[3,\"auth\",{}]", "[4,\"what\"]", "{", "[0,{\"message\":\"\",\"code\":\"\"}]",
    ]

    /// One event, by one byte that says which, and some that say how.
    ///
    /// The upper bits say whether the peer's bytes arrive at once, and whether a packet comes in two frames.
    func step(_ input: inout FuzzInput) throws(FuzzFinding) {
        let choice = input.octet()
        let isLate = choice & 0x80 != 0
        let inTwo = choice & 0x40 != 0
        try Self.explained {
            switch choice & 0x1F {
            case 0...9: self.peerSays(choice & 0x1F, &input, inTwo: inTwo)
            case 10...12: try self.open(&input)
            case 13...15: self.visitor(&input)?.write(input.element(of: Self.sizes))
            case 16: self.visitor(&input)?.endInput()
            case 17: self.visitor(&input)?.breakOff(wasReset: inTwo)
            case 18, 19: self.visitor(&input)?.channel.valve.isShut.toggle()
            case 20: self.valve.isShut.toggle()
            case 21: try self.visitor(&input)?.dialled(!inTwo)
            case 22: self.operatorActs(&input)
            case 23...25: self.loop.advanceTime(by: input.element(of: Self.times))
            case 26: self.peerLeaves(&input)
            default: break
            }
        }
        if choice & 0x1F > 26 {
            try self.deliver(input.element(of: Self.cuts))
        } else {
            try self.deliver(isLate ? 0 : self.peer.waiting.count)
        }
    }

    /// Ends the tunnel, lets time pass, and checks that everything has been given back.
    func end(_ choice: Int) throws(FuzzFinding) {
        try Self.explained {
            switch choice % 4 {
            case 0: self.peerIsGone(wasReset: false)
            case 1: self.peerIsGone(wasReset: true)
            case 2: self.carrier?.fail(.shutdown, code: .serviceRestart)
            default: break
            }
            // Whoever is silent has had its time after this: pings, stalls, lingering, quarantines.
            for visitor in self.visitors { try visitor.dialled(false) }
        }
        try self.settle()
        for _ in 0..<10 {
            self.loop.advanceTime(by: .seconds(30))
            try self.settle()
        }
        try self.checkNothingIsLeft()
    }

    private func checkNothingIsLeft() throws(FuzzFinding) {
        try FuzzFinding.unless(!self.tunnel.isActive, "a tunnel that never closes")
        if let carrier {
            try FuzzFinding.unless(
                !carrier.isOpen && carrier.streamCount == 0,
                "\(carrier.streamCount) streams are left"
            )
            let ends = self.owner.ended.count
            try FuzzFinding.unless(ends == 1, "the owner is told \(ends) times that the tunnel is over")
        }
        let live = self.pulse.streams.load(ordering: .relaxed)
        try FuzzFinding.unless(live == 0, "\(live) streams are said to be open")
        for visitor in self.visitors {
            try FuzzFinding.unless(!visitor.channel.isOpen, "the channel of \(visitor.id) is left open")
            let ends = visitor.channel.closed.count
            try FuzzFinding.unless(ends == 1, "\(ends) ends of \(visitor.id)")
        }
        try FuzzFinding.unless(self.budget.waiting == 0, "\(self.budget.waiting) bytes are never given back")
    }

    private func visitor(_ input: inout FuzzInput) -> ScenarioVisitor? {
        self.visitors.isEmpty ? nil : input.element(of: self.visitors.suffix(Self.streams))
    }

    private func open(_ input: inout FuzzInput) throws {
        if self.isRelay {
            try self.visit()
        } else {
            self.peer.say(self.peer.packet(.connection, [], self.nextID()), inTwo: false)
        }
    }

    private func peerSays(_ kind: UInt8, _ input: inout FuzzInput, inTwo: Bool) {
        switch kind {
        case 0...3:
            guard let visitor = self.visitor(&input) else { return }
            let count = min(8192, input.element(of: Self.sizes))
            let bytes = visitor.pattern(up: false, from: visitor.told, count: count)
            visitor.told += count
            self.peer.say(self.peer.packet(.data, bytes, visitor.id), inTwo: inTwo)
        case 4:
            guard let visitor = self.visitor(&input) else { return }
            let service: TunnelService = input.element(of: [.end, .error, .pause, .resume, .connection])
            self.peer.say(self.peer.packet(service, [], visitor.id), inTwo: inTwo)
        case 5:
            let body = input.element(of: Self.controls)
            if body == "[-1,null]" { self.peer.greetingAnswered() }
            let header = ",,,\(body.utf8.count),control"
            self.peer.say([0xFE, UInt8(header.utf8.count)] + Array((header + body).utf8), inTwo: inTwo)
        case 6:
            let opcode: WebSocketOpcode = input.element(of: [.ping, .pong, .ping, .close, .text])
            self.peer.say(opcode, opcode == .close ? [0x03, 0xE8] : [])
        case 7:
            self.lies()
            self.peer.say(.binary, input.take(input.number(below: 200)))
        case 8:
            self.lies()
            self.peer.say(raw: input.take(input.number(below: 64)))
        default:
            // A header that says one thing and another that follows.
            self.lies()
            let fields = (0..<input.number(below: 9)).map { _ in input.element(of: Self.fields) }
            let header = Array(fields.joined(separator: ",").utf8.prefix(255))
            self.peer.say([0xFE, UInt8(header.count)] + header + input.take(input.number(below: 20)), inTwo: inTwo)
        }
    }

    /// From here on the peer may have said anything, an answer to the greeting included.
    private func lies() {
        self.isHonest = false
        self.peer.greetingAnswered()
    }

    private static let fields = [
        "IPv4", "192.0.2.1", "4711", "4712", "4713", "0", "3", "8193", "https", "end", "error", "pause", "resume",
        "control",
        "connection", "", "443", "app.example.com", "-1", "99999999999999999999", "::1", "tcp",
    ]

    private func operatorActs(_ input: inout FuzzInput) {
        switch input.octet() % 8 {
        case 0: self.carrier?.probe()
        case 1: self.carrier?.closeStreams { $0.id.port & 1 == 0 }
        case 2: self.carrier?.closeStreams { _ in true }
        case 3: self.budget.setLimit(1)
        case 4: self.budget.setLimit(64 << 10)
        case 5: self.carrier?.fail(.operatorRequest, code: .goingAway)
        case 6: self.carrier?.send(.fault(.noConnection))
        default: self.carrier?.fail(.shutdown, code: .serviceRestart)
        }
    }

    private func peerLeaves(_ input: inout FuzzInput) {
        guard input.octet() == 0x55 else { return }
        self.peerIsGone(wasReset: input.octet() & 1 == 1)
    }

    private func peerIsGone(wasReset: Bool) {
        guard self.tunnel.isActive else { return }
        if wasReset {
            self.tunnel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        } else {
            self.tunnel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }
}
