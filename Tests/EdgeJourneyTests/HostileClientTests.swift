import EdgeTestKit
import Foundation
import Testing

/// Clients that do what they may not: the relay keeps its memory and its other peers.
@Suite(.serialized)
struct HostileClientTests {
    static let name = "bad.example.test"
    static let healthy = "healthy.example.test"
    /// What the relay may grow by while somebody misbehaves, over buffers that the tests make small.
    private static let growth = 32 << 20
    /// What the relay may have grown by once all is over, where the allocator had its fill before.
    static let settled = 8 << 20
    /// More than all buffers of the relay and the kernel on the way.
    private static let bulk = 96 << 20

    static func site(
        _ timeouts: [String: String] = [:],
        limits: [String: String] = [:],
        logLevel: String = "info"
    ) throws -> ProfileSite {
        try ProfileSite([Self.healthy]) { setup in
            // How long an older client may answer a visitor that ended its half, and how long a key is kept.
            setup.timeouts.merge(["grace": "500ms", "quarantine": "30s"]) { $1 }
            setup.timeouts.merge(timeouts) { $1 }
            setup.limits = ["stream_buffer": "256KiB", "tunnel_buffer": "2MiB"].merging(limits) { $1 }
            setup.logLevel = logLevel
        }
    }

    /// A visitor that takes nothing, of a client that heeds nothing: it is given up, and its siblings are served.
    @Test(arguments: ClientGeneration.allCases)
    func aClientThatIgnoresPauseNeitherGrowsTheRelayNorStarvesItsOwnVisitors(generation: ClientGeneration) throws {
        let site = try Self.site(["hold": "200ms"], logLevel: "debug")
        let peer = try site.peer(generation, [Self.name], heedsPause: false)
        let witness = try site.peer(.own, [Self.healthy])
        let visitor = ProfileVisitor(relay: site.relay, name: Self.name)
        try visitor.get(1000)
        let before = try RelayTables(of: site.relay)
        let stalled = try site.relay.dial()
        try stalled.write("GET /\(Self.bulk) HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        _ = try stalled.readHead()
        // Siblings come all the while: some wait for the stalled one, none is lost.
        let isGivenUp = Watched(false)
        let served = Watched(0)
        let relay = site.relay
        try InParallel.run(2) { hand in
            guard hand == 0 else {
                defer { isGivenUp.change { $0 = true } }
                // The stalled visitor itself, nobody else.
                let line = try relay.waitForReason("stalled")
                guard line["peer"]?.hasSuffix(":\(stalled.localPort)") == true else { throw JourneyFailure(line.text) }
                return
            }
            while !isGivenUp.current {
                try visitor.get(10_000)
                served.change { $0 += 1 }
            }
        }
        #expect(served.current > 0)
        let during = try RelayTables(of: relay)
        #expect(during.memory < before.memory + Self.growth)
        for _ in 0..<5 { try visitor.get(10_000) }
        try ProfileVisitor(relay: relay, name: Self.healthy).get(10_000)
        #expect(try VisitorFate.readToEnd(stalled).count < Self.bulk)
        stalled.close()
        try RelayTables.wait(for: relay, "ended the stalled stream") { $0.streams == 0 }
        for peer in [peer, witness] {
            try peer.check()
            peer.drop()
        }
        try RelayTables.wait(for: relay, "let go of all") { $0.areEmpty }
        try relay.stop()
    }

    /// The ones that know pause are told, and a visitor that reads late gets every byte.
    @Test(arguments: [ClientGeneration.s10, .tb19, .tbjs, .own])
    func aClientThatHeedsPauseIsToldAndNothingIsLost(generation: ClientGeneration) throws {
        // Room for what is on the way when the client hears of the pause: the kernel's buffers on both sides.
        let site = try Self.site(["hold": "200ms"], limits: ["tunnel_buffer": "32MiB"])
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
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }

    /// Four at once: their visitors are held at their sockets, and told when the silent ones are dropped.
    @Test
    func clientsThatNeverReadAreDroppedAndGrowNothing() throws {
        let site = try Self.site(["ping": "500ms", "pong": "2s"])
        let relay = site.relay
        let witness = try site.peer(.own, [Self.healthy])
        let generations = [ClientGeneration.s10, .tbgo, .rvpn, .own]
        let clients = try generations.map { generation in
            try relay.client(generation.shape, token: TestToken.granting(["\(generation).example.test"]))
        }
        let before = try RelayTables(of: relay)
        let sent = Watched(0)
        try InParallel.run(2 * generations.count) { hand in
            let visitor = try relay.dial()
            defer { visitor.close() }
            let name = "\(generations[hand / 2]).example.test"
            let head = "POST / HTTP/1.1\r\nHost: \(name)\r\nContent-Length: \(Self.bulk)\r\n\r\n"
            // Until nobody takes anything any more, and the tunnel's end ends the visitor.
            do {
                try visitor.write(head)
                for start in stride(from: 0, to: Self.bulk, by: 1 << 20) {
                    try visitor.write(Pattern.bytes(1 << 20, from: start))
                    sent.change { $0 += 1 << 20 }
                }
            } catch let failure as JourneyFailure where failure.description.hasPrefix("writing failed") {
                return
            }
            throw JourneyFailure("somebody took \(Self.bulk) bytes for a client that never reads")
        }
        #expect(sent.current < 2 * generations.count * Self.bulk)
        let ended = relay.process.record.current.errorLines.map { LogLine($0) }.filter { $0.message == "tunnel ended" }
        #expect(ended.map { $0["reason"] } == Array(repeating: "ping_timeout", count: generations.count))
        let after = try RelayTables.wait(for: relay, "dropped the clients") {
            $0.profiles == ["own"] && $0.streams == 0 && $0.connections.count == 1
        }
        #expect(after.memory < before.memory + Self.growth)
        try ProfileVisitor(relay: relay, name: Self.healthy).get(10_000)
        for client in clients { client.connection.close() }
        try witness.check()
        witness.drop()
        try RelayTables.wait(for: relay, "let go of all") { $0.areEmpty }
        try relay.stop()
    }

    /// One stream, and one that nobody opened, get all that a client can send; its visitor reads nothing, and then is
    /// gone.
    @Test(arguments: [ClientGeneration.s08, .tbjs, .rvpn, .own])
    func aClientThatFloodsOneStreamHoldsUpItselfAlone(generation: ClientGeneration) throws {
        let site = try Self.site(["stall": "200ms"], logLevel: "debug")
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
        for _ in 0..<Self.bulk / 120_000 {
            try client.connection.write(chunk)
            try client.connection.write(stray)
        }
        try site.relay.waitForReason("stalled")
        try ProfileVisitor(relay: site.relay, name: Self.healthy).get(10_000)
        let after = try RelayTables.wait(for: site.relay, "ended the flooded stream") { $0.streams == 0 }
        #expect(after.memory < before.memory + Self.growth)
        #expect(after.profiles.count == 2, "the tunnel is still there")
        visitor.close()
        client.connection.close()
        try witness.check()
        witness.drop()
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }
}
