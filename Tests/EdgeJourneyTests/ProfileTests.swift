import EdgeTestKit
import Testing

/// Every generation of clients at work, each message of the relay judged by what that generation could bear.
@Suite(.serialized)
struct ProfileTests {
    @Test(arguments: ClientGeneration.allCases)
    func aGenerationServesEveryKindOfVisitor(generation: ClientGeneration) throws {
        let name = "\(generation).example.test"
        let site = try ProfileSite([name])
        let peer = try site.peer(generation, [name])
        let visitor = ProfileVisitor(relay: site.relay, name: name)
        try visitor.get(100)
        try visitor.get(100_000, isSecure: true)
        try InParallel.run(16) { index in
            switch index {
            case 0: try visitor.get(5 << 20)
            case 1: try visitor.get(2 << 20, isSecure: true)
            case 2: try visitor.post(3 << 20)
            case 3: try visitor.post(1 << 20, isSecure: true)
            case 4: try visitor.trickle(2 << 20, sip: 256 << 10)
            case 5: try visitor.halfClose(200_000)
            default: try visitor.get(30_000 + index)
            }
        }
        try peer.check()
        peer.drop()
        try site.relay.stop()
    }

    @Test(arguments: ClientGeneration.allCases)
    func aServiceThatRefusesOrResetsHarmsNobodyElse(generation: ClientGeneration) throws {
        let name = "\(generation).example.test"
        let site = try ProfileSite([name]) { $0.timeouts.merge(["ping": "200ms", "pong": "300ms"]) { $1 } }
        var peer = try site.peer(generation, [name])
        let visitor = ProfileVisitor(relay: site.relay, name: name)
        try visitor.get(10)

        peer.lead("http", to: try LoopbackListener.freePort())
        let refused = try visitor.dial()
        try refused.write("GET / HTTP/1.1\r\nHost: \(name)\r\n\r\n")
        let page = try? HTTPAnswer(from: refused)
        // The Go client of telebit says `end` where the others say `error`: nothing is left to tell.
        #expect(page?.head.status == 502 || generation == .tbgo, "\(page?.head.text ?? "the end")")
        if generation.goesDeaf {
            #expect(peer.hasEnded.wait { $0 ? true : nil } == true, "a deaf client is dropped")
            peer = try site.peer(generation, [name])
        }

        let resetting = try LoopbackListener { connection in
            _ = try? connection.readHead()
            connection.reset()
        }
        peer.lead("http", to: resetting.port)
        let cut = try visitor.dial()
        try cut.write("GET / HTTP/1.1\r\nHost: \(name)\r\n\r\n")
        let rest = try? HTTPAnswer(from: cut)
        #expect(rest == nil || rest?.head.status == 502)

        for gone in [refused, cut] { gone.close() }

        peer.lead("http", to: site.plain.port)
        try visitor.get(10_000)
        try peer.check()
        peer.drop()
        try site.relay.stop()
    }

    @Test(arguments: ClientGeneration.allCases)
    func aClientThatComesBackIsServedAtOnce(generation: ClientGeneration) throws {
        let name = "\(generation).example.test"
        let site = try ProfileSite([name])
        let visitor = ProfileVisitor(relay: site.relay, name: name)
        for round in 0..<5 {
            let peer = try site.peer(generation, [name], instance: "3f0c7a52-2b0f-4a3c-9a57-1d6f4a3c2b0f")
            if round > 0 { try RelayTables.wait(for: site.relay, "one tunnel") { $0.profiles.count == 1 } }
            try visitor.get(5000)
            #expect(peer.streams.current == 1)
            try peer.check()
            peer.drop()
        }
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }

    @Test
    func allGenerationsServeOneNameInTurnAndNamesOfTheirOwnAtOnce() throws {
        let shared = "all.example.test"
        let generations = ClientGeneration.allCases
        let site = try ProfileSite([shared] + generations.map { "\($0).example.test" })
        let before = try RelayTables(of: site.relay)
        let peers = try generations.map { try site.peer($0, [shared, "\($0).example.test"]) }
        let mixed = ProfileVisitor(relay: site.relay, name: shared)
        for index in 0..<2 * peers.count { try mixed.get(1000 + index) }
        for peer in peers { #expect(peer.streams.current == 2, "\(peer.generation)") }
        let relay = site.relay
        try InParallel.run(6 * generations.count) { index in
            let own = ProfileVisitor(relay: relay, name: "\(generations[index % generations.count]).example.test")
            switch index / generations.count {
            case 0: try own.get(1 << 20)
            case 1: try own.post(512 << 10, isSecure: index % 2 == 0)
            case 2: try own.get(100_000, isSecure: true)
            case 3: try mixed.get(512 << 10, isSecure: index % 2 == 0)
            case 4: try mixed.post(300_000)
            default: try mixed.halfClose(50_000)
            }
        }
        for peer in peers {
            try peer.check()
            peer.drop()
        }
        let after = try RelayTables.wait(for: relay, "let go of all") {
            $0.areEmpty && $0.descriptors <= before.descriptors
        }
        #expect(after.memory < before.memory + 64 << 20)
        try relay.stop()
    }
}
