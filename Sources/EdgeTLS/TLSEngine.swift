package import EdgeOpenSSL
package import EdgeTypes

/// TLS without a socket: ciphertext in, plaintext out, and back; both roles.
///
/// The engine runs where it is called, on one thread at a time, and waits for nothing. The signature of a handshake is
/// computed in that call too: a fraction of a millisecond with ECDSA, one to two with RSA.
package final class TLSEngine {
    /// Most plaintext in a record, in bytes (RFC 8446 §5.1).
    package static let recordLimit = 16_384
    /// What a record adds to its plaintext at most, in bytes: header 5, nonce 8, tag 16 (TLS 1.2), with room to 32.
    private static let recordOverhead = 32
    /// Room for a key update that leaves with the next record, in bytes (RFC 8446 §4.6.3).
    private static let keyUpdateRoom = 64

    private let connection: TLSConnection
    private var machine = TLSStateMachine()

    /// Creates the side that accepts.
    ///
    /// - Parameter context: made for serving.
    /// - Throws: ``TLSError/setup(_:)``.
    package init(accepting context: TLSContext) throws(TLSError) {
        do throws(OpenSSLError) {
            self.connection = try TLSConnection(accepting: context)
        } catch {
            throw .setup(error)
        }
    }

    /// Creates the side that dials.
    ///
    /// The name is sent (RFC 6066 §3) unless it is an address, and verified unless the context trusts nothing.
    ///
    /// - Parameters:
    ///   - context: made for trusting.
    ///   - serverName: the host or address that is dialled.
    ///   - session: what an earlier connection to the same host left, or nil.
    /// - Throws: ``TLSError/setup(_:)``.
    package init(
        connecting context: TLSContext,
        serverName: Hostname,
        resuming session: TLSSession? = nil
    ) throws(TLSError) {
        do throws(OpenSSLError) {
            self.connection = try TLSConnection(
                connecting: context,
                name: serverName.text,
                isAddress: serverName.isAddressLiteral,
                resuming: session
            )
        } catch {
            throw .setup(error)
        }
    }

    /// Capacity that ``send(_:into:)`` needs at most.
    ///
    /// - Parameter count: bytes of plaintext.
    /// - Returns: bytes of ciphertext: records of 16 KiB and what each adds.
    package static func ciphertextBound(forPlaintext count: Int) -> Int {
        let records = count / self.recordLimit + 1
        return count + records * self.recordOverhead + self.keyUpdateRoom
    }

    /// Begins the handshake of the side that dials: the ClientHello becomes pending output.
    ///
    /// - Throws: ``TLSError/handshake(_:)``.
    package func startHandshake() throws(TLSError) {
        switch self.machine.started() {
        case .ignore: return
        case .handshake: break
        }
        var consumed = 0
        let nothing = RawSpan()
        switch self.connection.handshake(nothing, consumed: &consumed) {
        case .failed(let error):
            self.machine.failed()
            throw .handshake(error)
        case .done: self.machine.handshakeCompleted()
        case .needsBytes, .outputFull, .closed: break
        }
    }

    /// Takes bytes from the peer and decrypts what can be.
    ///
    /// All bytes are taken unless the plaintext has no room left; then call again with the rest and more room. Whatever
    /// must be said to the peer in turn is pending output afterwards, also when this fails.
    ///
    /// - Parameters:
    ///   - ciphertext: what came; may be empty, to fetch plaintext that had no room before.
    ///   - plaintext: where application data goes.
    /// - Returns: how many bytes were taken and what comes next.
    package func receive(_ ciphertext: RawSpan, into plaintext: inout OutputRawSpan) -> TLSReceipt {
        switch self.machine.bytesReceived() {
        case .decrypt:
            return self.decrypt(ciphertext, from: 0, into: &plaintext, isFirst: false)
        case .handshake:
            var consumed = 0
            switch self.connection.handshake(ciphertext, consumed: &consumed) {
            case .done:
                self.machine.handshakeCompleted()
                return self.decrypt(ciphertext, from: consumed, into: &plaintext, isFirst: true)
            case .needsBytes, .outputFull:
                return self.receipt(ciphertext.byteCount, .needsBytes)
            case .closed:
                self.machine.closeNotifyReceived()
                return self.receipt(ciphertext.byteCount, .closed)
            case .failed(let error):
                self.machine.failed()
                return self.receipt(ciphertext.byteCount, .failed(.handshake(error)))
            }
        case .drop:
            return self.receipt(ciphertext.byteCount, .closed)
        }
    }

    private func decrypt(
        _ ciphertext: RawSpan,
        from offset: Int,
        into plaintext: inout OutputRawSpan,
        isFirst: Bool
    ) -> TLSReceipt {
        var consumed = offset
        let rest = ciphertext.extracting(droppingFirst: offset)
        let outcome: TLSReceipt.Outcome
        switch self.connection.read(rest, into: &plaintext, consumed: &consumed) {
        case .needsBytes, .done:
            outcome = .needsBytes
        case .outputFull:
            outcome = .outputFull
        case .closed:
            self.machine.closeNotifyReceived()
            outcome = .closed
        case .failed(let error):
            self.machine.failed()
            outcome = .failed(.record(error))
        }
        return TLSReceipt(consumed: consumed, handshakeJustCompleted: isFirst, outcome: outcome)
    }

    private func receipt(_ consumed: Int, _ outcome: TLSReceipt.Outcome) -> TLSReceipt {
        TLSReceipt(consumed: consumed, handshakeJustCompleted: false, outcome: outcome)
    }

    /// Encrypts, once the handshake is done.
    ///
    /// Pending output of earlier calls goes to the wire before what this gives.
    ///
    /// - Parameters:
    ///   - plaintext: what to send.
    ///   - ciphertext: where records go, with the capacity of ``ciphertextBound(forPlaintext:)``; what does not fit
    ///     becomes pending output.
    /// - Throws: ``TLSError/notOpen`` before the handshake and after close_notify, ``TLSError/record(_:)``.
    package func send(_ plaintext: RawSpan, into ciphertext: inout OutputRawSpan) throws(TLSError) {
        guard self.machine.maySend else { throw .notOpen }
        guard let failure = self.connection.write(plaintext, into: &ciphertext) else { return }
        self.machine.failed()
        throw .record(failure)
    }

    /// Says close_notify, as pending output, once; nothing may be sent afterwards, but the peer may go on.
    package func shutdown() {
        switch self.machine.shutdownRequested() {
        case .sendCloseNotify: self.connection.shutdown()
        case .ignore: break
        }
    }

    /// Records that no more bytes will come.
    ///
    /// - Returns: ``TLSError/truncated`` when the peer did not say so (RFC 8446 §6.1), once; else nil.
    package func inputEnded() -> TLSError? {
        switch self.machine.inputEnded() {
        case .truncated: .truncated
        case .expected: nil
        }
    }

    /// Whether the engine has something to say by itself.
    package var hasPendingOutput: Bool { self.connection.hasPendingOutput }

    /// Hands over what the engine has to say by itself: handshake, alerts, tickets, key updates, close_notify.
    ///
    /// - Returns: bytes for the wire.
    package func takePendingOutput() -> [UInt8] {
        self.connection.takePendingOutput()
    }

    /// Whether the handshake was completed, also after the connection was closed.
    package var isHandshakeComplete: Bool { self.machine.isHandshakeComplete }

    /// What the handshake came to, or nil before its end.
    package var summary: TLSHandshakeSummary? {
        guard self.machine.isHandshakeComplete, let version = self.connection.version else { return nil }
        return TLSHandshakeSummary(
            version: version,
            cipher: self.connection.cipher ?? "",
            applicationProtocol: self.connection.applicationProtocol,
            isResumed: self.connection.isResumed
        )
    }

    /// The kind of key of the peer's certificate, or nil when it sent none.
    package var peerKeyKind: Certificate.KeyKind? { self.connection.peerKeyKind }

    /// What the side that dialled may resume with, or nil when the peer gave no ticket so far.
    package var session: TLSSession? { self.connection.session }
}
