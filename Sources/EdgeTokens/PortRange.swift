/// A port or a range of ports, as tokens and people write it: `2222`, `20000-20010`.
package struct PortRange: Sendable, Hashable, CustomStringConvertible {
    /// The ports.
    package let bounds: ClosedRange<UInt16>

    /// Creates a range.
    ///
    /// - Parameter bounds: the ports.
    package init(_ bounds: ClosedRange<UInt16>) {
        self.bounds = bounds
    }

    /// Reads a range.
    ///
    /// - Parameter text: a port from 1 to 65535, or two with a hyphen between them, the lower one first.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let lower = Self.port(first) else { return nil }
        guard parts.count == 2 else {
            self.bounds = lower...lower
            return
        }
        guard let upper = Self.port(parts[1]), lower <= upper else { return nil }
        self.bounds = lower...upper
    }

    /// The range as it is written.
    package var description: String {
        self.bounds.count == 1 ? "\(self.bounds.lowerBound)" : "\(self.bounds.lowerBound)-\(self.bounds.upperBound)"
    }

    private static func port(_ text: some StringProtocol) -> UInt16? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let port = UInt16(text), port > 0 else { return nil }
        return port
    }
}
