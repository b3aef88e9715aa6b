import EdgeTestKit
import Testing

/// A tunnel that answers every ping and serves nobody.
extension HostileClientTests {
    /// It rests for longer than any test: all visitors go to the other.
    @Test
    func aTunnelThatFailsEveryStreamLosesItsTurn() throws {
        let site = try Self.site(["rest": "10m"], limits: ["failures": "3"])
        let good = try site.peer(.own, [Self.name])
        let bad = try site.peer(.own, [Self.name])
        bad.lead("http", to: try LoopbackListener.freePort())
        try Self.failThrice(bad, site)
        for index in 0..<20 {
            let fate = try VisitorFate(asking: Self.name, for: 1000, over: try site.relay.dial())
            #expect(fate == .served, "request \(index) after the third failure")
        }
        #expect(bad.streams.current == 3)
        for peer in [good, bad] {
            try peer.check()
            peer.drop()
        }
        try site.relay.stop()
    }

    /// It serves again before its rest is over: the first that is sent there afterwards gives it back its turn.
    @Test
    func aTunnelThatServesAgainGetsItsTurnBack() throws {
        let site = try Self.site(["rest": "200ms"], limits: ["failures": "3"])
        let good = try site.peer(.own, [Self.name])
        let bad = try site.peer(.own, [Self.name])
        bad.lead("http", to: try LoopbackListener.freePort())
        try Self.failThrice(bad, site)
        bad.lead("http", to: site.plain.port)
        let deadline = Deadline()
        let visitor = ProfileVisitor(relay: site.relay, name: Self.name)
        while bad.streams.current == 3 {
            try #require(deadline.remaining > .zero, "nobody is sent there again")
            try visitor.get(1000)
        }
        let (before, others) = (bad.streams.current, good.streams.current)
        for _ in 0..<10 { try visitor.get(1000) }
        #expect(bad.streams.current - before == 5)
        #expect(good.streams.current - others == 5)
        for peer in [good, bad] {
            try peer.check()
            peer.drop()
        }
        try site.relay.stop()
    }

    /// Visitors in turn until the bad one has failed three: the others are answered meanwhile.
    private static func failThrice(_ bad: ProfilePeer, _ site: ProfileSite) throws {
        let deadline = Deadline()
        while bad.streams.current < 3 {
            try #require(deadline.remaining > .zero, "it gets no visitors")
            let before = bad.streams.current
            let fate = try VisitorFate(asking: Self.name, for: 1000, over: try site.relay.dial())
            #expect((fate == .served) == (bad.streams.current == before), "\(fate)")
        }
    }
}
