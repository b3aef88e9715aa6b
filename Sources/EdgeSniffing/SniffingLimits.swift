package import EdgeTypes

/// How much the sniffer looks at.
package struct SniffingLimits: Sendable, Hashable {
    /// The longest ClientHello or request head, record headers and blank line included.
    ///
    /// 64 KiB holds the largest hello seen in the wild (11 KiB) several times over, and what a socket's buffer can show
    /// to a peek with Linux's default `tcp_rmem` is twice as much.
    package var preface: ByteCount

    /// Creates limits.
    ///
    /// - Parameter preface: the longest ClientHello or request head, in bytes.
    package init(preface: ByteCount = .kibibytes(64)) {
        self.preface = preface
    }
}
