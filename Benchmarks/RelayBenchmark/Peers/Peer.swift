import EdgeTestKit

/// A program that is measured: how to start it, and where its work is done.
protocol Peer {
    /// Its column in the table.
    var name: String { get }

    /// The ways that it has; all others are left out.
    var ways: Set<Measure.Way> { get }

    /// Starts it and waits until it accepts connections.
    ///
    /// - Parameter needsClient: whether a tunnel is needed, too.
    /// - Returns: what runs.
    /// - Throws: where it does not come up.
    func start(needsClient: Bool) throws -> RunningPeer
}

/// A peer that runs; ends with its owner.
struct RunningPeer {
    /// The process whose tree is charged.
    let process: ChildProcess
    /// What it needs beside it, charged to nobody.
    let beside: [ChildProcess]
    /// Its port for each way.
    let ports: [Measure.Way: UInt16]

    /// Ends everything, the one that is charged first.
    func stop() {
        for process in [self.process] + self.beside {
            process.send(15)
        }
        for process in [self.process] + self.beside {
            _ = try? process.waitForEnd(within: .seconds(5))
        }
    }
}
