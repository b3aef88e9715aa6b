/// Numbers as a person reads them.
enum ReadableText {
    /// Bytes with a binary unit and one decimal: `1.5 MiB`.
    static func bytes(_ count: UInt64) -> String {
        guard count >= 1024 else { return "\(count) B" }
        var value = count
        var remainder: UInt64 = 0
        var unit = 0
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        repeat {
            remainder = value % 1024
            value /= 1024
            unit += 1
        } while value >= 1024 && unit < units.count
        return "\(value).\(remainder * 10 / 1024) \(units[unit - 1])"
    }

    /// A time span with its two largest units: `3 d 4 h`.
    static func duration(seconds: Int) -> String {
        let seconds = max(0, seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }
}
