import EdgeTestKit
import Testing

/// Peers that send a byte at a time and never come to the point: each has as long as a silent one.
@Suite
struct DrippingPeerTests {
    /// What is dripped, and what ends it.
    enum Level: CaseIterable {
        case hello, handshake, head, upgrade, frame, packet

        /// The timeout that ends it.
        var timeout: String {
            switch self {
            case .hello, .head: "sniff"
            case .handshake: "handshake"
            case .upgrade, .frame, .packet: "authenticate"
            }
        }

        /// Its reason.
        var reason: String {
            switch self {
            case .hello, .head, .upgrade: "sniff_timeout"
            case .handshake: "handshake_timeout"
            case .frame, .packet: "authenticate_timeout"
            }
        }
    }

    private static let name = "other.example.test"

    @Test(arguments: Level.allCases)
    func aPeerThatDripsGetsNoMoreTimeThanASilentOne(level: Level) throws {
        // One of them is short; the others are out of the way.
        let timeouts = ["sniff": "1h", "handshake": "1h", "authenticate": "1h", "ping": "1h"]
        let site = try FaultSite(timeouts: timeouts.merging([level.timeout: "400ms"]) { $1 })
        try site.serves()
        let before = try site.settle().descriptors
        let peer = try site.relay.dial()
        let first = site.relay.logLength
        try Self.drip(level, over: peer)
        let line = try site.relay.waitForReason(level.reason, from: first)
        #expect(line["peer"]?.hasSuffix(":\(peer.localPort)") == true, "\(line.text)")
        peer.close()
        try site.settle(before)
        try site.serves()
        try site.stop()
    }

    /// A client that has shown its token may be as slow as it likes: it holds up its own visitors and nobody else's.
    @Test
    func aClientThatDripsPacketsHoldsUpNobodyElse() throws {
        let site = try FaultSite()
        let client = try site.relay.client(.agent, token: TestToken.granting([Self.name]))
        _ = try client.nextPacket { $0.text.contains("\"grant\"") }
        let visitor = try site.relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        let opening = try client.nextPacket { $0.service == "http" }
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
        let bytes = RawFrame(.binary, RawPacket(answering: opening, answer).bytes).bytes(isMasked: true)
        for (index, byte) in bytes.enumerated() {
            try client.connection.write([byte])
            if index % 20 == 0 { try site.serves() }
        }
        #expect(try HTTPAnswer(from: visitor).text == "ok")
        visitor.close()
        client.connection.close()
        try site.settle()
        try site.stop()
    }

    /// Sends one byte after the other until the relay hangs up.
    private static func drip(_ level: Level, over peer: PlainConnection) throws {
        switch level {
        case .hello:
            let hello = try CutConnection.shakeHands(over: peer, FaultSite.Way.endedHere.rawValue, to: .insideFlight(1))
            try self.drip(hello, into: peer, peer)
        case .handshake:
            let rest = try CutConnection.shakeHands(over: peer, FaultSite.Way.endedHere.rawValue, to: .insideFlight(2))
            try self.drip(rest, into: peer, peer)
        case .head:
            try self.drip(self.head(FaultSite.Way.plain.rawValue), into: peer, peer)
        case .upgrade:
            let secure = try SecureConnection(dialling: peer, name: "tunnel.example.test", authority: nil)
            try self.drip(self.head("tunnel.example.test"), into: secure, peer)
        case .frame:
            let frame = RawFrame(.binary, self.token.bytes).bytes(isMasked: true)
            try self.drip(frame, into: self.client(peer), peer)
        case .packet:
            // One byte of a packet in each frame.
            let secure = try self.client(peer)
            try self.dripAll(self.token.bytes.map { RawFrame(.binary, [$0]).bytes(isMasked: true) }, into: secure, peer)
        }
    }

    /// A packet that takes its time.
    private static var token: RawPacket {
        RawPacket(control: "[5,\"add_token\",\"\(String(repeating: "x", count: 10_000))\"]")
    }

    private static func client(_ peer: PlainConnection) throws -> SecureConnection {
        let secure = try SecureConnection(dialling: peer, name: "tunnel.example.test", authority: nil)
        let client = try ScriptedClient(secure, .telebit, host: "tunnel.example.test")
        guard client.isUpgraded else { throw JourneyFailure("no upgrade") }
        return secure
    }

    private static func head(_ name: String) -> [UInt8] {
        Array("GET / HTTP/1.1\r\nHost: \(name)\r\nX-Padding: \(String(repeating: "x", count: 10_000))".utf8)
    }

    private static func drip(_ bytes: [UInt8], into connection: any ByteConnection, _ peer: PlainConnection) throws {
        try self.dripAll(bytes.map { [$0] }, into: connection, peer)
    }

    /// The time between two is what a hang-up is waited for; the last is never sent.
    private static func dripAll(
        _ parts: [[UInt8]],
        into connection: any ByteConnection,
        _ peer: PlainConnection
    ) throws {
        let deadline = Deadline()
        for part in parts.dropLast() {
            if peer.waitForHangUp(by: Deadline(.milliseconds(5))) { return }
            do { try connection.write(part) } catch { return }
        }
        guard peer.waitForHangUp(by: deadline) else { throw JourneyFailure("the relay waits for ever") }
    }
}
