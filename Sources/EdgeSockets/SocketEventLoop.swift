package import EdgeSystem
import NIOCore
import Synchronization

/// An event loop for sockets of ours: one thread that blocks in ``run()``, and one list of the kernel's (epoll, each change
/// told once).
///
///     wait -> events of sockets -> reads put off -> timers that are due -> tasks -> wait
///
/// It is a loop like any other of SwiftNIO's, with channels (``SocketChannel``) that keep less and ask the kernel less
/// often: a socket is watched once for all it may do, and nothing is asked of the kernel again until it is closed.
///
/// `@unchecked Sendable`: what other threads reach is the inbox, under its lock, the bell, and the identity of the thread. All
/// else belongs to the thread that runs.
package final class SocketEventLoop: EventLoop, @unchecked Sendable {
    typealias Task = () -> Void

    struct Inbox: @unchecked Sendable {
        var tasks: [Task] = []
        /// Whether the thread waits for events, or is about to.
        var sleeps = false
        var stops = false
        var isOver = false
        var whenOver: [@Sendable () -> Void] = []
    }

    let inbox = LockedValue(Inbox())
    private let bell = Bell()
    /// The thread that runs; zero before.
    private let owner = Atomic<UInt>(0)

    private let queue: EventQueue
    private var slots = WatcherSlots()
    /// Tasks of the thread's own.
    private var tasks: [Task] = []
    /// Those of them that run now.
    private var running: [Task] = []
    /// Whoever has something to read and was not served in this turn.
    private var readers: [SocketWatcher] = []
    var timers = LoopTimers()

    /// Creates a loop that does nothing until it runs.
    ///
    /// - Throws: ``SystemError`` when no descriptor is left.
    package init() throws(SystemError) {
        self.queue = try EventQueue()
        try self.queue.add(self.bell.descriptor, EventQueue.readable | EventQueue.once, token: WatcherSlots.bell)
    }

    deinit {
        self.bell.close()
    }

    /// Whether this thread is the loop's.
    package var inEventLoop: Bool { self.owner.load(ordering: .relaxed) == ThreadIdentity.current }

    /// How many timers are kept, of cancelled ones too; for the loop's own thread.
    package var timerCount: Int { self.timers.count }

    /// Runs until it is told to stop; then every channel is closed.
    package func run() {
        self.owner.store(ThreadIdentity.current, ordering: .relaxed)
        while true {
            let stops = self.takeTasks()
            self.runTasks()
            if stops { break }
            self.turn()
        }
        self.end()
    }

    /// Ends ``run()``.
    package func stop() {
        let sleeps = self.inbox.withLock { inbox in
            inbox.stops = true
            defer { inbox.sleeps = false }
            return inbox.sleeps
        }
        if sleeps { self.bell.ring() }
    }

    /// Watches a socket for all that may happen to it.
    func watch(_ socket: StreamSocket, _ watcher: SocketWatcher) throws(SystemError) {
        let place = self.slots.insert(watcher)
        do throws(SystemError) {
            let events = EventQueue.readable | EventQueue.writable | EventQueue.ended | EventQueue.once
            try self.queue.add(socket.descriptor, events, token: place.token)
            watcher.place = place
        } catch {
            self.slots.remove(place)
            throw error
        }
    }

    /// Tells another watcher of a socket's events from now on.
    func hand(over old: SocketWatcher, to new: SocketWatcher) {
        guard let place = old.place else { return }
        self.slots.replace(at: place, with: new)
        new.place = place
        old.place = nil
    }

    /// Tells nobody any more; the close of the descriptor takes it out of the kernel's list.
    func forget(_ watcher: SocketWatcher) {
        guard let place = watcher.place else { return }
        self.slots.remove(place)
        watcher.place = nil
    }

    /// Lets a watcher read in this turn, after the events that have come.
    func readLater(_ watcher: SocketWatcher) {
        self.readers.append(watcher)
    }

    /// Puts a task in line; wakes the thread when it sleeps.
    ///
    /// - Returns: false when the loop is over.
    @discardableResult
    func post(_ task: @escaping Task) -> Bool {
        if self.inEventLoop {
            self.tasks.append(task)
            return true
        }
        let (isTaken, sleeps) = self.inbox.withLock { inbox in
            guard !inbox.isOver else { return (false, false) }
            inbox.tasks.append(task)
            defer { inbox.sleeps = false }
            return (true, inbox.sleeps)
        }
        if sleeps { self.bell.ring() }
        return isTaken
    }

    /// Calls back when ``run()`` has ended.
    func whenOver(_ callback: @escaping @Sendable () -> Void) {
        let isOver = self.inbox.withLock { inbox in
            if !inbox.isOver { inbox.whenOver.append(callback) }
            return inbox.isOver
        }
        if isOver { callback() }
    }

    /// Waits for events and the next timer, and does what they ask for.
    private func turn() {
        let count = self.queue.wait(milliseconds: self.patience())
        self.inbox.withLock { $0.sleeps = false }
        for index in 0..<count {
            let (events, token) = self.queue.event(index)
            guard token != WatcherSlots.bell else { continue }
            self.slots.watcher(at: WatcherSlots.Place(token: token))?.ready(events)
        }
        self.runReaders()
        let now = NIODeadline.now()
        while let task = self.timers.takeDue(at: now) { task(true) }
    }

    /// How long to wait, in milliseconds; -1 for ever.
    ///
    /// From here on other threads ring the bell.
    private func patience() -> Int32 {
        guard self.tasks.isEmpty, self.readers.isEmpty else { return 0 }
        let isAwaited = self.inbox.withLock { inbox in
            inbox.sleeps = inbox.tasks.isEmpty && !inbox.stops
            return !inbox.sleeps
        }
        return isAwaited ? 0 : self.timers.milliseconds(from: .now())
    }

    /// Takes what other threads have left.
    ///
    /// - Returns: whether the loop shall end.
    private func takeTasks() -> Bool {
        self.inbox.withLock { inbox in
            if !inbox.tasks.isEmpty {
                self.tasks += inbox.tasks
                inbox.tasks.removeAll(keepingCapacity: true)
            }
            return inbox.stops
        }
    }

    /// Runs what was in line at the beginning; what that puts in line comes after the next look at the sockets.
    private func runTasks() {
        guard !self.tasks.isEmpty else { return }
        swap(&self.tasks, &self.running)
        for task in self.running { task() }
        // The room is used again, unless it is that of a rush.
        self.running.removeAll(keepingCapacity: self.running.count <= 1024)
    }

    private func runReaders() {
        guard !self.readers.isEmpty else { return }
        let readers = self.readers
        self.readers = []
        for reader in readers { reader.readNow() }
    }

    private func end() {
        for watcher in self.slots.all { watcher.loopEnds() }
        for task in self.timers.removeAll() { task(false) }
        // What a close puts in line is done, and what that puts in line.
        var callbacks: [@Sendable () -> Void]?
        repeat {
            _ = self.takeTasks()
            self.runTasks()
            guard self.tasks.isEmpty else { continue }
            callbacks = self.inbox.withLock { inbox in
                guard inbox.tasks.isEmpty else { return nil }
                inbox.isOver = true
                defer { inbox.whenOver = [] }
                return inbox.whenOver
            }
        } while callbacks == nil
        for task in self.timers.removeAll() { task(false) }
        for callback in callbacks ?? [] { callback() }
    }
}
