extension Duration {
    /// The duration in milliseconds, rounded up, never negative and never too large to count.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (sum, carried) = whole.addingReportingOverflow(part)
        return overflow || carried ? Int64.max : sum
    }
}
