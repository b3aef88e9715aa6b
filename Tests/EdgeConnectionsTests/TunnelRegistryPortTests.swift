import EdgeConnections
import EdgeTypes
import Testing

/// Public TCP ports in the registry: held, shared and left like names.
@Suite
struct TunnelRegistryPortTests {
    private let registry = TunnelRegistry<String>()

    @discardableResult
    private func register(
        _ ports: [UInt16],
        names: [String] = [],
        identity: String? = nil,
        signer: String = "main"
    ) -> TunnelRegistrationOutcome<String> {
        let id = self.registry.nextID()
        return self.registry.register(
            TunnelRegistration(
                id: id,
                identity: identity,
                signer: signer,
                patterns: names.compactMap { HostnamePattern($0) },
                ports: ports,
                since: 100,
                member: id.description
            )
        )
    }

    private func chosen(_ port: UInt16) -> String? {
        self.registry.choose(port: port, by: { count, turn, _ in turn % count }, load: { _ in .ready(streams: 0) })
    }

    @Test
    func tunnelsOfOnePortAreChosenInTurnAndLeaveNothingBehind() {
        for _ in 0..<2 { self.register([5000]) }
        #expect((0..<4).map { _ in self.chosen(5000) } == ["t1", "t2", "t1", "t2"])
        #expect(self.chosen(5001) == nil)
        for number in 1...2 { self.registry.remove(TunnelID(rawValue: UInt64(number)), at: 200) }
        #expect(self.chosen(5000) == nil)
        #expect(self.registry.tunnels().isEmpty)
    }

    @Test
    func aPortOfAnotherSecretIsTakenAndNoNameIsRegisteredWithIt() throws {
        self.register([5000])
        guard case .portTaken(5000) = self.register([4999, 5000], names: ["a.test"], signer: "other") else {
            Issue.record("the port was given away")
            return
        }
        #expect(self.registry.presence(of: try #require(Hostname("a.test"))) == .nobody)
        #expect(self.chosen(4999) == nil)
        #expect(self.registry.count == 1)
    }

    @Test
    func aReturningClientTakesThePortFromItsGhost() {
        self.register([5000], identity: "phone")
        guard case .registered(replaced: ["t1"], elders: []) = self.register([5000], identity: "phone") else {
            Issue.record("the ghost kept its port")
            return
        }
        #expect((0..<2).map { _ in self.chosen(5000) } == ["t2", "t2"])
    }

    @Test
    func aNewcomerWithoutIdentityHearsOfItsEldersTheLatestFirst() {
        for _ in 0..<20 { self.register([5000]) }
        guard case .registered(replaced: [], let elders) = self.register([5000]) else {
            Issue.record("it was refused")
            return
        }
        #expect(elders == (5...20).reversed().map { "t\($0)" })
        guard case .registered(replaced: [], elders: []) = self.register([5000], identity: "phone") else {
            Issue.record("a client with an identity asks for nobody else")
            return
        }
    }

    @Test
    func whatIsTakenBackIsHeldNoMore() {
        self.register([5000, 5001])
        self.registry.revoke(TunnelRegistryGrants(ports: [5000, 7]), from: TunnelID(rawValue: 1), at: 200)
        #expect(self.chosen(5000) == nil)
        #expect(self.chosen(5001) == "t1")
        #expect(self.registry.tunnels().map(\.ports) == [[5001]])
    }
}
