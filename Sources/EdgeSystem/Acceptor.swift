import CSystemCalls
import Glibc

/// Accepts connections, looks at their first bytes, and hands them out.
///
/// One thread blocks in ``run(_:report:)``. It peeks, so the bytes stay in the socket; it waits for those that have not
/// said enough, within ``AcceptorLimits``; it decides nothing. All else may be called from any thread, and takes effect
/// on the next turn of that thread.
///
/// What crosses threads is a queue of commands under a lock, a descriptor that lives as long as this object, and a
/// counter. Everything else belongs to the thread that runs.
package final class Acceptor: Sendable {
    /// What another thread asks of the one that runs.
    enum Command: Sendable {
        case add(ListeningSocket, ListenerID, peeks: Bool)
        case remove(ListenerID, (@Sendable () -> Void)?)
        case replaceLimits(AcceptorLimits)
        case stop
    }

    private struct Mailbox: Sendable {
        var commands: [Command] = []
        var isRunning = false
        var isOver = false
    }

    private let mailbox = LockedValue(Mailbox())
    private let waiting = WaitingGauge()
    private let limits: AcceptorLimits
    private let bell: Int32

    /// Creates an acceptor that does nothing until it runs.
    ///
    /// - Parameter limits: what peers are granted before they have said what they want.
    /// - Throws: ``SystemError`` when no descriptor is left.
    package init(limits: AcceptorLimits) throws(SystemError) {
        self.limits = limits
        self.bell = CSystemCalls_eventfd()
        guard self.bell >= 0 else { throw SystemError(code: errno, operation: "make", subject: "an event counter") }
    }

    deinit {
        self.mailbox.withLock { mailbox in
            for case .add(let listener, _, _) in mailbox.commands { listener.close() }
        }
        _ = close(self.bell)
    }

    /// How many arrivals wait for bytes.
    package var waitingCount: Int { self.waiting.value }

    /// Accepts from a listener from now on; its descriptor is the acceptor's.
    ///
    /// - Parameters:
    ///   - listener: the socket.
    ///   - id: what its arrivals are marked with; a number that no other live listener has.
    ///   - peeks: whether first bytes are waited for; when not, arrivals are asked about at once and without bytes.
    package func add(_ listener: ListeningSocket, id: ListenerID, peeks: Bool) {
        if !self.post(.add(listener, id, peeks: peeks)) { listener.close() }
    }

    /// Accepts what a listener's backlog holds, then closes it; arrivals that wait go on.
    ///
    /// - Parameters:
    ///   - id: which listener.
    ///   - completion: called once it is closed, on the acceptor's thread, or on this one after the acceptor's end.
    package func remove(_ id: ListenerID, completion: (@Sendable () -> Void)? = nil) {
        if !self.post(.remove(id, completion)) { completion?() }
    }

    /// Grants other limits to what is accepted from now on.
    ///
    /// - Parameter limits: the limits.
    package func replaceLimits(_ limits: AcceptorLimits) {
        _ = self.post(.replaceLimits(limits))
    }

    /// Ends ``run(_:report:)``: listeners and waiting arrivals are closed.
    package func stop() {
        _ = self.post(.stop)
    }

    /// Accepts until ``stop()``, and blocks this thread for as long.
    ///
    /// Both closures are called on this thread and hold everybody up while they run. An acceptor runs once.
    ///
    /// - Parameters:
    ///   - decide: what becomes of an arrival, given the first bytes that are there; they stay in the socket. Until
    ///     the verdict the descriptor is the acceptor's, and `decide` must not touch it.
    ///   - report: what happened without being asked.
    /// - Throws: ``SystemError`` when no descriptor is left for the kernel's event queue; then every listener added
    ///   is closed.
    package func run(
        _ decide: (Arrival, RawSpan, ArrivalSignal) -> ArrivalVerdict,
        report: (AcceptorReport) -> Void
    ) throws(SystemError) {
        let isFirst = self.mailbox.withLock { mailbox in
            defer { mailbox.isRunning = true }
            return !mailbox.isRunning
        }
        precondition(isFirst, "an acceptor runs once")
        defer { self.end() }
        let loop = try AcceptorLoop(limits: self.limits, bell: self.bell, waiting: self.waiting)
        while true {
            let commands = self.takeCommands()
            for (index, command) in commands.enumerated() {
                guard loop.obey(command, decide, report) else { return self.settle(commands[(index + 1)...]) }
            }
            loop.turn(decide, report)
        }
    }

    /// Leaves a command and wakes the thread that runs; false after its end.
    private func post(_ command: Command) -> Bool {
        let isTaken = self.mailbox.withLock { mailbox in
            guard !mailbox.isOver else { return false }
            mailbox.commands.append(command)
            return true
        }
        var one: UInt64 = 1
        if isTaken { _ = write(self.bell, &one, 8) }
        return isTaken
    }

    private func takeCommands() -> [Command] {
        self.mailbox.withLock { mailbox in
            guard !mailbox.commands.isEmpty else { return [] }
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
    }

    /// Takes no more commands, and settles those that came too late.
    private func end() {
        let late = self.mailbox.withLock { mailbox in
            mailbox.isOver = true
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
        self.settle(late[...])
    }

    /// Answers commands that nobody obeys any more.
    private func settle(_ commands: ArraySlice<Command>) {
        for command in commands {
            switch command {
            case .add(let listener, _, _): listener.close()
            case .remove(_, let completion): completion?()
            case .replaceLimits, .stop: break
            }
        }
    }
}
