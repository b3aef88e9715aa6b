import CSystemCalls
import EdgeTypes
import Glibc

/// What belongs to the thread that runs an ``Acceptor``, and one turn of it.
///
/// An arrival whose first look decides is never watched by the kernel's queue, which saves two system calls. One that
/// waits is watched, and taken out before it is handed over.
final class AcceptorLoop {
    /// ``Acceptor/run(_:report:)``'s question.
    typealias Decide = (Arrival, RawSpan, ArrivalSignal) -> ArrivalVerdict
    /// ``Acceptor/run(_:report:)``'s report.
    typealias Report = (AcceptorReport) -> Void

    /// A listener that is accepted from.
    struct Listener {
        /// Its socket.
        let socket: ListeningSocket
        /// What its arrivals are marked with.
        let id: ListenerID
        /// Whether its arrivals are peeked.
        let peeks: Bool
    }

    /// The kernel's list of what is ready.
    let queue: EventQueue
    /// What is granted now.
    var limits: AcceptorLimits
    /// Listeners by serial number, which is never used again.
    var listeners: [UInt32: Listener] = [:]
    /// Arrivals that wait or are refused.
    var slots = ArrivalSlots()
    /// Who waits.
    var census = WaitingCensus() {
        didSet { self.waiting.show(self.census.count) }
    }
    /// How many are being refused.
    var refusing = 0
    /// When arrivals are asked about without an event.
    var deadlines = DeadlineHeap<ArrivalSlots.Key, ContinuousClock.Instant>()
    /// Whether there are descriptors to accept with.
    var accepting = AcceptPauseStateMachine()
    /// First bytes of the arrival that is looked at, and what is dropped.
    let buffer: UnsafeMutableRawBufferPointer
    /// The address of the arrival that is accepted.
    let address: UnsafeMutableRawBufferPointer

    /// Rung by other threads that left a command.
    let bell: Int32

    private let waiting: WaitingGauge
    private var serial: UInt32 = 0

    /// Opens the kernel's queue.
    init(limits: AcceptorLimits, bell: Int32, waiting: WaitingGauge) throws(SystemError) {
        self.queue = try EventQueue()
        self.limits = limits
        self.bell = bell
        self.waiting = waiting
        self.buffer = .allocate(byteCount: AcceptorLimits.largestPreface.bytes, alignment: 64)
        self.address = .allocate(byteCount: SocketAddress.capacity, alignment: 8)
        self.address.initializeMemory(as: UInt8.self, repeating: 0)
        try self.queue.add(bell, EventQueue.readable, token: EventToken.bell.bits)
    }

    deinit {
        self.buffer.deallocate()
        self.address.deallocate()
    }

    /// Obeys another thread.
    ///
    /// - Returns: false when it says to stop; then everything is closed.
    func obey(_ command: Acceptor.Command, _ decide: Decide, _ report: Report) -> Bool {
        switch command {
        case .add(let socket, let id, let peeks):
            self.serial &+= 1
            let token = EventToken.listener(serial: self.serial)
            do throws(SystemError) {
                try self.queue.add(socket.descriptor, EventQueue.readable, token: token.bits)
                self.listeners[self.serial] = Listener(socket: socket, id: id, peeks: peeks)
            } catch {
                socket.close()
                report(.listenerFailed(id, error))
            }
        case .remove(let id, let completion):
            for (serial, listener) in self.listeners where listener.id == id {
                // Whoever the kernel has connected already would be reset by the close.
                self.accept(serial, most: Self.mostOfBacklog, decide, report)
                self.listeners[serial] = nil
                listener.socket.close()
            }
            completion?()
        case .replaceLimits(let limits):
            self.limits = limits
        case .stop:
            self.closeAll(report)
            return false
        }
        return true
    }

    /// Waits for events and the next deadline, and does what they ask for.
    func turn(_ decide: Decide, _ report: Report) {
        let count = self.queue.wait(milliseconds: self.millisecondsToNext(from: .now))
        let now = ContinuousClock.now
        for index in 0..<count {
            let (events, token) = self.queue.event(index)
            switch EventToken(token) {
            case .bell: self.hush()
            case .listener(let serial): self.accept(serial, most: Self.batch, decide, report)
            case .arrival(let key): self.woken(key, events, at: now, decide, report)
            }
        }
        self.resumeAccepting(at: now, report)
        while let key = self.deadlines.takeDue(at: now) { self.timeCame(key, at: now, decide, report) }
        // Entries of arrivals that are gone stay until they are due; here they may be as many as three times the rest.
        if self.deadlines.count > 1024 + 4 * self.slots.count {
            self.deadlines.compact { self.slots.contains($0) }
        }
    }

    private func millisecondsToNext(from now: ContinuousClock.Instant) -> Int32 {
        let next: ContinuousClock.Instant? =
            switch (self.deadlines.next, self.accepting.next) {
            case (let deadline?, let accepting?): min(deadline, accepting)
            case (let deadline, nil): deadline
            case (nil, let accepting): accepting
            }
        guard let next else { return -1 }
        return Int32(clamping: now.duration(to: next).wholeMilliseconds)
    }

    /// Takes the bell's count away.
    private func hush() {
        var count: UInt64 = 0
        _ = read(self.bell, &count, 8)
    }

    private func closeAll(_ report: Report) {
        for listener in self.listeners.values { listener.socket.close() }
        self.listeners = [:]
        for key in self.slots.keys {
            guard let kept = self.slots[key] else { continue }
            switch kept.phase {
            case .waiting:
                self.forget(key, kept)
                _ = self.readOffPending(kept.arrival.descriptor)
                _ = close(kept.arrival.descriptor)
                report(.stopped(kept.arrival))
            case .refusing(let machine, _):
                self.endRefusal(key, kept, machine, report)
            }
        }
    }
}
