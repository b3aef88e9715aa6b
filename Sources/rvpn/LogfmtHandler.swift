import EdgeSystem
import Logging

/// Writes log lines to standard error as `time=… level=… msg=… key=value`.
///
/// A value never ends its line or its quotation marks: what could is escaped.
struct LogfmtHandler: LogHandler {
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
        var line = "time=\(record.time) level=\(record.level) msg=\(Self.value(record.message))"
        for (key, value) in record.metadata {
            line += " \(Self.key(key))=\(Self.value(Self.text(value)))"
        }
        return line
    }

    /// A key is bare: what may not stand in it becomes an underscore.
    private static func key(_ key: String) -> String {
        let scalars = key.unicodeScalars.map { Self.isBare($0) ? Character($0) : "_" }
        return scalars.isEmpty ? "_" : String(scalars)
    }

    /// A value is bare where it can be, and quoted as JSON where it cannot.
    private static func value(_ text: String) -> String {
        !text.isEmpty && text.unicodeScalars.allSatisfy(Self.isBare) ? text : JSONText.quoted(text)
    }

    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && scalar.value < 0x7F && scalar != "=" && scalar != "\"" && scalar != "\\"
    }

    private static func text(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array(let values): values.map(Self.text).joined(separator: ",")
        case .dictionary(let values):
            values.sorted { $0.key < $1.key }.map { "\($0.key):\(Self.text($0.value))" }.joined(separator: ",")
        }
    }
}
