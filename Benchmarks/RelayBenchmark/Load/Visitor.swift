import EdgeOpenSSL

/// One of the connections that a generator keeps busy.
final class Visitor {
    /// What the generator does next.
    enum Turn {
        /// Wait for the next event.
        case wait
        /// One repetition is done; the connection goes on by itself.
        case repeated
        /// One repetition is done, and with it the connection.
        case finished
        /// The connection is idle from now on.
        case idle
        /// The connection is over before it should be.
        case failed
    }

    private enum Phase {
        case connecting
        case handshaking
        case asking
        case leaving
        case idle
    }

    /// The connection.
    let line: Line
    /// Whether room to write is waited for now.
    var waitsForRoom = true
    /// Bytes moved since this was last read and set to zero.
    var moved = 0
    /// Whether the handshake resumed a session.
    var isResumed: Bool { self.line.tls?.isResumed ?? false }
    /// What the next connection may resume.
    var session: TLSSession? { self.line.tls?.session }

    private let plan: LoadPlan
    private let request: [UInt8]
    private let scratch: Scratch
    private var phase = Phase.connecting
    private var reader = ResponseReader()

    /// Begins to dial.
    ///
    /// - Parameters:
    ///   - plan: what to do.
    ///   - request: the request that is sent each time.
    ///   - line: the connection, dialled.
    ///   - scratch: where bytes are worked on.
    init(_ plan: LoadPlan, request: [UInt8], line: Line, scratch: Scratch) {
        self.plan = plan
        self.request = request
        self.line = line
        self.scratch = scratch
    }

    /// Whether there is something to send that waits for room.
    var wantsRoom: Bool {
        switch self.phase {
        case .connecting: true
        case .asking: self.plan.kind == .upload || !self.line.isFlushed
        case .handshaking, .leaving, .idle: !self.line.isFlushed
        }
    }

    /// Goes on, since the socket is ready for something.
    ///
    /// - Returns: what comes next.
    func proceed() -> Turn {
        switch self.phase {
        case .connecting:
            guard self.line.isConnected else { return .failed }
            self.phase = .handshaking
            guard self.line.isHandshaking else { return self.ask() }
            return self.line.startHandshake() ? .wait : .failed
        case .handshaking:
            guard self.line.flush() else { return .failed }
            return self.read { turn in self.line.isHandshaking ? turn : self.agreed() }
        case .asking:
            guard self.line.flush(), self.upload() else { return .failed }
            return self.read { $0 }
        case .leaving:
            return self.leave()
        case .idle:
            guard self.line.flush() else { return .failed }
            return self.read { $0 }
        }
    }

    /// Reads once and lets a body see what it came to.
    private func read(_ body: (Turn) -> Turn) -> Turn {
        switch self.line.receive() {
        case .nothing: return body(.wait)
        case .ended, .failed: return .failed
        case .bytes(let count): return body(self.taken(count))
        }
    }

    private func agreed() -> Turn {
        guard self.plan.kind == .handshakes else { return self.ask() }
        self.line.finish()
        self.phase = .leaving
        return .wait
    }

    private func ask() -> Turn {
        self.phase = .asking
        guard self.request.withUnsafeBytes({ self.line.send($0) }), self.upload() else { return .failed }
        return .wait
    }

    /// Sends while the kernel takes it; one block waits at most.
    private func upload() -> Bool {
        guard self.plan.kind == .upload else { return true }
        while self.line.isFlushed {
            guard self.line.send(UnsafeRawBufferPointer(self.scratch.filler)) else { return false }
            self.moved += self.scratch.filler.count
        }
        return true
    }

    private func taken(_ count: Int) -> Turn {
        guard case .asking = self.phase else { return .wait }
        self.moved += count
        let bytes = UnsafeRawBufferPointer(rebasing: self.scratch.plain[..<count])
        guard let isWhole = self.reader.take(bytes) else { return .failed }
        guard isWhole else { return .wait }
        switch self.plan.kind {
        case .idle, .tunnels:
            self.phase = .idle
            return .idle
        case .requests, .download, .upload, .handshakes:
            // Whoever asked for the end waits for it, or it would be a reset.
            if self.plan.closes {
                self.phase = .leaving
                return .wait
            }
            if case .failed = self.ask() { return .failed }
            return .repeated
        }
    }

    /// Reads what the peer has to say after the end; its ticket is among it.
    private func leave() -> Turn {
        switch self.line.receive() {
        case .ended: .finished
        case .failed: .failed
        case .nothing, .bytes: .wait
        }
    }
}
