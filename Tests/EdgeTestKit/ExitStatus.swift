/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case killed(Int32)

    /// The status as waitpid(2) gives it.
    ///
    /// - Parameter raw: the status word.
    init(raw: Int32) {
        self = raw & 0x7F == 0 ? .exited((raw >> 8) & 0xFF) : .killed(raw & 0x7F)
    }

    /// The status in words.
    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .killed(let signal): "signal \(signal)"
        }
    }
}
