import FoundationEssentials

/// The most allocations that each operation may make, by configuration and operation, as a file keeps them.
struct Thresholds: Codable, Equatable {
    /// Operations to allocations of one repetition.
    typealias Limits = [String: Double]

    /// For builds without optimization: what the tests run.
    var debug: Limits
    /// For builds with it: what is shipped.
    var release: Limits

    /// Reads a file.
    ///
    /// - Parameter path: the file.
    /// - Throws: where it cannot be read, or is no such file.
    init(path: String) throws {
        let data = try Data(contentsOf: URL(filePath: path))
        self = try JSONDecoder().decode(Thresholds.self, from: data)
    }

    /// Those of this build's configuration.
    var own: Limits {
        get { Self.isDebug ? self.debug : self.release }
        set {
            if Self.isDebug { self.debug = newValue } else { self.release = newValue }
        }
    }

    /// Writes a file.
    ///
    /// - Parameter path: the file.
    /// - Throws: where it cannot be written.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (try encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path), options: .atomic)
    }

    /// Compares what was counted with this configuration's limits.
    ///
    /// - Parameter measurements: what was counted.
    /// - Returns: the breaches, one line each, and what may be lowered.
    func judge(_ measurements: [Measurement]) -> (breaches: [String], slack: [String]) {
        var breaches: [String] = []
        var slack: [String] = []
        for measurement in measurements {
            guard let found = measurement.allocations else {
                breaches.append("\(measurement.name): not counted")
                continue
            }
            guard let limit = self.own[measurement.name] else {
                breaches.append("\(measurement.name): has no threshold; \(found) counted")
                continue
            }
            if found > limit { breaches.append("\(measurement.name): \(found) allocations, \(limit) at most") }
            if found < limit { slack.append("\(measurement.name): \(found) allocations, the threshold is \(limit)") }
        }
        let measured = Set(measurements.map(\.name))
        for name in self.own.keys.sorted() where !measured.contains(name) {
            breaches.append("\(name): has a threshold and was not measured")
        }
        return (breaches, slack)
    }

    /// Whether this build is one without optimization.
    static var isDebug: Bool {
        #if DEBUG
        true
        #else
        false
        #endif
    }
}
