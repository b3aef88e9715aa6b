/// A number of bytes.
///
/// Never negative; sums are checked. Printed with the largest binary unit that divides it.
package struct ByteCount: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number of bytes.
    package let bytes: Int

    /// Creates a count.
    ///
    /// - Parameter bytes: a number of bytes; below zero counts as zero.
    package init(_ bytes: Int) {
        self.bytes = max(0, bytes)
    }

    /// Creates a count of binary kilobytes.
    ///
    /// - Parameter count: how many times 1024 bytes.
    /// - Returns: the count.
    package static func kibibytes(_ count: Int) -> ByteCount {
        ByteCount(count * 1024)
    }

    /// Creates a count of binary megabytes.
    ///
    /// - Parameter count: how many times 1024 × 1024 bytes.
    /// - Returns: the count.
    package static func mebibytes(_ count: Int) -> ByteCount {
        ByteCount(count * 1024 * 1024)
    }

    /// Reads a count as an operator writes it: `64KiB`, `10MiB`, `1GiB`, `500kB`, `16000B`, or a bare number of bytes.
    ///
    /// - Parameter text: digits, then a unit; a space between them is allowed.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        let factor: Int
        switch unit {
        case "", "B": factor = 1
        case "kB", "KB": factor = 1000
        case "MB": factor = 1_000_000
        case "GB": factor = 1_000_000_000
        case "KiB": factor = 1 << 10
        case "MiB": factor = 1 << 20
        case "GiB": factor = 1 << 30
        default: return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    /// Adds two counts.
    ///
    /// - Parameters:
    ///   - left: a count.
    ///   - right: a count.
    /// - Returns: the sum, or the largest count where the sum has no number.
    package static func + (left: ByteCount, right: ByteCount) -> ByteCount {
        let (sum, overflow) = left.bytes.addingReportingOverflow(right.bytes)
        return ByteCount(overflow ? Int.max : sum)
    }

    /// Whether the left count is the smaller one.
    ///
    /// - Parameters:
    ///   - left: a count.
    ///   - right: a count.
    /// - Returns: true when left has fewer bytes.
    package static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }

    /// The count with its unit, exact: `64KiB`, `1500B`.
    package var description: String {
        for (factor, unit) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        where self.bytes >= factor && self.bytes.isMultiple(of: factor) {
            return "\(self.bytes / factor)\(unit)"
        }
        return "\(self.bytes)B"
    }
}
