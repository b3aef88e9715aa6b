import ArgumentParser
import Logging

/// How much is logged, and how.
struct LogOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The least level that is logged.", valueName: "level"))
    var logLevel: LogLevel?

    @Option(help: ArgumentHelp("How log lines are written.", valueName: "format"))
    var logFormat: LogFormat?

    /// Sets logging up for the process.
    ///
    /// - Parameters:
    ///   - level: the level where the command line names none.
    ///   - format: the format where the command line names none.
    /// - Returns: the process's logger.
    func bootstrap(level: Logger.Level = .info, format: LogFormat = .logfmt) -> Logger {
        self.bootstrap(LogThreshold(self.logLevel?.level ?? level), format: format)
    }

    /// Sets logging up for the process, with a level that may change while it runs.
    ///
    /// - Parameters:
    ///   - threshold: the least level that is written.
    ///   - format: the format where the command line names none.
    /// - Returns: the process's logger.
    func bootstrap(_ threshold: LogThreshold, format: LogFormat = .logfmt) -> Logger {
        (self.logFormat ?? format).bootstrap(threshold)
        return Logger(label: "rvpn")
    }
}
