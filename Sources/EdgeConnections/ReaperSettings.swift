/// How long nothing may move.
package struct ReaperSettings: Sendable, Hashable {
    /// For a connection that nobody serves yet, or whose next request is awaited.
    package var idle: Duration
    /// For a stream that a tunnel or an address serves; nil for ever, as SSH and WebSockets may be silent for days.
    package var streamIdle: Duration?

    /// Creates settings; the defaults are those of the configuration.
    ///
    /// - Parameters:
    ///   - idle: for a connection that nobody serves yet, or whose next request is awaited.
    ///   - streamIdle: for a stream that is served; nil for ever.
    package init(idle: Duration = .seconds(300), streamIdle: Duration? = nil) {
        self.idle = idle
        self.streamIdle = streamIdle
    }
}
