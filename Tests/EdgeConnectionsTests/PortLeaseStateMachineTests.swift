import EdgeConnections
import EdgeTypes
import Testing

@Suite
struct PortLeaseStateMachineTests {
    private typealias Claimant = PortLeaseStateMachine.Claimant

    private let start = ContinuousClock.now

    private func claimant(_ number: UInt64, _ identity: String? = nil, signer: String = "main") -> Claimant {
        Claimant(id: TunnelID(rawValue: number), identity: identity, signer: signer)
    }

    private func later(_ seconds: Int) -> ContinuousClock.Instant { self.start + .seconds(seconds) }

    @Test
    func aFreePortIsBoundOnceAndJoinedBySiblings() {
        var machine = PortLeaseStateMachine()
        #expect(machine.claimed(5000, by: self.claimant(1)) == .bind)
        #expect(machine.claimed(5000, by: self.claimant(2)) == .join)
        #expect(machine.claimed(5000, by: self.claimant(2)) == .join)
        #expect(machine.claimed(5000, by: self.claimant(3, signer: "other")) == .refuse)
        #expect(machine.ports(of: TunnelID(rawValue: 2)) == [5000])
        #expect(machine.ports(of: TunnelID(rawValue: 3)) == [])
    }

    @Test
    func aPortIsKeptForItsSignerUntilItsTimeIsOver() {
        var machine = PortLeaseStateMachine()
        _ = machine.claimed(5000, by: self.claimant(1))
        machine.left(TunnelID(rawValue: 1), keepingUntil: self.later(30))
        #expect(machine.timePassed(at: self.later(29)) == [])
        #expect(machine.claimed(5000, by: self.claimant(2, signer: "other")) == .refuse)
        #expect(machine.claimed(5000, by: self.claimant(3)) == .join)
        #expect(machine.timePassed(at: self.later(60)) == [])
        machine.left(TunnelID(rawValue: 3), keepingUntil: self.later(90))
        #expect(machine.timePassed(at: self.later(90)) == [5000])
        #expect(machine.claimed(5000, by: self.claimant(4, signer: "other")) == .bind)
    }

    @Test
    func aPortWithSeveralTunnelsStaysHeldUntilTheLastLeaves() {
        var machine = PortLeaseStateMachine()
        for number in 1...2 { _ = machine.claimed(5000, by: self.claimant(UInt64(number))) }
        machine.left(TunnelID(rawValue: 1), keepingUntil: self.start)
        #expect(machine.timePassed(at: self.later(1)) == [])
        machine.left(TunnelID(rawValue: 2), keepingUntil: self.start)
        #expect(machine.timePassed(at: self.later(1)) == [5000])
        #expect(machine.count == 0)
    }

    @Test
    func aPickedPortComesBackToItsIdentityAlone() {
        var machine = PortLeaseStateMachine()
        machine.picked(20_000, by: self.claimant(1, "phone"))
        #expect(machine.kept(for: self.claimant(2, "phone")) == 20_000)
        #expect(machine.kept(for: self.claimant(2, "phone", signer: "other")) == nil)
        #expect(machine.kept(for: self.claimant(2)) == nil)
        machine.left(TunnelID(rawValue: 1), keepingUntil: self.later(30))
        #expect(machine.claimed(20_000, by: self.claimant(3)) == .refuse)
        #expect(machine.claimed(20_000, by: self.claimant(4, "tablet")) == .refuse)
        #expect(machine.claimed(20_000, by: self.claimant(5, "phone")) == .join)
    }

    @Test
    func aPickedPortOfNobodyInParticularIsSharedWithNobody() {
        var machine = PortLeaseStateMachine()
        machine.picked(20_000, by: self.claimant(1))
        #expect(machine.claimed(20_000, by: self.claimant(1)) == .join)
        #expect(machine.claimed(20_000, by: self.claimant(2)) == .refuse)
    }

    @Test
    func whatIsAbandonedIsFreeAtOnceWhenNobodyElseHoldsIt() {
        var machine = PortLeaseStateMachine()
        for number in 1...2 { _ = machine.claimed(5000, by: self.claimant(UInt64(number))) }
        #expect(machine.abandoned(5000, by: TunnelID(rawValue: 3)) == false)
        #expect(machine.abandoned(5000, by: TunnelID(rawValue: 1)) == false)
        #expect(machine.abandoned(5000, by: TunnelID(rawValue: 1)) == false)
        #expect(machine.abandoned(5000, by: TunnelID(rawValue: 2)) == true)
        #expect(!machine.isLeased(5000))
        #expect(machine.claimed(5000, by: self.claimant(4, signer: "other")) == .bind)
    }
}
