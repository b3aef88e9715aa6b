import CSSL

/// What OpenSSL refused, as values; nothing in it comes from a key or a peer's payload.
package struct OpenSSLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done, where the caller acts on it.
    package enum Cause: Sendable, Equatable {
        /// OpenSSL failed: of memory, of a setting that this version does not know, or of what the peer sent.
        case library
        /// There is no certificate in the PEM text. The operator's fault.
        case noCertificate
        /// A certificate in the PEM text cannot be read. The operator's fault.
        case unreadableCertificate
        /// There is no private key in the PEM text, or it cannot be read, or it is encrypted. The operator's fault.
        case unreadableKey
        /// The private key belongs to another certificate. The operator's fault.
        case keyMismatch
        /// The peer's certificate was not accepted; with the number and the words of X.509 verification.
        case untrusted(code: Int, text: String)
        /// The peer refused with this alert (RFC 8446 §6.2).
        case alertReceived(UInt8)
    }

    /// One entry of OpenSSL's error queue.
    package struct Reason: Sendable, Equatable {
        /// OpenSSL's number: library and reason together.
        package let code: UInt
        /// The part of OpenSSL that complained.
        package let library: String
        /// What it said.
        package let text: String
    }

    /// What was being done, where the caller acts on it.
    package let cause: Cause
    /// The error queue, oldest first.
    package let reasons: [Reason]

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - cause: what was being done.
    ///   - reasons: OpenSSL's own words, oldest first.
    package init(cause: Cause, reasons: [Reason] = []) {
        self.cause = cause
        self.reasons = reasons
    }

    /// The error in words, without secrets.
    package var description: String {
        let words = self.reasons.map(\.text).joined(separator: ", ")
        let suffix = words.isEmpty ? "" : " (\(words))"
        return switch self.cause {
        case .library: words.isEmpty ? "OpenSSL gave no reason" : words
        case .noCertificate: "there is no certificate"
        case .unreadableCertificate: "a certificate cannot be read\(suffix)"
        case .unreadableKey: "the private key is missing, encrypted or cannot be read\(suffix)"
        case .keyMismatch: "the private key does not belong to the certificate"
        case .untrusted(_, let text): "the peer's certificate was not accepted: \(text)"
        case .alertReceived(let alert): "the peer refused with alert \(alert)\(suffix)"
        }
    }

    /// Empties this thread's error queue into an error.
    ///
    /// - Parameter cause: what was being done; nil to tell an alert from the rest.
    /// - Returns: the error.
    static func drained(_ cause: Cause? = nil) -> OpenSSLError {
        var reasons: [Reason] = []
        var alert: UInt8?
        while case let code = ERR_get_error(), code != 0 {
            let number = ERR_GET_REASON(code)
            if ERR_GET_LIB(code) == ERR_LIB_SSL, let received = UInt8(exactly: number - SSL_AD_REASON_OFFSET) {
                alert = received
            }
            let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "reason \(number)"
            let library = ERR_lib_error_string(code).map { String(cString: $0) } ?? "library \(ERR_GET_LIB(code))"
            reasons.append(Reason(code: UInt(code), library: library, text: text))
        }
        return OpenSSLError(cause: cause ?? alert.map(Cause.alertReceived) ?? .library, reasons: reasons)
    }

    /// Drops what earlier calls left in this thread's error queue, so that the next error is the next call's.
    static func forgetEarlier() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }
}
