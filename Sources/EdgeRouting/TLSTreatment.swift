/// What becomes of a visitor's TLS.
package enum TLSTreatment: String, Sendable, Hashable, CaseIterable {
    /// It goes on untouched; the far side holds the certificate.
    case passThrough = "pass_through"
    /// It ends at the relay, where a certificate covers the name; the far side gets plain HTTP.
    case terminate
}
