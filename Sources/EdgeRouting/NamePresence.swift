/// Whether a tunnel holds a name.
package enum NamePresence: Sendable, Hashable {
    /// A connected tunnel holds it.
    case held
    /// A tunnel held it and is not connected; the number is when it was last seen, in Unix seconds.
    case away(lastSeen: Int)
    /// No tunnel holds it or is known to have held it.
    case nobody
}
