import ArgumentParser

/// Why a command ends early: one sentence for standard error, and what to end with.
struct CommandFailure: Error {
    /// What to end with.
    let exitCode: ExitCode
    /// What happened and what mends it; never a secret.
    let message: String

    /// Creates a failure.
    ///
    /// - Parameters:
    ///   - exitCode: one of ``ExitCodes``.
    ///   - message: what happened and what mends it; never a secret.
    init(_ exitCode: ExitCode, _ message: String) {
        self.exitCode = exitCode
        self.message = message
    }
}
