import FoundationEssentials
import Logging

/// One log line's parts, in the order in which they are written.
struct LogRecord {
    /// The time, as RFC 3339 has it, with milliseconds.
    let time: String
    /// The level's name.
    let level: String
    /// The constant message.
    let message: String
    /// The metadata, sorted by key; keys that a line's own fields have get an underscore.
    let metadata: [(key: String, value: Logger.MetadataValue)]

    private static let ownKeys: Set<String> = ["time", "level", "message", "msg"]

    /// Collects a line's parts.
    ///
    /// - Parameters:
    ///   - event: what was logged.
    ///   - metadata: the logger's own metadata; the event's comes before it.
    ///   - provider: what adds metadata for the current task.
    init(_ event: LogEvent, metadata: Logger.Metadata, provider: Logger.MetadataProvider?) {
        var merged = metadata
        if let provider { merged.merge(provider.get()) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let error = event.error { merged["error"] = "\(error)" }
        self.time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        self.level = event.level.rawValue
        self.message = event.message.description
        self.metadata =
            merged
            .map { (key: Self.ownKeys.contains($0.key) ? $0.key + "_" : $0.key, value: $0.value) }
            .sorted { $0.key < $1.key }
    }
}
