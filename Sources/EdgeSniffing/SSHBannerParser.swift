/// Recognises the identification string of an SSH client (RFC 4253 §4.2).
package struct SSHBannerParser: Sendable {
    /// The longest version of the protocol that is looked for, in bytes: `1.99` has four.
    private static let maximumVersionLength = 8
    /// How a banner begins.
    private static let prefix: StaticString = "SSH-"

    /// Creates a parser.
    package init() {}

    /// Reads a banner; it is known by `SSH-`, digits and dots, and a hyphen.
    ///
    /// - Parameters:
    ///   - bytes: everything received so far, from the first byte.
    ///   - ended: whether the peer will send no more.
    /// - Returns: the banner, that more bytes are needed, or nil when the bytes are no SSH.
    package func parse(_ bytes: RawSpan, ended: Bool) -> SniffingStep? {
        let prefixLength = Self.prefix.utf8CodeUnitCount
        var offset = 0
        while offset < min(bytes.byteCount, prefixLength) {
            guard bytes.octet(at: offset) == Self.prefix.utf8Start[offset] else { return nil }
            offset += 1
        }
        while offset < bytes.byteCount {
            let octet = bytes.octet(at: offset)
            if octet == Octet.hyphen, offset > prefixLength {
                return self.banner(bytes, version: prefixLength..<offset)
            }
            guard Octet.isDigit(octet) || octet == Octet.fullStop else { return nil }
            offset += 1
            guard offset - prefixLength <= Self.maximumVersionLength else { return nil }
        }
        return ended ? nil : .needsBytes(atLeast: bytes.byteCount + 1)
    }

    private func banner(_ bytes: RawSpan, version: Range<Int>) -> SniffingStep {
        let shown = 0..<min(bytes.byteCount, SSHBanner.maximumLength)
        let lineEnd = bytes.firstOffset(of: Octet.lineFeed, in: shown) ?? shown.upperBound
        let text = bytes.text(in: 0..<bytes.trimmingCarriageReturn(0..<lineEnd))
        return .detected(.ssh(SSHBanner(protocolVersion: bytes.text(in: version), text: text)))
    }
}
