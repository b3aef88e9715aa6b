extension Duration {
    /// Reads a length of time as an operator writes it: `100ms`, `30s`, `5m`, `1h`, `30d`.
    ///
    /// - Parameter text: digits, then a unit.
    package init?(setting text: some StringProtocol) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits) else { return nil }
        let milliseconds: Int64
        switch text.dropFirst(digits.count) {
        case "ms": milliseconds = 1
        case "s": milliseconds = 1000
        case "m": milliseconds = 60_000
        case "h": milliseconds = 3_600_000
        case "d": milliseconds = 86_400_000
        default: return nil
        }
        let (total, overflow) = count.multipliedReportingOverflow(by: milliseconds)
        guard !overflow else { return nil }
        self = .milliseconds(total)
    }

    /// The length of time as an operator writes it, with the largest unit that divides it.
    package var setting: String {
        let (seconds, attoseconds) = self.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        guard milliseconds == 0 else {
            let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
            return overflow ? "\(seconds)s" : "\(whole + milliseconds)ms"
        }
        for (factor, unit) in [(Int64(86_400), "d"), (3600, "h"), (60, "m")]
        where seconds >= factor && seconds.isMultiple(of: factor) {
            return "\(seconds / factor)\(unit)"
        }
        return "\(seconds)s"
    }
}
