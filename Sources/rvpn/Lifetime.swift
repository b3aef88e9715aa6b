import ArgumentParser

/// How long a token lasts, as an operator writes it: `30d`, `12h`, `15m`, `90s`, `2w`.
struct Lifetime: ExpressibleByArgument {
    /// The time, in seconds.
    let seconds: Int

    init?(argument: String) {
        guard let unit = argument.last, let count = Int(argument.dropLast()), count > 0 else { return nil }
        let factor: Int
        switch unit {
        case "s": factor = 1
        case "m": factor = 60
        case "h": factor = 3600
        case "d": factor = 86_400
        case "w": factor = 604_800
        default: return nil
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: factor)
        // A hundred years is longer than any secret should live, and far from where sums overflow.
        guard !overflow, seconds <= 100 * 366 * 86_400 else { return nil }
        self.seconds = seconds
    }
}
