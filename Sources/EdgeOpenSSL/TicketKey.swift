/// What session tickets are sealed with (RFC 5077 §4, RFC 8446 §4.6.1).
///
/// Contexts that share it accept each other's tickets, also after certificates were loaded anew.
package struct TicketKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Name (16 bytes), HMAC key (32) and AES-256 key (32), as OpenSSL divides it.
    private static let length = 80

    let bytes: [UInt8]

    /// Makes a key that nobody can guess.
    package init() {
        self.bytes = RandomBytes.make(count: Self.length)
    }

    /// Dots: the key is a secret.
    package var description: String { "••••" }

    /// Dots: the key is a secret.
    package var debugDescription: String { self.description }

    /// Nothing: the key is a secret.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
