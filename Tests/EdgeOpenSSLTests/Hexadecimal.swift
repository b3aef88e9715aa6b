import EdgeOpenSSL

// The expectation macro takes its operands apart and cannot hold a span, so tests go through arrays.

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// Whether two codes are the same, through the comparison under test.
func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    MessageAuthenticationCode.isEqual(left.span.bytes, right.span.bytes)
}

/// Base64 of bytes.
func base64(_ bytes: [UInt8]) -> String {
    Base64.encode(bytes.span.bytes)
}

/// The SHA-1 digest of bytes, in hexadecimal digits.
func sha1(_ bytes: [UInt8]) -> String {
    hexadecimal(MessageDigest.sha1(bytes.span.bytes))
}

/// The SHA-256 digest of bytes, in hexadecimal digits.
func sha256(_ bytes: [UInt8]) -> String {
    hexadecimal(MessageDigest.sha256(bytes.span.bytes))
}
