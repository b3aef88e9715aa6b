import EdgeConnections
import EdgeMetering
import EdgeTypes
import Testing

@Suite
struct ReaperStateMachineTests {
    private let start = ContinuousClock.now
    private let meters = ConnectionMeters()

    private func connection(_ phase: ConnectionRecord.Phase, id: UInt64 = 1) -> ConnectionSnapshot {
        ConnectionSnapshot(
            ConnectionRecord(
                id: ConnectionID(rawValue: id),
                accepted: self.start,
                acceptedUnixSeconds: 0,
                peer: .local,
                listener: "l",
                applicationProtocol: .http,
                name: nil,
                decision: "",
                meters: self.meters,
                phase: phase
            )
        )
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant {
        self.start.advanced(by: .milliseconds(Int64(seconds * 1000)))
    }

    private var id: ConnectionID { ConnectionID(rawValue: 1) }

    @Test(arguments: [ConnectionRecord.Phase.arriving, .keptAlive])
    func aConnectionThatMovesNothingIsClosedAtItsLimit(phase: ConnectionRecord.Phase) {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(10)))
        let early = reaper.tick([self.connection(phase)], at: self.at(9.5))
        #expect(early.close == [])
        #expect(early.next == .milliseconds(500))
        let due = reaper.tick([self.connection(phase)], at: self.at(10))
        #expect(due.close == [self.id])
        let again = reaper.tick([self.connection(phase)], at: self.at(11))
        #expect(again.close == [self.id])
    }

    @Test
    func bytesInEitherDirectionKeepAConnectionOpen() {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(10)))
        _ = reaper.tick([self.connection(.keptAlive)], at: self.at(1))
        #expect(reaper.lastActive(of: self.id) == self.start)
        self.meters.addRawReceived(1)
        _ = reaper.tick([self.connection(.keptAlive)], at: self.at(9))
        #expect(reaper.lastActive(of: self.id) == self.at(9))
        self.meters.addRawSent(1)
        let moved = reaper.tick([self.connection(.keptAlive)], at: self.at(18))
        #expect(moved.close == [])
        let still = reaper.tick([self.connection(.keptAlive)], at: self.at(27))
        #expect(still.close == [])
        #expect(reaper.lastActive(of: self.id) == self.at(18))
        let due = reaper.tick([self.connection(.keptAlive)], at: self.at(28))
        #expect(due.close == [self.id])
    }

    @Test
    func whatMovedBeforeTheFirstLookCountsAsMovedThen() {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(10)))
        self.meters.addRawReceived(5)
        let first = reaper.tick([self.connection(.keptAlive)], at: self.at(60))
        #expect(first.close == [])
        #expect(reaper.lastActive(of: self.id) == self.at(60))
    }

    @Test
    func aRoutedStreamHasItsOwnLimitAndNoneByDefault() {
        var patient = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(10)))
        let never = patient.tick([self.connection(.routed)], at: self.at(1_000_000))
        #expect(never.close == [])
        var strict = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(10), streamIdle: .seconds(60)))
        let early = strict.tick([self.connection(.routed)], at: self.at(59))
        #expect(early.close == [])
        let due = strict.tick([self.connection(.routed)], at: self.at(60))
        #expect(due.close == [self.id])
    }

    @Test
    func aTunnelIsNeverIdle() {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(1), streamIdle: .seconds(1)))
        let tick = reaper.tick([self.connection(.tunnel)], at: self.at(1_000_000))
        #expect(tick.close == [])
    }

    @Test
    func aConnectionThatLeftIsForgotten() {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(10)))
        _ = reaper.tick([self.connection(.arriving), self.connection(.arriving, id: 2)], at: self.at(1))
        #expect(reaper.lastActive(of: self.id) != nil)
        _ = reaper.tick([self.connection(.arriving, id: 2)], at: self.at(2))
        #expect(reaper.lastActive(of: self.id) == nil)
        #expect(reaper.lastActive(of: ConnectionID(rawValue: 2)) == self.start)
    }

    @Test(arguments: [
        (Duration.seconds(300), Duration.seconds(30)),
        (.seconds(86_400), .seconds(30)),
        (.seconds(10), .seconds(1)),
        (.milliseconds(10), .milliseconds(100)),
    ])
    func anEmptyTableIsLookedAtNowAndThen(idle: Duration, next: Duration) {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: idle))
        let tick = reaper.tick([], at: self.start)
        #expect(tick.close == [])
        #expect(tick.next == next)
    }

    @Test
    func newSettingsHoldFromTheNextLookOn() {
        var reaper = ReaperStateMachine(settings: ReaperSettings(idle: .seconds(100)))
        let patient = reaper.tick([self.connection(.arriving)], at: self.at(20))
        #expect(patient.close == [])
        reaper.settings = ReaperSettings(idle: .seconds(10))
        let strict = reaper.tick([self.connection(.arriving)], at: self.at(21))
        #expect(strict.close == [self.id])
    }
}
