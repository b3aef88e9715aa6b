import CSystemCalls
import EdgeOpenSSL
import Glibc

/// A connected socket, with TLS or without, that never waits.
final class Line {
    /// What a read came to.
    enum Intake {
        /// So many bytes lie in the scratch's `plain`.
        case bytes(Int)
        /// Nothing more for now.
        case nothing
        /// The peer will send no more.
        case ended
        /// The connection is over.
        case failed
    }

    /// The socket.
    let descriptor: Int32
    /// Its TLS.
    let tls: TLSConnection?
    /// Whether TLS is still being agreed on.
    private(set) var isHandshaking: Bool
    /// Whether everything that was to be sent is with the kernel.
    var isFlushed: Bool { self.waiting.isEmpty }

    private let scratch: Scratch
    private var waiting: [UInt8] = []
    private var waitingStart = 0

    /// Takes over a socket.
    ///
    /// - Parameters:
    ///   - descriptor: the socket, not blocking.
    ///   - tls: its TLS, the handshake not begun.
    ///   - scratch: where bytes are worked on.
    init(_ descriptor: Int32, tls: TLSConnection?, scratch: Scratch) {
        self.descriptor = descriptor
        self.tls = tls
        self.isHandshaking = tls != nil
        self.scratch = scratch
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(self.descriptor)
    }

    /// Dials a port of this machine; the socket becomes writable when it is connected.
    ///
    /// - Parameters:
    ///   - port: the port.
    ///   - tls: the TLS to speak.
    ///   - scratch: where bytes are worked on.
    /// - Returns: the line, or nil where no socket is to be had.
    static func dial(_ port: UInt16, tls: TLSConnection?, scratch: Scratch) -> Line? {
        let descriptor = CSystemCalls_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 1)
        guard descriptor >= 0 else { return nil }
        let result = Loopback.with(port) { connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else {
            close(descriptor)
            return nil
        }
        return Line(descriptor, tls: tls, scratch: scratch)
    }

    /// Whether the dial succeeded.
    var isConnected: Bool {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 && code == 0
    }

    /// Says the first words of TLS, on the side that dials.
    ///
    /// - Returns: false when the connection is over.
    func startHandshake() -> Bool {
        guard let tls else { return true }
        var consumed = 0
        if case .failed = tls.handshake(RawSpan(), consumed: &consumed) { return false }
        return self.sendPending()
    }

    /// Reads once; not optimized, as ``seal(_:with:)`` is not.
    ///
    /// - Returns: what came of it; the handshake goes on by itself.
    @_optimize(none)
    func receive() -> Intake {
        let memory = self.tls == nil ? self.scratch.plain : self.scratch.received
        let count = recv(self.descriptor, memory.baseAddress, memory.count, 0)
        guard count > 0 else {
            if count == 0 { return .ended }
            return errno == EAGAIN || errno == EINTR ? .nothing : .failed
        }
        guard let tls else { return .bytes(count) }
        let ciphertext = UnsafeRawBufferPointer(rebasing: memory[..<count]).bytes
        var consumed = 0
        if self.isHandshaking {
            let step = tls.handshake(ciphertext, consumed: &consumed)
            guard self.sendPending() else { return .failed }
            switch step {
            case .done: self.isHandshaking = false
            case .needsBytes: return .nothing
            case .outputFull, .closed, .failed: return .failed
            }
        }
        var plain = OutputRawSpan(buffer: self.scratch.plain, initializedCount: 0)
        let step = tls.read(ciphertext.extracting(droppingFirst: consumed), into: &plain, consumed: &consumed)
        let length = plain.finalize(for: self.scratch.plain)
        guard self.sendPending() else { return .failed }
        switch step {
        case .needsBytes, .done: return length > 0 ? .bytes(length) : .nothing
        case .closed: return length > 0 ? .bytes(length) : .ended
        case .outputFull, .failed: return .failed
        }
    }

    /// Sends bytes, or keeps those that the kernel does not take.
    ///
    /// - Parameter bytes: at most ``Scratch/block`` of them.
    /// - Returns: false when the connection is over.
    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let tls else { return self.put(bytes) }
        let length = self.seal(bytes, with: tls)
        guard length >= 0 else { return false }
        return self.put(UnsafeRawBufferPointer(rebasing: self.scratch.sealed[..<length])) && self.sendPending()
    }

    /// Encrypts into the scratch's `sealed`; gives the length, or -1 where TLS is over.
    ///
    /// Not optimized: Swift 6.3's optimizer (CopyPropagation) breaks off at the output span.
    @_optimize(none)
    private func seal(_ bytes: UnsafeRawBufferPointer, with tls: TLSConnection) -> Int {
        var sealed = OutputRawSpan(buffer: self.scratch.sealed, initializedCount: 0)
        let failure = tls.write(bytes.bytes, into: &sealed)
        let length = sealed.finalize(for: self.scratch.sealed)
        return failure == nil ? length : -1
    }

    /// Offers the kernel what it did not take before.
    ///
    /// - Returns: false when the connection is over.
    func flush() -> Bool {
        guard !self.waiting.isEmpty else { return true }
        let sent = self.waiting.withUnsafeBytes { bytes in
            self.offer(UnsafeRawBufferPointer(rebasing: bytes[self.waitingStart...]))
        }
        guard let sent else { return false }
        self.waitingStart += sent
        if self.waitingStart == self.waiting.count {
            self.waiting.removeAll(keepingCapacity: self.waiting.capacity <= 128 << 10)
            self.waitingStart = 0
        }
        return true
    }

    /// Says that nothing more will be sent; what the peer has to say is still read.
    func finish() {
        self.tls?.shutdown()
        _ = self.sendPending()
        shutdown(self.descriptor, Int32(SHUT_WR))
    }

    /// Sends what TLS has to say by itself.
    private func sendPending() -> Bool {
        guard let tls, tls.hasPendingOutput else { return true }
        return tls.takePendingOutput().withUnsafeBytes { self.put($0) }
    }

    private func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard self.waiting.isEmpty else {
            self.waiting.append(contentsOf: bytes)
            return true
        }
        guard let sent = self.offer(bytes) else { return false }
        self.waiting.append(contentsOf: bytes[sent...])
        return true
    }

    /// How many bytes the kernel takes; nil when the connection is over.
    private func offer(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty else { return 0 }
        let count = Glibc.send(self.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
}
