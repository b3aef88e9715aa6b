import CSystemCalls
import EdgeTypes
import Glibc

extension AcceptorLoop {
    /// What a look at an arrival led to.
    private enum Outcome {
        case wait(wanted: Int)
        case take((Arrival) -> Void)
        case refuse([UInt8])
        case close
        case reset
    }

    /// What a waiting arrival is watched for.
    private static let whileWaiting = EventQueue.readable | EventQueue.ended | EventQueue.once

    /// Looks at a connection that was just accepted.
    func arrived(_ new: Arrival, peeks: Bool, _ decide: Decide, _ report: Report) {
        var arrival = new
        let outcome =
            peeks
            ? self.look(&arrival, .bytes, decide)
            : self.judge(&arrival, 0, .bytes, decide) ?? self.look(&arrival, .bytes, decide)
        switch outcome {
        case .take(let handOver): handOver(arrival)
        case .refuse(let answer): self.refuse(arrival, answer, report)
        case .close: self.closeGently(arrival)
        case .reset: self.closeReset(arrival, report)
        case .wait(let wanted): self.beginWaiting(arrival, wanted, report)
        }
    }

    /// Looks at an arrival that something happened to.
    func woken(
        _ key: ArrivalSlots.Key,
        _ events: UInt32,
        at now: ContinuousClock.Instant,
        _ decide: Decide,
        _ report: Report
    ) {
        guard var kept = self.slots[key] else { return }
        switch kept.phase {
        case .refusing(let machine, let answer):
            self.continueRefusal(key, kept, machine, answer, events, report)
        case .waiting(var patience):
            if events & EventQueue.failed != 0 {
                self.forget(key, kept)
                return self.closeReset(kept.arrival, report)
            }
            if events & EventQueue.ended != 0 {
                return self.ask(key, kept, patience, .ended, at: now, decide, report)
            }
            // Counting first spares a copy of everything for each packet of a peer that sends little at a time.
            let count = min(Int(CSystemCalls_pending(kept.arrival.descriptor)), self.limits.preface.bytes)
            let action = patience.bytesCame(count, at: now)
            switch action {
            case .wait:
                return
            case .askLater(let due):
                kept.phase = .waiting(patience)
                self.slots[key] = kept
                self.deadlines.insert(key, due: due)
            case .ask:
                self.ask(key, kept, patience, .bytes, at: now, decide, report)
            }
        }
    }

    /// Looks at an arrival whose time came.
    func timeCame(_ key: ArrivalSlots.Key, at now: ContinuousClock.Instant, _ decide: Decide, _ report: Report) {
        guard let kept = self.slots[key] else { return }
        switch kept.phase {
        case .refusing(let machine, _):
            if kept.deadline <= now { self.endRefusal(key, kept, machine, report) }
        case .waiting(var patience):
            if kept.deadline <= now {
                self.ask(key, kept, patience, .timedOut, at: now, decide, report)
            } else if patience.timeCame(at: now) {
                self.ask(key, kept, patience, .bytes, at: now, decide, report)
            }
        }
    }

    /// Takes an arrival out of everything but its descriptor.
    func forget(_ key: ArrivalSlots.Key, _ kept: KeptArrival) {
        self.queue.remove(kept.arrival.descriptor)
        self.slots.remove(key)
        switch kept.phase {
        case .waiting: self.census.leave(kept.arrival.peer.address)
        case .refusing: self.refusing -= 1
        }
    }

    /// Reads and drops what is there now, and no more, so that a fast sender cannot hold the thread.
    ///
    /// - Returns: how many bytes were dropped.
    func readOffPending(_ descriptor: Int32) -> Int {
        self.readOff(max(0, Int(CSystemCalls_pending(descriptor))), descriptor)
    }

    /// Asks about an arrival that waits, and does what is said.
    private func ask(
        _ key: ArrivalSlots.Key,
        _ kept: KeptArrival,
        _ before: ArrivalPatience,
        _ signal: ArrivalSignal,
        at now: ContinuousClock.Instant,
        _ decide: Decide,
        _ report: Report
    ) {
        var arrival = kept.arrival
        let outcome = self.look(&arrival, signal, decide)
        guard case .wait(let wanted) = outcome else {
            // First out of the queue, then out of our hands: see ``ArrivalVerdict/take(_:)``.
            self.forget(key, kept)
            switch outcome {
            case .take(let handOver): handOver(arrival)
            case .refuse(let answer): self.refuse(arrival, answer, report)
            case .close, .wait: self.closeGently(arrival)
            case .reset: self.closeReset(arrival, report)
            }
            return
        }
        if arrival.peer.address != kept.arrival.peer.address {
            self.census.leave(kept.arrival.peer.address)
            if let crowd = self.enter(arrival) {
                self.queue.remove(arrival.descriptor)
                self.slots.remove(key)
                self.closeGently(arrival)
                return report(.turnedAway(arrival, crowd))
            }
        }
        var patience = before
        patience.waitsOn(wanted: wanted, at: now)
        self.slots[key] = KeptArrival(arrival: arrival, phase: .waiting(patience), deadline: kept.deadline)
    }

    /// Peeks and asks, until there is something to do or to wait for.
    private func look(_ arrival: inout Arrival, _ signal: ArrivalSignal, _ decide: Decide) -> Outcome {
        var signal = signal
        while true {
            let flags = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
            var count = recv(arrival.descriptor, self.buffer.baseAddress, self.limits.preface.bytes, flags)
            if count < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return .reset }
                guard signal.isFinal else { return .wait(wanted: 1) }
                count = 0
            } else if count == 0 {
                signal = .ended
            } else if count >= self.limits.preface.bytes {
                signal = .full
            }
            if let outcome = self.judge(&arrival, count, signal, decide) { return outcome }
            // A header was read off: the rest has room again.
            if signal == .full { signal = .bytes }
        }
    }

    /// Asks once about the bytes in the buffer.
    ///
    /// - Returns: what to do; nil when bytes were read off and the rest is to be looked at.
    private func judge(
        _ arrival: inout Arrival,
        _ count: Int,
        _ signal: ArrivalSignal,
        _ decide: Decide
    ) -> Outcome? {
        let bytes = UnsafeRawBufferPointer(rebasing: self.buffer[..<count])
        switch decide(arrival, RawSpan(_unsafeBytes: bytes), signal) {
        case .take(let handOver):
            return .take(handOver)
        case .refuse(let answer):
            return .refuse(answer)
        case .close:
            return .close
        case .wait(let atLeast):
            return signal.isFinal ? .close : .wait(wanted: min(max(atLeast, count + 1), self.limits.preface.bytes))
        case .readOff(let length, let peer, let local):
            guard length > 0, length <= count else { return .close }
            guard self.readOff(length, arrival.descriptor) == length else { return .reset }
            arrival.bytesReadOff += length
            if let peer { arrival.peer = peer }
            if let local { arrival.local = local }
            return nil
        }
    }

    private func beginWaiting(_ arrival: Arrival, _ wanted: Int, _ report: Report) {
        if let crowd = self.enter(arrival) {
            self.closeGently(arrival)
            return report(.turnedAway(arrival, crowd))
        }
        let deadline = arrival.accepted + self.limits.sniffTimeout
        let patience = ArrivalPatience(wanted: wanted, at: arrival.accepted)
        let kept = KeptArrival(arrival: arrival, phase: .waiting(patience), deadline: deadline)
        let key = self.slots.insert(kept)
        do throws(SystemError) {
            // What came since the look is told at once: a queue asked to watch looks first.
            try self.queue.add(arrival.descriptor, Self.whileWaiting, token: EventToken.arrival(key).bits)
            self.deadlines.insert(key, due: deadline)
        } catch {
            self.forget(key, kept)
            self.closeGently(arrival)
            report(.unwatched(arrival, error))
        }
    }

    /// Counts one more that waits.
    ///
    /// - Returns: the limit that forbids it; nil when it is counted.
    private func enter(_ arrival: Arrival) -> AcceptorReport.Crowd? {
        let (all, each) = (self.limits.waiting, self.limits.waitingPerAddress)
        switch self.census.enter(arrival.peer.address, limit: all, limitPerAddress: each) {
        case .admitted: return nil
        case .fullForAll: return .all(limit: all)
        case .fullForAddress: return .address(limit: each)
        }
    }

    private func readOff(_ length: Int, _ descriptor: Int32) -> Int {
        var left = length
        while left > 0 {
            let most = min(left, self.buffer.count)
            let count = recv(descriptor, self.buffer.baseAddress, most, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            left -= count
        }
        return length - left
    }

    /// Closes; what is there is read off first, since a close over unread bytes is a reset.
    private func closeGently(_ arrival: Arrival) {
        _ = self.readOffPending(arrival.descriptor)
        _ = close(arrival.descriptor)
    }

    private func closeReset(_ arrival: Arrival, _ report: Report) {
        _ = close(arrival.descriptor)
        report(.reset(arrival))
    }
}
