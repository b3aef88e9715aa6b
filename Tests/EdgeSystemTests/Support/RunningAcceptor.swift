import EdgeSystem
import EdgeTypes
import Synchronization

/// An acceptor on a thread of its own, which tells what it asks and reports.
final class RunningAcceptor: Sendable {
    /// What the acceptor did.
    enum Event: Sendable {
        case asked([UInt8], ArrivalSignal)
        case took(Arrival)
        case reported(AcceptorReport)
        case returned
    }

    /// A verdict that needs no closure.
    enum Answer: Sendable {
        case wait(Int)
        case take
        case refuse([UInt8])
        case close
        case readOff(Int, PeerAddress?, PeerAddress?)
    }

    typealias Decide = @Sendable (Arrival, [UInt8], ArrivalSignal) -> Answer

    let acceptor: Acceptor
    let log = EventLog<Event>()
    private let thread: TestThread

    init(limits: AcceptorLimits = AcceptorLimits(), _ decide: @escaping Decide) throws {
        let acceptor = try Acceptor(limits: limits)
        let log = self.log
        self.acceptor = acceptor
        self.thread = TestThread {
            try? acceptor.run { arrival, bytes, signal in
                let copy = bytes.withUnsafeBytes { Array($0) }
                log.append(.asked(copy, signal))
                switch decide(arrival, copy, signal) {
                case .wait(let count): return .wait(atLeast: count)
                case .take: return .take { log.append(.took($0)) }
                case .refuse(let answer): return .refuse(answer)
                case .close: return .close
                case .readOff(let count, let peer, let local): return .readOff(count, peer: peer, local: local)
                }
            } report: {
                log.append(.reported($0))
            }
            log.append(.returned)
        }
    }

    /// Listens on this machine at a port that the kernel picks.
    func listen(
        _ id: Int = 1,
        peeks: Bool = true,
        options: ListenerOptions = ListenerOptions()
    ) throws -> SocketEndpoint {
        let socket = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0), options: options)
        self.acceptor.add(socket, id: ListenerID(rawValue: id), peeks: peeks)
        return socket.endpoint
    }

    /// The next question.
    func nextQuestion() -> (bytes: [UInt8], signal: ArrivalSignal)? {
        guard case .asked(let bytes, let signal) = self.log.next() else { return nil }
        return (bytes, signal)
    }

    /// The next arrival that was taken, questions left out.
    func nextTaken() -> Arrival? {
        while let event = self.log.next() {
            switch event {
            case .asked: continue
            case .took(let arrival): return arrival
            case .reported, .returned: return nil
            }
        }
        return nil
    }

    /// The next report, questions left out.
    func nextReport() -> AcceptorReport? {
        while let event = self.log.next() {
            switch event {
            case .asked: continue
            case .reported(let report): return report
            case .took, .returned: return nil
            }
        }
        return nil
    }

    /// Stops it and waits until its thread is gone.
    func stop() {
        self.acceptor.stop()
        self.thread.join()
    }
}
