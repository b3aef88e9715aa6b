/// When the kernel asks a silent TCP peer whether it is still there (RFC 9293 §3.8.4).
package struct KeepAlive: Sendable, Hashable {
    /// Silence before the first question, in whole seconds.
    package let idle: Duration
    /// Time between questions, in whole seconds.
    package let interval: Duration
    /// Questions without an answer before the connection ends.
    package let count: Int

    /// Creates a rule.
    ///
    /// The defaults find a dead peer in two minutes, which is shorter than the five after which common address
    /// translators forget an idle connection.
    ///
    /// - Parameters:
    ///   - idle: silence before the first question, in whole seconds.
    ///   - interval: time between questions, in whole seconds.
    ///   - count: questions without an answer before the connection ends.
    package init(idle: Duration = .seconds(60), interval: Duration = .seconds(15), count: Int = 4) {
        self.idle = idle
        self.interval = interval
        self.count = count
    }
}
