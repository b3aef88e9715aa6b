import Glibc
import Synchronization

/// Ctrl-C and its like: noted at once, obeyed where it is asked for.
enum Interruption {
    private static let signal = Atomic<Int32>(0)

    /// Notes the signals that ask for an end, from now on.
    static func watch() {
        // Made before the handler runs, which may not make anything.
        _ = self.signal.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            Glibc.signal(number) { Interruption.signal.store($0, ordering: .relaxed) }
        }
    }

    /// The signal that came, or nil.
    static var received: Int32? {
        let number = self.signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Throws where a signal came.
    ///
    /// - Throws: ``Interrupted``.
    static func check() throws {
        if let number = self.received { throw Interrupted(signal: number) }
    }

    /// The user has had enough.
    struct Interrupted: Error {
        /// Which signal said so.
        let signal: Int32
    }
}
