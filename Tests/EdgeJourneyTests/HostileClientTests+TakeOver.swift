import EdgeTestKit
import Foundation
import Testing

/// Clients that come back again and again, and members that are lost.
extension HostileClientTests {
    /// Each newcomer takes the place of the one before it at once; no visitor is left hanging between them.
    @Test
    func aHundredTakeOversUnderLoadLoseNobody() throws {
        let site = try Self.site()
        let relay = site.relay
        let instance = "8d6f0a52-6c1e-4f0b-9a1d-1c5a3f7d2b10"
        let start = try RelayTables(of: relay)
        var peer = try site.peer(.own, [Self.name], instance: instance)
        for _ in 0..<50 { try ProfileVisitor(relay: relay, name: Self.name).get(2000) }
        let before = try RelayTables.wait(for: relay, "let go of the first visitors") { $0.streams == 0 }

        let isOver = Watched(false)
        let fates = Watched<[VisitorFate: Int]>([:])
        let hands = Watched<[String?]>([])
        for _ in 0..<4 {
            Thread.detachNewThread {
                do {
                    while !isOver.current {
                        let fate = try VisitorFate(asking: Self.name, for: 2000, over: try relay.dial())
                        fates.change { $0[fate, default: 0] += 1 }
                    }
                    hands.change { $0.append(nil) }
                } catch {
                    hands.change { $0.append("\(error)") }
                }
            }
        }
        for round in 0..<100 {
            let elder = peer
            peer = try site.peer(.own, [Self.name], instance: instance)
            _ = elder.hasEnded.wait { $0 ? true : nil }
            #expect(elder.closeCode.current == 1008, "take-over \(round)")
            try elder.check()
            // Somebody was served by this one before the next comes.
            let newcomer = peer
            #expect(newcomer.streams.wait { $0 > 0 ? true : nil } == true)
        }
        isOver.change { $0 = true }
        let ends = try #require(hands.wait { $0.count == 4 ? $0 : nil }, "a request hangs")
        #expect(ends.compactMap(\.self).isEmpty)
        // The name is held at every instant: what is lost is what the elder had begun.
        #expect(fates.current[.served, default: 0] > 0 && fates.current[.refused(404)] == nil, "\(fates.current)")
        for _ in 0..<4 { try ProfileVisitor(relay: relay, name: Self.name).get(2000) }
        try RelayTables.wait(for: relay, "kept the last tunnel alone") {
            $0.profiles == ["own"] && $0.streams == 0 && $0.connections.count == 1
                && $0.descriptors <= before.descriptors && $0.memory < before.memory + Self.settled
        }
        try peer.check()
        peer.drop()
        try RelayTables.wait(for: relay, "let go of all") { $0.areEmpty && $0.descriptors <= start.descriptors }
        try relay.stop()
    }

    /// Without an identity a newcomer is one more member: the elders are asked whether they are there, and one that says
    /// nothing keeps its tunnel and gets no visitors.
    @Test
    func aMemberThatIsLostGetsNoVisitorsOnceANewcomerHadItProbed() throws {
        // No visitor counts against a member, so that only the probe can.
        let site = try Self.site(["probe": "200ms"], limits: ["failures": "1000000"])
        let relay = site.relay
        var live = try site.peer(.own, [Self.name])
        for round in 0..<10 {
            // A visitor who is sent to the lost one would wait for long: it leaves.
            let current = Watched<PlainConnection?>(nil)
            let lost = try SilentMember(relay, Self.name) { current.current?.interrupt() }
            let newcomer = try site.peer(.own, [Self.name])
            #expect(lost.pings.wait { $0 > 0 ? true : nil } == true, "it is probed")
            let deadline = Deadline()
            var inARow = 0
            // Each of three members has its turn twice.
            while inARow < 6 {
                try #require(deadline.remaining > .zero, "round \(round): the lost member still gets visitors")
                let visitor = try relay.dial()
                current.change { $0 = visitor }
                let fate = try VisitorFate(asking: Self.name, for: 1000, over: visitor)
                inARow = fate == .served ? inARow + 1 : 0
            }
            #expect(try RelayTables(of: relay).profiles == ["own", "own", "own"], "the lost one is still there")
            #expect(live.streams.current > 0 && newcomer.streams.current > 0, "both live ones have their turn")
            try live.check()
            live.drop()
            lost.drop()
            live = newcomer
            try RelayTables.wait(for: relay, "let go of both") { $0.profiles == ["own"] }
        }
        live.drop()
        try RelayTables.wait(for: relay, "let go of all") { $0.areEmpty }
        try relay.stop()
    }
}
