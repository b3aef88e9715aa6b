import CSSL
import CShims

/// One TLS connection: owns an `SSL *` that sees windows of memory and never a socket.
///
/// Confined to one thread at a time. Nothing is allocated for a call that moves application data, apart from the
/// buffers that OpenSSL takes for a record and gives back.
package final class TLSConnection {
    private let ssl: OpaquePointer
    private let window: UnsafeMutablePointer<BufferWindow>
    /// Kept for what the context's callbacks point to.
    private let context: TLSContext

    /// Creates the side that accepts.
    ///
    /// - Parameter context: made for serving.
    /// - Throws: ``OpenSSLError`` without memory.
    package convenience init(accepting context: TLSContext) throws(OpenSSLError) {
        try self.init(context)
        SSL_set_accept_state(self.ssl)
    }

    /// Creates the side that dials.
    ///
    /// - Parameters:
    ///   - context: made for trusting.
    ///   - name: the host that is dialled, as a certificate names it.
    ///   - isAddress: whether the name is an address, which is verified but not sent (RFC 6066 §3).
    ///   - session: what an earlier connection to the same host left.
    /// - Throws: ``OpenSSLError`` without memory, or for a name that OpenSSL cannot use.
    package convenience init(
        connecting context: TLSContext,
        name: String,
        isAddress: Bool,
        resuming session: TLSSession? = nil
    ) throws(OpenSSLError) {
        try self.init(context)
        SSL_set_connect_state(self.ssl)
        var isSet = true
        if !isAddress { isSet = CShims_SSL_set_tlsext_host_name(self.ssl, name) == 1 }
        if context.verifiesPeer {
            if isAddress {
                isSet = isSet && X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(self.ssl), name) == 1
            } else {
                SSL_set_hostflags(self.ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
                isSet = isSet && SSL_set1_host(self.ssl, name) == 1
            }
        }
        if let session { isSet = isSet && SSL_set_session(self.ssl, session.pointer) == 1 }
        guard isSet else { throw OpenSSLError.drained() }
    }

    private init(_ context: TLSContext) throws(OpenSSLError) {
        OpenSSLError.forgetEarlier()
        guard let ssl = SSL_new(context.pointer) else { throw OpenSSLError.drained() }
        let window = UnsafeMutablePointer<BufferWindow>.allocate(capacity: 1)
        window.initialize(to: BufferWindow())
        self.context = context
        self.ssl = ssl
        self.window = window
        guard let bio = BufferWindowBIO.make(over: window) else { throw OpenSSLError.drained() }
        // One BIO for both directions takes one reference.
        SSL_set_bio(ssl, bio, bio)
    }

    deinit {
        // OpenSSL forbids the resumption of a session whose connection ended without close_notify, which TLS has not
        // asked for since 1.1 (RFC 4346 §7.2.1), and takes the context's lock to do so.
        SSL_set_shutdown(self.ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_free(self.ssl)
        self.window.deinitialize(count: 1)
        self.window.deallocate()
    }

    /// Goes on with the handshake; what it says is pending output.
    ///
    /// - Parameters:
    ///   - ciphertext: what came; may be empty, as it is for the first flight of the side that dials.
    ///   - consumed: raised by the bytes taken; the rest is the first application data.
    /// - Returns: `done`, `needsBytes` or `failed`.
    package func handshake(_ ciphertext: RawSpan, consumed: inout Int) -> TLSStep {
        OpenSSLError.forgetEarlier()
        return ciphertext.withUnsafeBytes { bytes in
            self.window.pointee.input = bytes.baseAddress
            self.window.pointee.inputLength = bytes.count
            let result = SSL_do_handshake(self.ssl)
            consumed += bytes.count - self.window.pointee.inputLength
            self.window.pointee.input = nil
            self.window.pointee.inputLength = 0
            return result == 1 ? .done : self.step(afterFailure: result)
        }
    }

    /// Decrypts, once the handshake is done.
    ///
    /// - Parameters:
    ///   - ciphertext: what came.
    ///   - plaintext: where application data goes, up to its capacity.
    ///   - consumed: raised by the bytes taken: all of them unless the answer is `outputFull`.
    /// - Returns: `needsBytes`, `outputFull`, `closed` or `failed`.
    package func read(_ ciphertext: RawSpan, into plaintext: inout OutputRawSpan, consumed: inout Int) -> TLSStep {
        OpenSSLError.forgetEarlier()
        return ciphertext.withUnsafeBytes { bytes in
            self.window.pointee.input = bytes.baseAddress
            self.window.pointee.inputLength = bytes.count
            let step = plaintext.withUnsafeMutableBytes { memory, count in self.read(into: memory, &count) }
            consumed += step == .outputFull ? bytes.count - self.window.pointee.inputLength : bytes.count
            self.window.pointee.input = nil
            self.window.pointee.inputLength = 0
            return step
        }
    }

    private func read(into memory: UnsafeMutableRawBufferPointer, _ count: inout Int) -> TLSStep {
        // Without bytes to read and plaintext to fetch, the call would only fail and say so.
        while self.window.pointee.inputLength > 0 || SSL_pending(self.ssl) > 0 {
            guard let base = memory.baseAddress, count < memory.count else { return .outputFull }
            var length = 0
            let result = SSL_read_ex(self.ssl, base + count, memory.count - count, &length)
            guard result == 1 else { return self.step(afterFailure: result) }
            count += length
        }
        return .needsBytes
    }

    /// Encrypts, once the handshake is done.
    ///
    /// - Parameters:
    ///   - plaintext: what to send.
    ///   - ciphertext: where records go; what does not fit becomes pending output.
    /// - Returns: what went wrong, or nil.
    package func write(_ plaintext: RawSpan, into ciphertext: inout OutputRawSpan) -> OpenSSLError? {
        OpenSSLError.forgetEarlier()
        return plaintext.withUnsafeBytes { bytes in
            ciphertext.withUnsafeMutableBytes { memory, count in
                self.window.pointee.output = memory.baseAddress
                self.window.pointee.outputCapacity = memory.count
                self.window.pointee.outputLength = count
                let failure = self.write(bytes)
                count = self.window.pointee.outputLength
                self.window.pointee.output = nil
                self.window.pointee.outputCapacity = 0
                self.window.pointee.outputLength = 0
                return failure
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> OpenSSLError? {
        var offset = 0
        while offset < bytes.count, let base = bytes.baseAddress {
            var length = 0
            guard SSL_write_ex(self.ssl, base + offset, bytes.count - offset, &length) == 1 else {
                return OpenSSLError.drained()
            }
            offset += length
        }
        return nil
    }

    /// Says close_notify, as pending output; nothing may be written afterwards.
    package func shutdown() {
        OpenSSLError.forgetEarlier()
        // Before the end of the handshake there is nothing to close (and OpenSSL calls it an error).
        guard SSL_in_init(self.ssl) == 0 else { return }
        SSL_shutdown(self.ssl)
        ERR_clear_error()
    }

    /// Whether the connection has something to say by itself.
    package var hasPendingOutput: Bool { !self.window.pointee.spill.isEmpty }

    /// Hands over what the connection has to say by itself: handshake, alerts, tickets, key updates, close_notify.
    ///
    /// - Returns: bytes for the wire, after those that earlier calls gave.
    package func takePendingOutput() -> [UInt8] {
        let bytes = self.window.pointee.spill
        self.window.pointee.spill = []
        return bytes
    }

    /// The version agreed on, or nil when it is none that is spoken here.
    package var version: TLSVersion? {
        TLSVersion.allCases.first { $0.number == SSL_version(self.ssl) }
    }

    /// The cipher suite agreed on, as the registry names it (RFC 8446 §B.4), or nil before.
    package var cipher: String? {
        guard let cipher = SSL_get_current_cipher(self.ssl), let name = SSL_CIPHER_standard_name(cipher) else {
            return nil
        }
        return String(cString: name)
    }

    /// The application protocol agreed on (RFC 7301), or nil without one.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(self.ssl, &name, &length)
        guard let name, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// Whether the handshake was shortened by an earlier connection's session.
    package var isResumed: Bool { SSL_session_reused(self.ssl) == 1 }

    /// The kind of key of the peer's certificate, or nil when it sent none.
    package var peerKeyKind: Certificate.KeyKind? {
        SSL_get0_peer_certificate(self.ssl).map { Certificate.kind(of: X509_get0_pubkey($0)) }
    }

    /// What a client may resume with, or nil when the peer gave no ticket so far.
    package var session: TLSSession? {
        guard let session = SSL_get1_session(self.ssl) else { return nil }
        let kept = TLSSession(adopting: session)
        return SSL_SESSION_is_resumable(session) == 1 ? kept : nil
    }

    private func step(afterFailure result: Int32) -> TLSStep {
        switch SSL_get_error(self.ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsBytes
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: break
        }
        let drained = OpenSSLError.drained()
        let verification = SSL_get_verify_result(self.ssl)
        guard self.context.verifiesPeer, verification != Int(X509_V_OK), drained.cause == .library else {
            return .failed(drained)
        }
        let text = String(cString: X509_verify_cert_error_string(verification))
        return .failed(OpenSSLError(cause: .untrusted(code: verification, text: text), reasons: drained.reasons))
    }
}
