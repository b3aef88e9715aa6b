import ArgumentParser

/// What the command ends with (sysexits.h), so that a script or a service manager can tell the cases apart.
enum ExitCodes {
    /// Done.
    static let done = ExitCode(0)
    /// The command line is wrong.
    static let usage = ExitCode(64)
    /// What was asked for is not there now; worth another try.
    static let unavailable = ExitCode(69)
    /// Our own fault.
    static let internalFault = ExitCode(70)
    /// Refused: a token, or the permission to bind.
    static let refused = ExitCode(77)
    /// The configuration is wrong, or a file that it names.
    static let configuration = ExitCode(78)
}
