import Foundation
import Glibc
import Synchronization

/// A program that runs beside the test: its output is kept, its end is waited for with a limit, and it never outlives its
/// owner.
package final class ChildProcess: Sendable {
    /// Everything known about the process so far.
    package struct Record: Sendable {
        /// What it wrote to standard output.
        package var output: [UInt8] = []
        /// The whole lines it wrote to standard error.
        package var errorLines: [String] = []
        /// How it ended.
        package var status: ExitStatus?
        fileprivate var unfinishedLine: [UInt8] = []

        /// The whole lines it wrote to standard output.
        package var outputLines: [String] {
            guard let end = self.output.lastIndex(of: 0x0A) else { return [] }
            return String(decoding: self.output[..<end], as: UTF8.self).components(separatedBy: "\n")
        }
    }

    /// What is known so far; changes as the process goes on.
    package let record = Watched(Record())
    /// Its number.
    package let identifier: Int32
    private let name: String
    private let input: Mutex<Int32>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: its path, or a name to look for along PATH.
    ///   - arguments: without the program's own name.
    ///   - environment: set on top of ours.
    ///   - folder: where it starts; ours when nil.
    /// - Throws: ``JourneyFailure`` when it cannot be started.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        folder: String? = nil
    ) throws {
        // A child that reads no more must fail the test, not end it.
        signal(SIGPIPE, SIG_IGN)
        self.name = ([(program as NSString).lastPathComponent] + arguments).joined(separator: " ")
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        // What is set for the tests would override the configurations that they write.
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("RVPN_") }
        let all = inherited.merging(environment) { $1 }
        // env(1) changes the folder: Glibc's own way is not shown to Swift.
        let words = (folder.map { ["env", "-C", $0] } ?? []) + [program] + arguments
        let spawned = DescriptorGate.starting {
            Self.spawn(words, all.map { "\($0.key)=\($0.value)" }, [input.reading, output.writing, errors.writing])
        }
        for descriptor in [input.reading, output.writing, errors.writing] { Glibc.close(descriptor) }
        self.input = Mutex(input.writing)
        self.identifier = spawned.identifier
        guard spawned.failure == 0 else {
            for descriptor in [output.reading, errors.reading] { Glibc.close(descriptor) }
            throw JourneyFailure("\(program) cannot be started: \(String(cString: strerror(spawned.failure)))")
        }
        let identifier = spawned.identifier
        let record = self.record
        Thread.detachNewThread {
            Self.follow(output.reading, errors.reading, into: record)
            var raw: Int32 = 0
            while waitpid(identifier, &raw, 0) < 0, errno == EINTR {}
            record.change { record in
                record.endLine()
                record.status = ExitStatus(raw: raw)
            }
        }
    }

    deinit {
        self.closeInput()
        self.send(SIGKILL)
    }

    /// Sends a signal, unless the process has ended.
    ///
    /// - Parameter signal: its number.
    package func send(_ signal: Int32) {
        self.record.change { record in
            if record.status == nil { _ = kill(self.identifier, signal) }
        }
    }

    /// Writes to its standard input.
    ///
    /// - Parameter bytes: what to write.
    package func write(_ bytes: [UInt8]) {
        self.input.withLock { descriptor in
            var offset = 0
            while offset < bytes.count {
                let count = bytes.withUnsafeBytes { bytes in
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                    return Glibc.write(descriptor, rest.baseAddress, rest.count)
                }
                guard count > 0 else { return }
                offset += count
            }
        }
    }

    /// Ends its standard input.
    package func closeInput() {
        self.input.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    /// Waits for its end, and kills it when it does not come.
    ///
    /// - Parameter limit: how long to wait.
    /// - Returns: how it ended.
    /// - Throws: ``JourneyFailure`` with what it wrote.
    @discardableResult
    package func waitForEnd(within limit: Duration = Deadline.patience) throws -> ExitStatus {
        if let status = self.record.wait(by: Deadline(limit), for: { $0.status }) { return status }
        self.send(SIGKILL)
        throw self.failure("did not end within \(limit)")
    }

    /// Waits for a line on standard error.
    ///
    /// - Parameters:
    ///   - what: the line in words, for the failure.
    ///   - limit: how long to wait.
    ///   - first: the number of the first line that counts.
    ///   - isWanted: whether a line is the one.
    /// - Returns: the line.
    /// - Throws: ``JourneyFailure`` with what it wrote, also when the process ends without the line.
    @discardableResult
    package func waitForErrorLine(
        _ what: String,
        within limit: Duration = Deadline.patience,
        from first: Int = 0,
        where isWanted: (String) -> Bool
    ) throws -> String {
        let found: String?? = self.record.wait(by: Deadline(limit)) { record in
            if let line = record.errorLines.dropFirst(first).first(where: isWanted) { return .some(line) }
            return record.status == nil ? nil : .some(nil)
        }
        guard case .some(.some(let line)) = found else { throw self.failure("did not say \(what)") }
        return line
    }

    /// A failure that shows what the process wrote.
    ///
    /// - Parameter what: what went wrong, after the program's name.
    /// - Returns: the failure.
    package func failure(_ what: String) -> JourneyFailure {
        let record = self.record.current
        let output = String(decoding: record.output.suffix(4096), as: UTF8.self)
        let errors = record.errorLines.suffix(60).joined(separator: "\n")
        let status = record.status.map { "\($0)" } ?? "still running"
        return JourneyFailure("`\(self.name)` \(what) (\(status))\n--- stdout\n\(output)\n--- stderr\n\(errors)")
    }

    /// Reads both pipes until they end.
    private static func follow(_ output: Int32, _ errors: Int32, into record: Watched<Record>) {
        var pipes = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while pipes.contains(where: { $0.fd >= 0 }) {
            guard poll(&pipes, 2, -1) > 0 || errno == EINTR else { return }
            for index in pipes.indices where pipes[index].fd >= 0 && pipes[index].revents != 0 {
                let count = read(pipes[index].fd, &chunk, chunk.count)
                if count > 0 {
                    record.change { $0.append(chunk[..<count], isError: index == 1) }
                } else if count == 0 || errno != EINTR {
                    Glibc.close(pipes[index].fd)
                    pipes[index].fd = -1
                }
            }
        }
    }

    /// The pipes are closed on exec, so that no other child keeps one open.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            let ends = DescriptorGate.making {
                var ends: [Int32] = [-1, -1]
                return pipe(&ends) == 0 ? ends : [-1, -1]
            }
            guard ends[0] >= 0 else { throw JourneyFailure("no more pipes") }
            (self.reading, self.writing) = (ends[0], ends[1])
        }
    }

    private static func spawn(
        _ words: [String],
        _ environment: [String],
        _ streams: [Int32]
    ) -> (identifier: pid_t, failure: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let texts = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for text in texts + variables { free(text) } }
        var identifier: pid_t = 0
        let failure = posix_spawnp(&identifier, words[0], &actions, &attributes, texts, variables)
        return (identifier, failure)
    }
}

extension ChildProcess.Record {
    fileprivate mutating func append(_ bytes: ArraySlice<UInt8>, isError: Bool) {
        guard isError else {
            self.output.append(contentsOf: bytes)
            return
        }
        self.unfinishedLine.append(contentsOf: bytes)
        while let end = self.unfinishedLine.firstIndex(of: 0x0A) {
            self.errorLines.append(String(decoding: self.unfinishedLine[..<end], as: UTF8.self))
            self.unfinishedLine.removeSubrange(...end)
        }
    }

    fileprivate mutating func endLine() {
        guard !self.unfinishedLine.isEmpty else { return }
        self.errorLines.append(String(decoding: self.unfinishedLine, as: UTF8.self))
        self.unfinishedLine = []
    }
}
