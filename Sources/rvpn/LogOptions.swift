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
        (self.logFormat ?? format).bootstrap(level: self.logLevel?.level ?? level)
        return Logger(label: "rvpn")
    }
}
