import EdgeConnections
import EdgeTypes
import Testing

@Suite
struct TunnelRegistryTests {
    private let registry = TunnelRegistry<String>(lastSeenLimit: 3)

    private func patterns(_ texts: [String]) -> [HostnamePattern] {
        texts.compactMap { HostnamePattern($0) }
    }

    private func name(_ text: String) throws -> Hostname {
        try #require(Hostname(text))
    }

    /// Registers the next tunnel as a member named for its number.
    @discardableResult
    private func register(
        _ texts: String...,
        identity: String? = nil,
        signer: String = "main",
        since: Int = 100
    ) -> TunnelRegistrationOutcome<String> {
        let id = self.registry.nextID()
        return self.registry.register(
            TunnelRegistration(
                id: id,
                identity: identity,
                signer: signer,
                patterns: self.patterns(texts),
                since: since,
                member: id.description
            )
        )
    }

    private func tunnel(_ number: UInt64) -> TunnelID {
        TunnelID(rawValue: number)
    }

    private func members(of text: String) throws -> [String] {
        self.registry.lookup(try self.name(text)).map(\.member)
    }

    private func chosen(_ text: String, times: Int) throws -> [String?] {
        let name = try self.name(text)
        return (0..<times).map { _ in
            self.registry.choose(name, by: { count, turn, _ in turn % count }, load: { _ in .ready(streams: 0) })
        }
    }

    // MARK: Looking up

    @Test(arguments: [
        ("a.example.com", ["t1"]),
        ("b.example.com", ["t2"]),
        ("x.y.example.com", ["t3"]),
        ("deep.x.y.example.com", ["t3"]),
        ("y.example.com", ["t2"]),
        ("example.com", []),
        ("badexample.com", []),
        ("other.test", []),
        ("2001:db8::1", []),
    ])
    func theExactNameComesFirstAndThenTheLongestPattern(text: String, expected: [String]) throws {
        self.register("a.example.com")
        self.register("*.example.com")
        self.register("*.y.example.com")
        #expect(try self.members(of: text) == expected)
    }

    @Test
    func aPatternOfEveryNameComesLast() throws {
        self.register("*")
        self.register("*.example.com")
        #expect(try self.members(of: "a.example.com") == ["t2"])
        #expect(try self.members(of: "example.com") == ["t1"])
        #expect(try self.members(of: "192.0.2.1") == ["t1"])
    }

    @Test
    func aPatternServesAgainWhenTheExactNameHasLeft() throws {
        self.register("a.example.com")
        self.register("*.example.com")
        self.registry.remove(self.tunnel(1), at: 200)
        #expect(try self.members(of: "a.example.com") == ["t2"])
        #expect(self.registry.presence(of: try self.name("a.example.com")) == .held)
    }

    // MARK: Choosing

    @Test
    func tunnelsOfOneNameAreChosenInTurn() throws {
        for _ in 0..<3 { self.register("a.test") }
        #expect(try self.chosen("a.test", times: 7) == ["t1", "t2", "t3", "t1", "t2", "t3", "t1"])
    }

    @Test
    func everyPatternCountsItsOwnTurns() throws {
        for _ in 0..<2 { self.register("*.a.test", "b.test") }
        #expect(try self.chosen("x.a.test", times: 1) == ["t1"])
        #expect(try self.chosen("b.test", times: 2) == ["t1", "t2"])
        #expect(try self.chosen("y.a.test", times: 2) == ["t2", "t1"])
    }

    @Test
    func thePolicySeesTheLoadsAndTunnelsThatTakeNothingAreLeftOut() throws {
        for _ in 0..<3 { self.register("a.test") }
        let loads: [String: TunnelLoad] = ["t1": .ready(streams: 1), "t2": .closed, "t3": .ready(streams: 5)]
        var seen: [Int] = []
        let chosen = self.registry.choose(
            try self.name("a.test"),
            by: { count, _, load in
                seen = (0..<count).map(load)
                return 1
            },
            load: { loads[$0] ?? .closed }
        )
        #expect(seen == [1, 5])
        #expect(chosen == "t3")
    }

    @Test
    func aTunnelInDoubtIsChosenOnlyWhereNoOtherIsReady() throws {
        for _ in 0..<2 { self.register("a.test") }
        let name = try self.name("a.test")
        for _ in 0..<4 {
            let chosen = self.registry.choose(
                name,
                by: { count, turn, _ in turn % count },
                load: { $0 == "t1" ? .doubtful(streams: 0) : .ready(streams: 9) }
            )
            #expect(chosen == "t2")
        }
        let tried = self.registry.choose(name, by: { _, _, _ in 0 }, load: { _ in .doubtful(streams: 0) })
        #expect(tried == "t1")
    }

    @Test
    func theOnlyTunnelIsNotChosenWhenItTakesNothing() throws {
        self.register("a.test")
        let name = try self.name("a.test")
        let refused = self.registry.choose(name, by: { _, _, _ in 0 }, load: { _ in .closed })
        #expect(refused == nil)
        let taken = self.registry.choose(name, by: { _, _, _ in 0 }, load: { _ in .ready(streams: 3) })
        #expect(taken == "t1")
    }

    @Test
    func aPolicyThatPointsNowhereChoosesNobody() throws {
        for _ in 0..<2 { self.register("a.test") }
        let chosen = self.registry.choose(
            try self.name("a.test"),
            by: { _, _, _ in 9 },
            load: { _ in .ready(streams: 0) }
        )
        #expect(chosen == nil)
        #expect(try self.chosen("nobody.test", times: 1) == [nil])
    }

    // MARK: Registering

    @Test
    func aNameOfAnotherSecretIsTakenAndNothingIsRegistered() throws {
        self.register("a.test", signer: "main")
        let outcome = self.register("b.test", "a.test", signer: "other")
        guard case .nameTaken(let pattern) = outcome else {
            Issue.record("expected a taken name, got \(outcome)")
            return
        }
        #expect(pattern == HostnamePattern("a.test"))
        #expect(self.registry.count == 1)
        #expect(try self.members(of: "b.test") == [])
        #expect(try self.members(of: "a.test") == ["t1"])
    }

    @Test
    func aNameOfTheSameSecretIsShared() throws {
        self.register("a.test", identity: "one")
        let outcome = self.register("a.test", identity: "two")
        guard case .registered(replaced: [], elders: _) = outcome else {
            Issue.record("expected to share, got \(outcome)")
            return
        }
        #expect(try self.members(of: "a.test") == ["t1", "t2"])
    }

    @Test
    func aClientTakesThePlaceOfItsGhost() throws {
        self.register("a.test", "b.test", identity: "one")
        self.register("a.test", identity: "two")
        let outcome = self.register("a.test", identity: "one", since: 150)
        guard case .registered(replaced: ["t1"], elders: _) = outcome else {
            Issue.record("expected to take over, got \(outcome)")
            return
        }
        #expect(try self.members(of: "a.test") == ["t2", "t3"])
        #expect(self.registry.presence(of: try self.name("b.test")) == .away(lastSeen: 150))
        let late = self.registry.remove(self.tunnel(1), at: 160)
        #expect(late == nil)
        #expect(try self.members(of: "a.test") == ["t2", "t3"])
        #expect(self.registry.presence(of: try self.name("b.test")) == .away(lastSeen: 150))
    }

    @Test
    func anIdentityAloneDisplacesNobody() throws {
        self.register("a.test", identity: "one", signer: "main")
        let otherNames = self.register("b.test", identity: "one", signer: "main")
        guard case .registered(replaced: [], elders: _) = otherNames else {
            Issue.record("expected both to stay, got \(otherNames)")
            return
        }
        let otherSecret = self.register("a.test", identity: "one", signer: "other")
        guard case .nameTaken = otherSecret else {
            Issue.record("expected a taken name, got \(otherSecret)")
            return
        }
        #expect(self.registry.count == 2)
    }

    @Test
    func grantingTakesOverRefusesOrGivesLikeRegistering() throws {
        self.register("a.test", identity: "one")
        self.register("c.test", signer: "other")
        self.register(identity: "one", since: 120)
        #expect(self.registry.count == 3)
        let wish = self.patterns(["d.test", "c.test"])
        let taken = self.registry.grant(
            TunnelRegistryGrants(patterns: wish),
            signer: "main",
            to: self.tunnel(3),
            at: 130
        )
        guard case .nameTaken = taken else {
            Issue.record("expected a taken name, got \(taken)")
            return
        }
        #expect(try self.members(of: "d.test") == [])
        let given = self.registry.grant(
            TunnelRegistryGrants(patterns: self.patterns(["a.test"])),
            signer: "main",
            to: self.tunnel(3),
            at: 140
        )
        guard case .registered(replaced: ["t1"], elders: _) = given else {
            Issue.record("expected to take over, got \(given)")
            return
        }
        let again = self.registry.grant(
            TunnelRegistryGrants(patterns: self.patterns(["a.test"])),
            signer: "main",
            to: self.tunnel(3),
            at: 141
        )
        guard case .registered(replaced: [], elders: _) = again else {
            Issue.record("expected nothing new, got \(again)")
            return
        }
        #expect(try self.members(of: "a.test") == ["t3"])
        let ghost = self.registry.grant(
            TunnelRegistryGrants(patterns: self.patterns(["e.test"])),
            signer: "main",
            to: self.tunnel(1),
            at: 142
        )
        guard case .gone = ghost else {
            Issue.record("expected a gone tunnel, got \(ghost)")
            return
        }
        #expect(try self.members(of: "e.test") == [])
    }

    @Test
    func revokingTakesOnlyWhatTheTunnelHolds() throws {
        self.register("a.test", "b.test")
        self.register("b.test")
        self.registry.revoke(
            TunnelRegistryGrants(patterns: self.patterns(["b.test", "nobody.test"])),
            from: self.tunnel(1),
            at: 170
        )
        #expect(try self.members(of: "b.test") == ["t2"])
        self.registry.revoke(TunnelRegistryGrants(patterns: self.patterns(["a.test"])), from: self.tunnel(1), at: 171)
        #expect(self.registry.presence(of: try self.name("a.test")) == .away(lastSeen: 171))
        #expect(self.registry.presence(of: try self.name("nobody.test")) == .nobody)
        #expect(self.registry.tunnels().map(\.patterns) == [[], self.patterns(["b.test"])])
    }

    // MARK: Leaving

    @Test
    func leavingUndoesAllThatRegisteringDid() throws {
        let texts = ["a.test", "*.a.test", "a.test", "*"]
        self.register("a.test")
        for _ in 0..<2 {
            let id = self.registry.nextID()
            _ = self.registry.register(
                TunnelRegistration(
                    id: id,
                    identity: "one",
                    signer: "main",
                    patterns: self.patterns(texts),
                    since: 100,
                    member: "guest"
                )
            )
            #expect(try self.members(of: "a.test") == ["t1", "guest"])
            let left = self.registry.remove(id, at: 180)
            #expect(left == "guest")
            let again = self.registry.remove(id, at: 190)
            #expect(again == nil)
            #expect(self.registry.count == 1)
            #expect(try self.members(of: "a.test") == ["t1"])
            #expect(try self.members(of: "x.a.test") == [])
            #expect(self.registry.presence(of: try self.name("x.a.test")) == .away(lastSeen: 180))
        }
    }

    @Test
    func aNameThatIsServedAgainIsNoLongerAway() throws {
        self.register("a.test")
        let name = try self.name("a.test")
        #expect(self.registry.presence(of: name) == .held)
        self.registry.remove(self.tunnel(1), at: 200)
        #expect(self.registry.presence(of: name) == .away(lastSeen: 200))
        self.register("a.test")
        #expect(self.registry.presence(of: name) == .held)
        let names = self.registry.names()
        #expect(names.map(\.pattern) == [.exact(name)])
        #expect(names.map(\.tunnels) == [[self.tunnel(2)]])
        #expect(names.map(\.lastSeen) == [nil])
    }

    @Test
    func onlyTheNewestAbsentNamesAreRemembered() throws {
        for number in 1...5 {
            self.register("n\(number).test")
            self.registry.remove(self.tunnel(UInt64(number)), at: 200 + number)
        }
        #expect(self.registry.names().map(\.pattern.description) == ["n3.test", "n4.test", "n5.test"])
        #expect(self.registry.presence(of: try self.name("n1.test")) == .nobody)
        // The oldest one comes and goes: it is the newest now, and the next newcomer pushes another one out.
        for (number, text) in [(6, "n3.test"), (7, "n6.test")] {
            self.register(text)
            self.registry.remove(self.tunnel(UInt64(number)), at: 200 + number)
        }
        #expect(self.registry.names().map(\.pattern.description) == ["n3.test", "n5.test", "n6.test"])
        #expect(self.registry.presence(of: try self.name("n3.test")) == .away(lastSeen: 206))
    }

    @Test
    func aNameThatComesAndGoesManyTimesIsRememberedOnce() throws {
        for number in 1...50 {
            self.register("a.test")
            self.registry.remove(self.tunnel(UInt64(number)), at: number)
        }
        #expect(self.registry.names().count == 1)
        #expect(self.registry.presence(of: try self.name("a.test")) == .away(lastSeen: 50))
    }

    @Test
    func aSnapshotListsTunnelsAndNames() throws {
        self.register("b.test", "*.a.test", identity: "one", since: 120)
        self.register("b.test", since: 130)
        let tunnels = self.registry.tunnels()
        #expect(tunnels.map(\.id) == [self.tunnel(1), self.tunnel(2)])
        #expect(tunnels.first?.patterns == self.patterns(["b.test", "*.a.test"]))
        #expect(tunnels.first?.identity == "one")
        #expect(tunnels.first?.since == 120)
        let names = self.registry.names()
        #expect(names.map(\.pattern.description) == ["*.a.test", "b.test"])
        #expect(names.last?.tunnels == [self.tunnel(1), self.tunnel(2)])
    }
}
