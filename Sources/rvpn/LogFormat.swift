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
    /// - Parameter level: the least level that is written; a logger may raise or lower its own.
    func bootstrap(level: Logger.Level) {
        switch self {
        case .logfmt:
            LoggingSystem.bootstrap { _ in LogfmtHandler(logLevel: level) }
        case .json:
            LoggingSystem.bootstrap { _ in JSONLogHandler(logLevel: level) }
        }
    }
}
