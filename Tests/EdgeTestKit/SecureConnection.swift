import EdgeOpenSSL

/// A TLS connection that a test plays by hand, over another connection.
package final class SecureConnection: ByteConnection {
    /// Why the handshake ended without a connection.
    package struct Refusal: Error, CustomStringConvertible {
        /// OpenSSL's words, with the alert's name where the peer sent one.
        package let description: String
    }

    private let carrier: any ByteConnection
    private let connection: TLSConnection
    private var received: [UInt8] = []
    private var isEnded = false

    /// Shakes hands as the side that dials.
    ///
    /// - Parameters:
    ///   - carrier: what the records travel on.
    ///   - name: the name that is asked for and verified.
    ///   - authority: the PEM file that is trusted; nobody is verified when nil.
    ///   - protocols: what ALPN offers.
    /// - Throws: ``Refusal`` or ``JourneyFailure``.
    package init(
        dialling carrier: any ByteConnection,
        name: String,
        authority: [UInt8]?,
        protocols: [String] = []
    ) throws {
        let context = try TLSContext(
            trusting: authority.map { .pem($0) } ?? .nothing,
            applicationProtocols: protocols
        )
        self.carrier = carrier
        self.connection = try TLSConnection(connecting: context, name: name, isAddress: false)
        try self.shakeHands()
    }

    /// Shakes hands as the side that accepts.
    ///
    /// - Parameters:
    ///   - carrier: what the records travel on.
    ///   - context: made for serving.
    /// - Throws: ``Refusal`` or ``JourneyFailure``.
    init(accepting carrier: any ByteConnection, _ context: TLSContext) throws {
        self.carrier = carrier
        self.connection = try TLSConnection(accepting: context)
        try self.shakeHands()
    }

    /// The application protocol agreed on.
    package var applicationProtocol: String? { self.connection.applicationProtocol }

    private func shakeHands() throws {
        let deadline = Deadline()
        var input: [UInt8] = []
        while true {
            var consumed = 0
            let step = self.connection.handshake(input.span.bytes, consumed: &consumed)
            try self.carrier.write(self.connection.takePendingOutput(), by: deadline)
            switch step {
            case .done:
                self.received = Array(input[consumed...])
                return
            case .needsBytes:
                input = try self.carrier.read(65_536, by: deadline)
                guard !input.isEmpty else { throw Refusal(description: "the peer ended inside the handshake") }
            case .failed(let error): throw Refusal(description: "\(error)")
            case .closed, .outputFull: throw Refusal(description: "\(step)")
            }
        }
    }

    package func read(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        while !self.isEnded {
            let (bytes, step) = self.decrypt(count)
            let answer = self.connection.takePendingOutput()
            if !answer.isEmpty { try? self.carrier.write(answer, by: deadline) }
            switch step {
            case .closed: self.isEnded = true
            case .failed(let error): throw JourneyFailure("TLS failed: \(error)")
            case .needsBytes, .outputFull, .done: break
            }
            if !bytes.isEmpty { return bytes }
            guard !self.isEnded else { return [] }
            self.received = try self.carrier.read(65_536, by: deadline)
            // Without close_notify: the end, but not an orderly one.
            if self.received.isEmpty { self.isEnded = true }
        }
        return []
    }

    private func decrypt(_ count: Int) -> (bytes: [UInt8], step: TLSStep) {
        var step = TLSStep.needsBytes
        var consumed = 0
        let ciphertext = self.received
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var plaintext = unsafe OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(buffer), initializedCount: 0)
            step = self.connection.read(ciphertext.span.bytes, into: &plaintext, consumed: &consumed)
            filled = unsafe plaintext.finalize(for: UnsafeMutableRawBufferPointer(buffer))
        }
        self.received.removeFirst(consumed)
        return (bytes, step)
    }

    package func write(_ bytes: [UInt8], by deadline: Deadline) throws {
        var failure: OpenSSLError?
        // A record adds at most 256 bytes to 16 KiB; what does not fit becomes pending output.
        let records = [UInt8](unsafeUninitializedCapacity: bytes.count + bytes.count / 32 + 1024) { buffer, filled in
            var ciphertext = unsafe OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(buffer), initializedCount: 0)
            failure = self.connection.write(bytes.span.bytes, into: &ciphertext)
            filled = unsafe ciphertext.finalize(for: UnsafeMutableRawBufferPointer(buffer))
        }
        if let failure { throw JourneyFailure("TLS failed: \(failure)") }
        try self.carrier.write(records + self.connection.takePendingOutput(), by: deadline)
    }

    package func finishWriting() {
        self.connection.shutdown()
        try? self.carrier.write(self.connection.takePendingOutput(), by: Deadline())
        self.carrier.finishWriting()
    }

    package func close() {
        self.connection.shutdown()
        try? self.carrier.write(self.connection.takePendingOutput(), by: Deadline())
        self.carrier.close()
    }
}
