/// A whole connection: a tunnel's channel from its upgrade on, and the channels of its visitors, on a loop in memory.
enum ConnectionFuzzing {
    /// Feeds choices: what the peer of the tunnel sends, what visitors do, what channels take, and when time passes.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        var input = FuzzInput(bytes)
        let scenario: Scenario
        do {
            scenario = try Scenario(&input)
        } catch let finding as FuzzFinding {
            throw finding
        } catch {
            throw FuzzFinding("a scenario that cannot begin: \(error)")
        }
        var failure: FuzzFinding?
        do throws(FuzzFinding) {
            try scenario.begin(&input)
            var steps = 0
            while !input.isEmpty, steps < 400 {
                try scenario.step(&input)
                steps += 1
            }
            try scenario.end(steps)
        } catch {
            failure = error
        }
        let remains = scenario.remains
        scenario.drop()
        if let failure { throw failure }
        try remains.check()
    }
}
