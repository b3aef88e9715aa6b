import EdgeTestKit
import Foundation
import Testing

/// Clients that do what they may not, and visitors that come and go: the relay keeps its memory and its other peers.
@Suite(.serialized)
struct HostileClientTests {
    private static let name = "bad.example.test"
    private static let healthy = "healthy.example.test"
    /// What the relay may grow by, over buffers that the tests make small.
    private static let growth = 48 << 20
    /// More than all buffers of the relay and the kernel on the way.
    private static let bulk = 96 << 20

    private static func site(_ timeouts: [String: String] = [:], tunnelBuffer: String = "2MiB") throws -> ProfileSite {
        try ProfileSite([Self.healthy]) { setup in
            // How long an older client may answer a visitor that ended its half, and how long a key is kept.
            setup.timeouts.merge(["grace": "500ms", "quarantine": "500ms"]) { $1 }
            setup.timeouts.merge(timeouts) { $1 }
            setup.limits = ["stream_buffer": "256KiB", "tunnel_buffer": tunnelBuffer]
        }
    }

    /// A stalled visitor of a client that heeds nothing: its stream is ended in time, its siblings are served.
    @Test(arguments: ClientGeneration.allCases)
    func aClientThatIgnoresPauseNeitherGrowsTheRelayNorStarvesItsOwnVisitors(generation: ClientGeneration) throws {
        let site = try Self.site(["stall": "300ms"])
        let peer = try site.peer(generation, [Self.name], heedsPause: false)
        let witness = try site.peer(.own, [Self.healthy])
        let visitor = ProfileVisitor(relay: site.relay, name: Self.name)
        try visitor.get(1000)
        let before = try RelayTables(of: site.relay)
        let stalled = try site.relay.dial()
        try stalled.write("GET /\(Self.bulk) HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        _ = try stalled.readHead()
        // Served while the other holds the tunnel, or after it was ended for that.
        for _ in 0..<5 { try visitor.get(10_000) }
        try ProfileVisitor(relay: site.relay, name: Self.healthy).get(10_000)
        let during = try RelayTables.wait(for: site.relay, "ended the stalled stream") { $0.streams == 0 }
        #expect(during.memory < before.memory + Self.growth)
        #expect(((try? stalled.readToEnd()) ?? []).count < Self.bulk)
        stalled.close()
        for peer in [peer, witness] {
            try peer.check()
            peer.drop()
        }
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }

    /// The ones that know pause are told, and a visitor that reads late gets every byte.
    @Test(arguments: [ClientGeneration.s10, .tb19, .tbjs, .own])
    func aClientThatHeedsPauseIsToldAndNothingIsLost(generation: ClientGeneration) throws {
        // Room for what is on the way when the client hears of the pause: the kernel's buffers on both sides.
        let site = try Self.site(tunnelBuffer: "32MiB")
        let peer = try site.peer(generation, [Self.name])
        let visitor = ProfileVisitor(relay: site.relay, name: Self.name)
        let before = try RelayTables(of: site.relay)
        let late = try site.relay.dial()
        let count = 24 << 20
        try late.write("GET /\(count) HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        _ = try late.readHead()
        #expect(peer.pauses.wait { $0 > 0 ? true : nil } == true, "it is told to pause")
        for _ in 0..<5 { try visitor.get(10_000) }
        #expect(try RelayTables(of: site.relay).memory < before.memory + Self.growth)
        let digest = Pattern.digest(Pattern.bytes(count))
        #expect(Pattern.digest(try late.readExactly(count, by: Deadline(.seconds(120)))) == digest)
        late.close()
        try peer.check()
        peer.drop()
        try site.relay.stop()
    }

    /// Its visitors are held at their sockets, and it is dropped for its silence.
    @Test(arguments: [ClientGeneration.s10, .tbgo, .rvpn, .own])
    func aClientThatNeverReadsIsDroppedAndGrowsNothing(generation: ClientGeneration) throws {
        let site = try Self.site(["ping": "500ms", "pong": "1s"])
        let witness = try site.peer(.own, [Self.healthy])
        let client = try site.relay.client(generation.shape, token: TestToken.granting([Self.name]))
        let before = try RelayTables(of: site.relay)
        let relay = site.relay
        let sent = Watched(0)
        try InParallel.run(4) { _ in
            let visitor = try relay.dial()
            let head = "POST / HTTP/1.1\r\nHost: \(Self.name)\r\nContent-Length: \(Self.bulk)\r\n\r\n"
            // Until nobody takes anything any more, and the tunnel's end ends the visitor.
            do {
                try visitor.write(head)
                for start in stride(from: 0, to: Self.bulk, by: 1 << 20) {
                    try visitor.write(Pattern.bytes(1 << 20, from: start))
                    sent.change { $0 += 1 << 20 }
                }
            } catch {
                return
            }
            throw JourneyFailure("somebody took \(Self.bulk) bytes for a client that never reads")
        }
        #expect(sent.current < Self.bulk)
        let after = try RelayTables.wait(for: relay, "dropped the client") { $0.profiles == ["own"] && $0.streams == 0 }
        #expect(after.memory < before.memory + Self.growth)
        try ProfileVisitor(relay: relay, name: Self.healthy).get(10_000)
        client.connection.close()
        try witness.check()
        witness.drop()
        try RelayTables.wait(for: relay, "let go of all") { $0.areEmpty }
        try relay.stop()
    }

    /// One stream gets all that a client can send, with its visitor away, reading nothing, or unknown.
    @Test(arguments: [ClientGeneration.s08, .tbjs, .rvpn, .own])
    func aClientThatFloodsOneStreamHoldsUpItselfAlone(generation: ClientGeneration) throws {
        let site = try Self.site(["stall": "300ms"])
        let witness = try site.peer(.own, [Self.healthy])
        let client = try site.relay.client(generation.shape, token: TestToken.granting([Self.name]))
        if generation.shape == .telebit {
            try client.send(RawPacket(control: "[5,\"add_token\",\"\(TestToken.granting([Self.name]))\"]"))
            _ = try client.nextPacket { $0.text == "[-5,null]" }
        }
        let before = try RelayTables(of: site.relay)
        let visitor = try site.relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        let opening = try client.nextPacket { $0.service == "http" }
        let chunk = RawFrame(.binary, RawPacket(answering: opening, Pattern.bytes(60_000)).bytes).bytes(isMasked: true)
        let stray = RawFrame(
            .binary,
            RawPacket(header: "IPv4,203.0.113.9,1,60000,http", body: Pattern.bytes(60_000)).bytes
        )
        .bytes(isMasked: true)
        let carrier = client.connection
        for _ in 0..<Self.bulk / 120_000 {
            try carrier.write(chunk)
            try carrier.write(stray)
        }
        try ProfileVisitor(relay: site.relay, name: Self.healthy).get(10_000)
        let after = try RelayTables.wait(for: site.relay, "ended the flooded stream") { $0.streams == 0 }
        #expect(after.memory < before.memory + Self.growth)
        visitor.close()
        carrier.close()
        try witness.check()
        witness.drop()
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }

    /// The large number is for a program that was built for release.
    private static let visitors = ProcessInfo.processInfo.environment["RVPN_LONG"] == "1" ? 100_000 : 2000

    /// Each is served, or leaves at a point of its own: after its hello, in its request, before and in the answer.
    @Test(arguments: [ClientGeneration.s10, .tbgo, .own])
    func visitorsThatComeAndGoLeaveNothingBehind(generation: ClientGeneration) throws {
        let site = try Self.site()
        let peer = try site.peer(generation, [Self.name])
        try ProfileVisitor(relay: site.relay, name: Self.name).get(1000)
        let before = try RelayTables.wait(for: site.relay, "closed the first stream") { $0.streams == 0 }
        let relay = site.relay
        let hands = 4
        try InParallel.run(hands) { hand in
            for index in stride(from: hand, to: Self.visitors, by: hands) {
                let visitor = try relay.dial()
                let request = "GET /2000 HTTP/1.1\r\nHost: \(Self.name)\r\nConnection: close\r\n\r\n"
                try visitor.write(String(request.prefix(index % 9 == 0 ? 30 : request.count)))
                switch index % 9 {
                case 0: visitor.close()
                case 1: visitor.reset()
                case 2: visitor.close()
                case 3:
                    _ = try visitor.readHead()
                    visitor.reset()
                default:
                    guard try HTTPAnswer(from: visitor).body == Pattern.bytes(2000) else {
                        throw JourneyFailure("other bytes for visitor \(index)")
                    }
                    visitor.close()
                }
            }
        }
        let after = try RelayTables.wait(for: relay, "let go of all visitors") {
            $0.streams == 0 && $0.connections.count == 1 && $0.descriptors <= before.descriptors
        }
        #expect(after.memory < before.memory + Self.growth)
        try ProfileVisitor(relay: relay, name: Self.name).get(1000)
        try peer.check()
        peer.drop()
        try relay.stop()
    }
}
