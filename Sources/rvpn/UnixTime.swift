import FoundationEssentials

/// Moments in Unix seconds, as people read them.
enum UnixTime {
    /// The time now, in Unix seconds.
    static var now: Int { Int(clamping: Int64(Date().timeIntervalSince1970)) }

    /// The last moment that is written as a date: the end of the year 9999.
    private static let lastDate = 253_402_300_799

    /// A moment as a date and as a distance: `2026-12-24T11:00:00Z, in 30 days`.
    ///
    /// - Parameters:
    ///   - moment: a moment, in Unix seconds.
    ///   - now: the time, in Unix seconds.
    /// - Returns: the words.
    static func words(_ moment: Int, now: Int) -> String {
        guard (0...self.lastDate).contains(moment) else { return "\(moment) seconds since 1970" }
        let date = Date(timeIntervalSince1970: Double(moment)).formatted(.iso8601)
        let (distance, overflow) = moment.subtractingReportingOverflow(now)
        guard !overflow else { return date }
        if distance == 0 { return "\(date), now" }
        return distance > 0 ? "\(date), in \(self.span(distance))" : "\(date), \(self.span(-distance)) ago"
    }

    /// A number of seconds in its largest whole unit.
    private static func span(_ seconds: Int) -> String {
        let (count, unit) =
            switch seconds {
            case ..<120: (seconds, "second")
            case ..<7200: (seconds / 60, "minute")
            case ..<172_800: (seconds / 3600, "hour")
            default: (seconds / 86_400, "day")
            }
        return count == 1 ? "1 \(unit)" : "\(count) \(unit)s"
    }
}
