/// Whether a tunnel serves a name.
package enum TunnelPresence: Sendable, Hashable {
    /// At least one does.
    case held
    /// None does; the last one was seen at this time, in Unix seconds.
    case away(lastSeen: Int)
    /// None does, and none did as far as is remembered.
    case nobody
}
