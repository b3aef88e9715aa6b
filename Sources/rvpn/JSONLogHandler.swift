import EdgeSystem
import Logging

/// Writes log lines to standard error as one JSON object each: `time`, `level`, `message`, then the metadata.
struct JSONLogHandler: LogHandler {
    /// The least level that is written: the process's, unless this logger has its own.
    var logLevel: Logger.Level {
        get { self.ownLevel ?? self.threshold.level }
        set { self.ownLevel = newValue }
    }
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let threshold: LogThreshold
    private var ownLevel: Logger.Level?

    /// Creates a handler.
    ///
    /// - Parameter threshold: the process's least level.
    init(threshold: LogThreshold) {
        self.threshold = threshold
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let record = LogRecord(event, metadata: self.metadata, provider: self.metadataProvider)
        StandardStreams.writeError(Self.line(record) + "\n")
    }

    /// The line for a record.
    ///
    /// - Parameter record: what was logged.
    /// - Returns: the line, without its end.
    static func line(_ record: LogRecord) -> String {
        var members = [
            "\"time\":\(JSONText.quoted(record.time))",
            "\"level\":\(JSONText.quoted(record.level))",
            "\"message\":\(JSONText.quoted(record.message))",
        ]
        members += record.metadata.map { "\(JSONText.quoted($0.key)):\(Self.value($0.value))" }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func value(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): JSONText.quoted(text)
        case .stringConvertible(let value): JSONText.quoted(value.description)
        case .array(let values): "[" + values.map(Self.value).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{"
                + values.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)):\(Self.value($0.value))" }
                .joined(separator: ",") + "}"
        }
    }
}
