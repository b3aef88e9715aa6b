import CSSL

/// What a client keeps of a connection to shorten the next handshake (RFC 8446 §2.2).
package final class TLSSession: @unchecked Sendable {
    // Sendable: OpenSSL counts references to a session atomically, and nothing here changes it.
    let pointer: OpaquePointer

    /// Takes over a reference to an `SSL_SESSION *`.
    init(adopting pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        SSL_SESSION_free(self.pointer)
    }
}
