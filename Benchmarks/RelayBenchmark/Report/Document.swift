import Foundation

/// A run as a file keeps it.
struct Document: Codable {
    /// One line of the table.
    struct Line: Codable {
        let work: String
        let measure: String
        let unit: String
        /// The figures of each peer, one a round; null where there is none.
        let samples: [String: [Double?]]
        /// The median of each peer.
        let median: [String: Double]
        /// The relay's ratios to each other peer, one a round.
        let ratios: [String: [Double]]
    }

    /// When it was, in Unix seconds.
    let time: Int
    /// The machine, in words.
    let machine: String
    /// The words it was started with.
    let words: [String]
    /// What could not be done.
    let notes: [String]
    /// How steady the machine was.
    let gauge: [Double]
    /// The table.
    let lines: [Line]

    /// Writes down a run.
    ///
    /// - Parameter results: what was measured.
    init(_ results: Results) {
        self.time = Int(Date().timeIntervalSince1970)
        self.machine = "\(Self.processor), \(ProcessInfo.processInfo.processorCount) processors"
        self.words = Array(CommandLine.arguments.dropFirst())
        self.notes = results.notes
        self.gauge = results.gauge.samples
        self.lines = results.rows.filter { !$0.figures.isEmpty }.map { row in
            let medians = row.figures.compactMapValues { Spread($0.compactMap(\.number))?.median }
            let others = row.figures.keys.filter { $0 != "rvpn" }
            return Line(
                work: row.work,
                measure: row.measure,
                unit: row.unit.rawValue,
                samples: row.figures.mapValues { $0.map(\.number) },
                median: medians,
                ratios: Dictionary(uniqueKeysWithValues: others.map { ($0, Table.ratios(row, to: $0)) })
            )
        }
    }

    /// Reads a file.
    ///
    /// - Parameter path: the file.
    /// - Returns: the run.
    /// - Throws: where it is no such file.
    static func read(_ path: String) throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Writes a file.
    ///
    /// - Parameter path: the file.
    /// - Throws: where it cannot be written.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (try encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path), options: .atomic)
    }

    /// The figures of a peer.
    ///
    /// - Parameters:
    ///   - work: the work's name.
    ///   - measure: the measure's name.
    ///   - peer: the peer's name.
    /// - Returns: the numbers; none where nothing was measured.
    func numbers(_ work: String, _ measure: String, _ peer: String) -> [Double] {
        let line = self.lines.first { $0.work == work && $0.measure == measure }
        return line?.samples[peer]?.compactMap(\.self) ?? []
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.components(separatedBy: "\n").first { $0.hasPrefix("model name") }
        return line?.components(separatedBy: ": ").last ?? "unknown"
    }
}
