import ArgumentParser

/// Measures the relay beside others.
@main
struct RelayBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "What the relay costs, beside HAProxy and nginx.",
        subcommands: [CompareCommand.self, BackendCommand.self, LoadCommand.self, LeashedCommand.self],
        defaultSubcommand: CompareCommand.self
    )
}
