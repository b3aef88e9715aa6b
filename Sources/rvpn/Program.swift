import ArgumentParser
import EdgeSystem

/// The process: what needs its first thread happens here, before any other is started; then tasks do the work.
@main
enum Program {
    static func main() {
        do {
            if let serve = try RVPNCommand.parseAsRoot() as? ServeCommand {
                // Ports are bound and root's rights are given up before there is a second thread.
                let start = try serve.start()
                MainThread.run { await self.status { try await ServeCommand.run(start) } }
            }
        } catch {
            RVPNCommand.end(with: error)
        }
        MainThread.run { await self.status { try await self.run() } }
    }

    /// Runs the command that the command line names.
    private static func run() async throws {
        var command = try RVPNCommand.parseAsRoot()
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    private static func status(_ body: () async throws -> Void) async -> Int32 {
        do {
            try await body()
            return 0
        } catch {
            RVPNCommand.end(with: error)
        }
    }
}
