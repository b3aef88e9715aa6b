/// What the sniffer answers.
package enum SniffingStep: Equatable, Sendable {
    /// The bytes may still become more than one thing: ask again when there are this many in all.
    case needsBytes(atLeast: Int)
    /// What the connection speaks.
    case detected(Detection)
}
