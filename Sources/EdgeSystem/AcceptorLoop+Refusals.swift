import CSystemCalls
import EdgeTypes
import Glibc

extension AcceptorLoop {
    /// What a refused arrival is watched for.
    private static let whileRefusing =
        EventQueue.readable | EventQueue.writable | EventQueue.ended | EventQueue.once

    /// Reads off what came, answers, and keeps the arrival until its peer is done, the limit or the time is reached.
    func refuse(_ arrival: Arrival, _ answer: [UInt8], _ report: Report) {
        let received = arrival.bytesReadOff + self.readOffPending(arrival.descriptor)
        var machine = RefusalStateMachine(
            answer: answer.count,
            received: received,
            drain: self.limits.refusalDrain.bytes
        )
        self.advance(&machine, answer, arrival.descriptor)
        guard !machine.isClosed, self.refusing < self.limits.waiting else {
            return self.closeRefused(arrival, machine, report)
        }
        let deadline = ContinuousClock.now + self.limits.refusalDrainTimeout
        let key = self.slots.insert(
            KeptArrival(arrival: arrival, phase: .refusing(machine, answer: answer), deadline: deadline)
        )
        do throws(SystemError) {
            try self.queue.add(arrival.descriptor, Self.whileRefusing, token: EventToken.arrival(key).bits)
            self.refusing += 1
            self.deadlines.insert(key, due: deadline)
        } catch {
            self.slots.remove(key)
            self.closeRefused(arrival, machine, report)
        }
    }

    /// Goes on with a refusal that something happened to.
    func continueRefusal(
        _ key: ArrivalSlots.Key,
        _ kept: KeptArrival,
        _ before: RefusalStateMachine,
        _ answer: [UInt8],
        _ events: UInt32,
        _ report: Report
    ) {
        var machine = before
        let descriptor = kept.arrival.descriptor
        if events & EventQueue.failed != 0 {
            _ = machine.finished()
        } else {
            self.advance(&machine, answer, descriptor)
            if events & EventQueue.ended != 0, machine.ready() == .wait {
                // The peer is done, and what it sent beyond the limit is all here: the close need not be a reset.
                _ = self.readOffPending(descriptor)
                _ = machine.finished()
            }
        }
        if machine.isClosed { return self.endRefusal(key, kept, machine, report) }
        var kept = kept
        kept.phase = .refusing(machine, answer: answer)
        self.slots[key] = kept
    }

    /// Ends a refusal that is over.
    func endRefusal(
        _ key: ArrivalSlots.Key,
        _ kept: KeptArrival,
        _ machine: RefusalStateMachine,
        _ report: Report
    ) {
        self.forget(key, kept)
        self.closeRefused(kept.arrival, machine, report)
    }

    /// Does what the machine says until the socket would block.
    private func advance(_ machine: inout RefusalStateMachine, _ answer: [UInt8], _ descriptor: Int32) {
        var action = machine.ready()
        while true {
            switch action {
            case .send(let offset):
                let count = answer.withUnsafeBytes { bytes in
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                    return send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return }
                action = count < 0 ? machine.finished() : machine.answerSent(count)
            case .finishWriting:
                _ = shutdown(descriptor, Int32(SHUT_WR))
                action = machine.writingFinished()
            case .read(let most):
                let wanted = min(most, self.buffer.count)
                let count = recv(descriptor, self.buffer.baseAddress, wanted, Int32(MSG_DONTWAIT))
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return }
                action = count <= 0 ? machine.finished() : machine.bytesReceived(count)
            case .wait, .close:
                return
            }
        }
    }

    private func closeRefused(_ arrival: Arrival, _ machine: RefusalStateMachine, _ report: Report) {
        _ = close(arrival.descriptor)
        report(.refused(arrival, received: machine.received, sent: machine.sent))
    }
}
