/// What becomes of a removed listener's connections.
package enum ListenerRemoval: String, Sendable, Hashable, CaseIterable {
    /// They go on until they end by themselves.
    case drain
    /// They are closed.
    case end
}
