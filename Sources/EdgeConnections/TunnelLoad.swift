/// What a tunnel carries, and whether it should be given more.
package enum TunnelLoad: Sendable, Hashable {
    /// It serves, with so many streams open.
    case ready(streams: Int)
    /// It is silent, or has failed its last visitors: it is chosen where no other is ready.
    case doubtful(streams: Int)
    /// It takes no stream.
    case closed
}
