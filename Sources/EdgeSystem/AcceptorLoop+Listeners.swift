import CSystemCalls
import EdgeTypes
import Glibc

extension AcceptorLoop {
    /// Connections accepted from one listener before others have their turn.
    static let batch = 64
    /// Connections taken out of a backlog before its listener closes: Linux keeps no more unless told to.
    static let mostOfBacklog = 4096

    /// Accepts what a listener has, up to a number.
    func accept(_ serial: UInt32, most: Int, _ decide: Decide, _ report: Report) {
        guard let listener = self.listeners[serial] else { return }
        for _ in 0..<most {
            var length = socklen_t(SocketAddress.capacity)
            let descriptor = CSystemCalls_accept(listener.socket.descriptor, self.address.baseAddress, &length)
            guard descriptor >= 0 else {
                let code = errno
                switch code {
                case EAGAIN:
                    return
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    return self.pauseAccepting(code, report)
                case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP:
                    return self.drop(serial, listener, code, report)
                default:
                    // A signal, a peer that went again, or an error of the new connection (accept(2)): the next one.
                    continue
                }
            }
            let peer = SocketAddress.peer(UnsafeRawBufferPointer(self.address))
            let arrival = Arrival(
                descriptor: descriptor,
                peer: peer,
                local: listener.socket.dialled ?? self.dialled(descriptor),
                listener: listener.id,
                accepted: .now
            )
            self.arrived(arrival, peeks: listener.peeks, decide, report)
        }
    }

    /// Accepts again when a pause is over, and says so when descriptors have been enough for a while.
    func resumeAccepting(at now: ContinuousClock.Instant, _ report: Report) {
        switch self.accepting.timeCame(at: now) {
        case .wait: break
        case .watch:
            // Whether there is one is tried here, since there may be nobody to accept now.
            let trial = CSystemCalls_duplicate(self.bell)
            guard trial >= 0 else {
                _ = self.accepting.descriptorsRanOut(at: now)
                return
            }
            _ = close(trial)
            self.watchListeners(EventQueue.readable)
        case .report(let lasted): report(.resumed(after: lasted))
        }
    }

    /// Stops accepting for a while; a ready listener that cannot be accepted from would wake the thread for ever.
    private func pauseAccepting(_ code: Int32, _ report: Report) {
        let action = self.accepting.descriptorsRanOut(at: .now)
        self.watchListeners(0)
        switch action {
        case .stopWatching: break
        case .stopWatchingAndReport:
            report(.paused(SystemError(code: code, operation: "accept", subject: "a connection")))
        }
    }

    private func watchListeners(_ events: UInt32) {
        for (serial, listener) in self.listeners {
            let token = EventToken.listener(serial: serial).bits
            self.queue.change(listener.socket.descriptor, events, token: token)
        }
    }

    private func drop(_ serial: UInt32, _ listener: Listener, _ code: Int32, _ report: Report) {
        self.listeners[serial] = nil
        listener.socket.close()
        let subject = listener.socket.endpoint.description
        report(.listenerFailed(listener.id, SystemError(code: code, operation: "accept on", subject: subject)))
    }

    /// The address and port that the peer dialled.
    private func dialled(_ descriptor: Int32) -> PeerAddress {
        (try? SocketAddress(boundTo: descriptor))?.peer ?? .local
    }
}
