/// The one table: figures of all peers, and the relay's ratio to each of the others.
struct Table {
    /// The results.
    let results: Results
    /// An earlier run, or nil.
    let earlier: Document?
    /// Whose ratios are shown.
    private static let subject = "rvpn"

    /// The table as text, columns aligned.
    var text: String {
        let others = self.results.peers.filter { $0 != Self.subject && self.results.peers.contains(Self.subject) }
        var head = ["work", "measure", "unit"] + self.results.peers + others.map { "/" + $0 }
        if self.earlier != nil { head.append("/earlier") }
        var lines = [head]
        var work = ""
        for row in self.results.rows where !row.figures.isEmpty {
            var line = [row.work == work ? "" : row.work, row.measure, row.unit.rawValue]
            line += self.results.peers.map { Self.cell(row.figures[$0]) }
            line += others.map { Spread(Self.ratios(row, to: $0))?.text ?? "-" }
            if let earlier { line.append(self.ratio(row, to: earlier)) }
            lines.append(line)
            work = row.work
        }
        return Self.aligned(lines, textColumns: 3)
    }

    /// How steady the machine was, in words.
    var gauge: String {
        guard let spread = Spread(self.results.gauge.samples) else { return "nothing was measured" }
        let load = Int((self.results.busiestLoad * 100).rounded())
        var text =
            "noise gauge (SHA-256, CPU s/GiB, before every measurement): lowest \(Spread.text(spread.lowest)), median "
            + "\(Spread.text(spread.median)), highest \(Spread.text(spread.highest)); the load took \(load) % of a "
            + "processor at most"
        if let earlier, let before = Spread(earlier.gauge) {
            text += "; in the earlier run the median was \(Spread.text(before.median))"
        }
        return text
    }

    /// The relay's figure over another's, of every round that has both.
    static func ratios(_ row: Results.Row, to other: String) -> [Double] {
        guard let ours = row.figures[self.subject], let theirs = row.figures[other] else { return [] }
        return zip(ours, theirs).compactMap { pair in
            guard let our = pair.0.number, let their = pair.1.number, their > 0 else { return nil }
            return our / their
        }
    }

    private func ratio(_ row: Results.Row, to earlier: Document) -> String {
        guard let now = Spread(row.figures[Self.subject]?.compactMap(\.number) ?? []),
            let then = Spread(earlier.numbers(row.work, row.measure, Self.subject)), then.median > 0
        else { return "-" }
        return Spread.text(now.median / then.median)
    }

    /// A peer's figures: numbers where most rounds gave one, else the word.
    private static func cell(_ figures: [Figure]?) -> String {
        guard let figures else { return "-" }
        let numbers = figures.compactMap(\.number)
        if numbers.count * 2 > figures.count, let spread = Spread(numbers) { return spread.text }
        for case .word(let word) in figures { return word }
        return "-"
    }

    private static func aligned(_ lines: [[String]], textColumns: Int) -> String {
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < textColumns ? cell + space : space + cell
            }
            .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }
}
