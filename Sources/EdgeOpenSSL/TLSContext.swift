import CSSL
import CShims

/// What connections share: certificates and keys for those that serve, trust for those that dial.
///
/// Lowest version TLS 1.2, no renegotiation, no early data, AEAD ciphers with forward secrecy only (RFC 9325 §4.2).
package final class TLSContext: @unchecked Sendable {
    // Sendable: the context is set up in its initialiser and only read afterwards; OpenSSL locks what it counts.

    /// AES-128-GCM first, the fastest where processors know AES; ChaCha20 for clients that put it first.
    private static let ciphers12 =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
        + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
    private static let ciphers13 = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384"
    private static let groups = "X25519:P-256:P-384"
    /// Tickets after a TLS 1.3 handshake: one, as each costs a record and most clients come back one by one.
    private static let ticketCount = 1

    /// The `SSL_CTX *`.
    let pointer: OpaquePointer
    /// Whether a client verifies what it dials.
    let verifiesPeer: Bool
    /// Whether the context is for the side that accepts.
    package let isServing: Bool
    /// What the ALPN callback points to.
    private let protocols: ProtocolNameList

    /// Creates a context for the side that accepts.
    ///
    /// - Parameters:
    ///   - pairs: at most one for each kind of key; the client's signature algorithms choose among them.
    ///   - applicationProtocols: ALPN names in order of preference; none turns ALPN off.
    ///   - ticketKey: what tickets are sealed with; a key of its own when nil.
    ///   - sessionScope: within which set of names a ticket counts, 1 to 32 bytes; more are cut off.
    ///   - versions: the versions that are accepted.
    /// - Throws: ``OpenSSLError``; its cause tells a key of another certificate from what cannot be read.
    package init(
        serving pairs: [KeyPair],
        applicationProtocols: [String],
        ticketKey: TicketKey?,
        sessionScope: [UInt8] = [1],
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    ) throws(OpenSSLError) {
        self.pointer = try Self.make(TLS_server_method(), versions)
        self.isServing = true
        self.verifiesPeer = false
        self.protocols = ProtocolNameList(applicationProtocols)
        let options =
            CShims_SSL_OP_CIPHER_SERVER_PREFERENCE() | CShims_SSL_OP_PRIORITIZE_CHACHA()
            | CShims_SSL_OP_NO_RENEGOTIATION()
        SSL_CTX_set_options(self.pointer, options)
        for pair in pairs { try self.use(pair) }
        try self.check(SSL_CTX_set_num_tickets(self.pointer, Self.ticketCount) == 1)
        let scope = sessionScope.prefix(Int(SSL_MAX_SID_CTX_LENGTH))
        try self.check(
            scope.withContiguousStorageIfAvailable {
                SSL_CTX_set_session_id_context(self.pointer, $0.baseAddress, UInt32($0.count))
            } == 1
        )
        if let ticketKey {
            var bytes = ticketKey.bytes
            try self.check(CShims_SSL_CTX_set_tlsext_ticket_keys(self.pointer, &bytes, bytes.count) == 1)
        }
        guard !self.protocols.bytes.isEmpty else { return }
        // The list lives as long as this context, and every connection keeps its context.
        let argument = Unmanaged.passUnretained(self.protocols).toOpaque()
        SSL_CTX_set_alpn_select_cb(
            self.pointer,
            { _, chosen, chosenLength, offered, offeredLength, argument in
                guard let argument else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                let ours = Unmanaged<ProtocolNameList>.fromOpaque(argument).takeUnretainedValue().bytes
                var selected: UnsafeMutablePointer<UInt8>?
                let answer = SSL_select_next_proto(
                    &selected,
                    chosenLength,
                    ours.baseAddress,
                    UInt32(ours.count),
                    offered,
                    offeredLength
                )
                // RFC 7301 §3.2: without a common protocol the handshake fails with no_application_protocol.
                guard answer == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                chosen?.pointee = UnsafePointer(selected)
                return SSL_TLSEXT_ERR_OK
            },
            argument
        )
    }

    /// Creates a context for the side that dials.
    ///
    /// - Parameters:
    ///   - anchors: whose certificates are accepted.
    ///   - applicationProtocols: ALPN names in order of preference; none offers none.
    ///   - versions: the versions that are offered.
    ///   - signatureAlgorithms: what the peer may sign with, as OpenSSL names it; OpenSSL's own list when nil.
    /// - Throws: ``OpenSSLError`` when the anchors cannot be read.
    package init(
        trusting anchors: TrustAnchors,
        applicationProtocols: [String],
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        signatureAlgorithms: String? = nil
    ) throws(OpenSSLError) {
        self.pointer = try Self.make(TLS_client_method(), versions)
        self.isServing = false
        self.verifiesPeer = anchors != .nothing
        self.protocols = ProtocolNameList(applicationProtocols)
        SSL_CTX_set_options(self.pointer, CShims_SSL_OP_NO_RENEGOTIATION())
        switch anchors {
        case .system: try self.check(SSL_CTX_set_default_verify_paths(self.pointer) == 1)
        case .pem(let bytes): try self.trust(bytes)
        case .nothing: break
        }
        SSL_CTX_set_verify(self.pointer, self.verifiesPeer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        if let signatureAlgorithms {
            try self.check(CShims_SSL_CTX_set1_sigalgs_list(self.pointer, signatureAlgorithms) == 1)
        }
        guard !self.protocols.bytes.isEmpty else { return }
        let ours = self.protocols.bytes
        // Unlike its sisters, this one says 0 when it succeeds.
        try self.check(SSL_CTX_set_alpn_protos(self.pointer, ours.baseAddress, UInt32(ours.count)) == 0)
    }

    deinit {
        SSL_CTX_free(self.pointer)
    }

    private static func make(
        _ method: OpaquePointer?,
        _ versions: ClosedRange<TLSVersion>
    ) throws(OpenSSLError) -> OpaquePointer {
        OpenSSLError.forgetEarlier()
        guard let context = SSL_CTX_new(method) else { throw OpenSSLError.drained() }
        let modes =
            SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE
        CShims_SSL_CTX_set_mode(context, Int(modes))
        // A stream that ends without close_notify is one that somebody cut off (RFC 8446 §6.1).
        SSL_CTX_clear_options(context, CShims_SSL_OP_IGNORE_UNEXPECTED_EOF())
        CShims_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        let isSet =
            CShims_SSL_CTX_set_min_proto_version(context, versions.lowerBound.number) == 1
            && CShims_SSL_CTX_set_max_proto_version(context, versions.upperBound.number) == 1
            && SSL_CTX_set_cipher_list(context, self.ciphers12) == 1
            && SSL_CTX_set_ciphersuites(context, self.ciphers13) == 1
            && CShims_SSL_CTX_set1_groups_list(context, self.groups) == 1
        guard isSet else {
            SSL_CTX_free(context)
            throw OpenSSLError.drained()
        }
        return context
    }

    private func use(_ pair: KeyPair) throws(OpenSSLError) {
        let chain = try PEMReader.certificates(in: pair.chainPEM)
        defer { for certificate in chain { X509_free(certificate) } }
        let key = try PEMReader.privateKey(in: pair.keyPEM.isEmpty ? pair.chainPEM : pair.keyPEM)
        defer { EVP_PKEY_free(key) }
        guard let leaf = chain.first else { throw OpenSSLError(cause: .noCertificate) }
        guard X509_check_private_key(leaf, key) == 1 else {
            ERR_clear_error()
            throw OpenSSLError(cause: .keyMismatch)
        }
        let issuers = OPENSSL_sk_new_null()
        defer { OPENSSL_sk_free(issuers) }
        for certificate in chain.dropFirst() { OPENSSL_sk_push(issuers, UnsafeRawPointer(certificate)) }
        // The last argument: a second pair of a kind is an error, not a replacement.
        try self.check(SSL_CTX_use_cert_and_key(self.pointer, leaf, key, issuers, 0) == 1)
    }

    private func trust(_ pem: [UInt8]) throws(OpenSSLError) {
        let anchors = try PEMReader.certificates(in: pem)
        defer { for certificate in anchors { X509_free(certificate) } }
        let store = SSL_CTX_get_cert_store(self.pointer)
        for certificate in anchors { try self.check(X509_STORE_add_cert(store, certificate) == 1) }
        // A certificate that is trusted by itself needs no authority above it.
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(self.pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }

    private func check(_ succeeded: Bool) throws(OpenSSLError) {
        guard succeeded else { throw OpenSSLError.drained() }
    }
}

extension TLSVersion: Comparable {
    /// Whether the left version is the older one.
    ///
    /// - Parameters:
    ///   - left: a version.
    ///   - right: a version.
    /// - Returns: true when left is older.
    package static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.number < right.number
    }
}
