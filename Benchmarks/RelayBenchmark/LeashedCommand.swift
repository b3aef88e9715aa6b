import ArgumentParser
import CSystemCalls
import Glibc

/// Becomes another program that the kernel ends when the comparison does, be it by SIGKILL.
struct LeashedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "leashed", shouldDisplay: false)

    @Option
    var parent: Int32

    @Argument(parsing: .postTerminator)
    var words: [String]

    func run() throws {
        _ = CSystemCalls_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL))
        // Whoever started this may be gone already.
        guard getppid() == self.parent, let program = self.words.first else { throw ExitCode(71) }
        let texts = self.words.map { strdup($0) } + [nil]
        execvp(program, texts)
        throw ExitCode(127)
    }
}
