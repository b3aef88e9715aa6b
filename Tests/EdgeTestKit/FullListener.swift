import Glibc

/// A port of this machine that answers nobody: its queue is full and nothing is accepted.
package final class FullListener {
    /// The port on 127.0.0.1.
    package let port: UInt16
    private let descriptors: [Int32]

    /// Listens, and fills the queue.
    ///
    /// - Throws: ``JourneyFailure`` when no port is free.
    package init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard LoopbackAddress.with(0, { bind(listener, $0, $1) }) == 0, listen(listener, 0) == 0 else {
            Glibc.close(listener)
            throw JourneyFailure("no port is free")
        }
        let port = LoopbackAddress.port(of: listener)
        self.port = port
        // A queue of length 0 holds one; whoever comes after it hears nothing.
        self.descriptors =
            [listener]
            + (0..<4).map { _ in
                let dialled = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
                _ = fcntl(dialled, F_SETFL, O_NONBLOCK)
                _ = LoopbackAddress.with(port) { connect(dialled, $0, $1) }
                return dialled
            }
    }

    deinit {
        for descriptor in self.descriptors { Glibc.close(descriptor) }
    }
}
