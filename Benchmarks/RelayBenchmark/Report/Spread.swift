/// Numbers of several rounds: the median, the lowest and the highest.
struct Spread {
    let median: Double
    let lowest: Double
    let highest: Double
    /// How many there are.
    let count: Int

    /// Sorts numbers.
    ///
    /// - Parameter numbers: the numbers; nil for none.
    init?(_ numbers: [Double]) {
        let sorted = numbers.sorted()
        guard let lowest = sorted.first, let highest = sorted.last else { return nil }
        let middle = sorted.count / 2
        self.median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        self.lowest = lowest
        self.highest = highest
        self.count = sorted.count
    }

    /// Three digits that count; with lowest and highest where there are several numbers.
    var text: String {
        let middle = Self.text(self.median)
        return self.count == 1 ? middle : "\(middle) (\(Self.text(self.lowest))-\(Self.text(self.highest)))"
    }

    /// Three digits that count.
    static func text(_ value: Double) -> String {
        let size = abs(value)
        let digits = size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0
        let factor = [1.0, 10, 100, 1_000][digits]
        let scaled = Int((size * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int(factor))
        return "\(sign)\(scaled / Int(factor)).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }
}
