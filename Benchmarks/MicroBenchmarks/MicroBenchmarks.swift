import ArgumentParser
import FoundationEssentials

/// Times small pieces of the relay and counts what they allocate.
@main
struct MicroBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "micro",
        abstract: "Time per operation and allocations per operation of the relay's parts.",
        discussion: """
            Allocations are exact; they are compared with a file of thresholds. Times are those of this machine and this hour, \
            and nothing is compared with them. docs/Performance.md explains both.
            """
    )

    @Flag(help: "Count allocations only; take no times.")
    var allocations = false

    @Flag(help: "Short samples: rougher times.")
    var quick = false

    @Option(help: ArgumentHelp("Compare allocations with a file; exit code 1 where one is passed.", valueName: "file"))
    var check: String?

    @Option(
        help: ArgumentHelp("Write what was counted into a file, as this configuration's limits.", valueName: "file")
    )
    var write: String?

    @Option(help: ArgumentHelp("Only operations whose name contains this.", valueName: "text"))
    var filter: String?

    @Option(help: "How many names are looked among.")
    var names = 100_000

    @Flag(help: "One object of JSON in place of the table.")
    var json = false

    @Flag(help: "Count allocations whose number is known, say whether it was right, and end.")
    var selfCheck = false

    @Option(help: "Add so many allocations to every operation, to see that a check fails.")
    var extra = 0

    func validate() throws {
        guard self.names >= 100, self.extra >= 0 else {
            throw ValidationError("--names 100 at least, --extra 0 at least")
        }
        guard self.filter == nil || (self.check == nil && self.write == nil) else {
            throw ValidationError("--filter leaves out what --check and --write need")
        }
    }

    func run() throws {
        if Allocations.areCounted {
            let faults = Allocations.selfCheck()
            for fault in faults { print(fault) }
            guard faults.isEmpty else { throw ExitCode(70) }
        }
        if self.selfCheck {
            print(Allocations.areCounted ? "counting is exact" : "allocations are not counted in this build")
            return
        }
        let operations =
            try SniffingOperations.all() + TunnelOperations.all() + TokenOperations.all()
            + RoutingOperations.all(names: self.names)
        let measurements = operations.filter { self.filter.map($0.name.contains) ?? true }.map {
            Measurement($0, extra: self.extra, samples: self.allocations ? 0 : 9, window: self.quick ? 2e6 : 2e7)
        }
        let report = Report(measurements: measurements)
        print(self.json ? try report.json() : report.table)
        if let write {
            var thresholds = try Thresholds(path: write)
            thresholds.own = Dictionary(
                uniqueKeysWithValues: measurements.compactMap { row in row.allocations.map { (row.name, $0) } }
            )
            try thresholds.write(to: write)
        }
        guard let check else { return }
        let (breaches, slack) = try Thresholds(path: check).judge(measurements)
        for line in slack { print("lower than needed: \(line)") }
        for line in breaches { print("too many: \(line)") }
        guard breaches.isEmpty else { throw ExitCode.failure }
        print("\(measurements.count) operations within \(check)")
    }
}
