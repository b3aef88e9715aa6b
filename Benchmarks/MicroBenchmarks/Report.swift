import FoundationEssentials

/// What was measured, for people and for programs.
struct Report {
    let measurements: [Measurement]

    private struct Row: Encodable {
        let name: String
        let allocations: Double?
        let nanoseconds: [Double]
        let bytes: Int
    }

    private struct Document: Encodable {
        let configuration: String
        let counted: Bool
        let operations: [Row]
    }

    /// A table, its columns aligned.
    var table: String {
        var lines = [["operation", "ns", "lowest", "highest", "GiB/s", "allocations"]]
        for measurement in self.measurements {
            lines.append([
                measurement.name,
                Self.number(measurement.median),
                Self.number(measurement.nanoseconds.first),
                Self.number(measurement.nanoseconds.last),
                Self.number(measurement.rate),
                measurement.allocations.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" } ?? "-",
            ])
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }

    /// One object of JSON.
    ///
    /// - Returns: the text.
    /// - Throws: where a number is none.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let document = Document(
            configuration: Thresholds.isDebug ? "debug" : "release",
            counted: Allocations.areCounted,
            operations: self.measurements.map {
                Row(name: $0.name, allocations: $0.allocations, nanoseconds: $0.nanoseconds, bytes: $0.bytes)
            }
        )
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    /// Three digits that count, or a dash.
    private static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        if value >= 100 { return "\(Int(value.rounded()))" }
        let factor = value >= 10 ? 10.0 : 100.0
        return "\((value * factor).rounded() / factor)"
    }
}
