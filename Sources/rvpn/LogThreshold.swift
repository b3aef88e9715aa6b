import Logging
import Synchronization

/// The least level that the process writes; a reload may change it.
final class LogThreshold: Sendable {
    private let index: Atomic<Int>

    /// Creates a threshold.
    ///
    /// - Parameter level: the least level that is written.
    init(_ level: Logger.Level) {
        self.index = Atomic(Self.index(level))
    }

    /// The least level that is written.
    var level: Logger.Level {
        let index = self.index.load(ordering: .relaxed)
        return Logger.Level.allCases.indices.contains(index) ? Logger.Level.allCases[index] : .info
    }

    /// Changes the level.
    ///
    /// - Parameter level: the least level that is written from now on.
    func set(_ level: Logger.Level) {
        self.index.store(Self.index(level), ordering: .relaxed)
    }

    private static func index(_ level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }
}
