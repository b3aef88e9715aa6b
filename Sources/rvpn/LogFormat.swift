import ArgumentParser
import Logging

/// How log lines are written to standard error.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    /// `key=value` pairs, for people and for tools.
    case logfmt
    /// An object a line, for tools.
    case json

    /// Makes every logger of the process write in this format; once, before the first logger.
    ///
    /// - Parameter threshold: the least level that is written; a logger may raise or lower its own.
    func bootstrap(_ threshold: LogThreshold) {
        switch self {
        case .logfmt:
            LoggingSystem.bootstrap { _ in LogfmtHandler(threshold: threshold) }
        case .json:
            LoggingSystem.bootstrap { _ in JSONLogHandler(threshold: threshold) }
        }
    }
}
