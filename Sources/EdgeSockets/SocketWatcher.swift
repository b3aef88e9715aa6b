import EdgeSystem
import NIOCore

/// Whatever a loop tells of the events of one socket.
///
/// Confined to the loop. A class, so that an event costs one call through a table, and no existential.
package class SocketWatcher {
    /// Where the loop keeps it; nil while it is not watched.
    final var place: WatcherSlots.Place?

    init() {}

    /// Something happened to the socket.
    ///
    /// - Parameter events: as ``EventQueue`` names them. Each change is told once.
    func ready(_ events: UInt32) {}

    /// Does what was put off to the end of a turn: see ``SocketEventLoop/readLater(_:)``.
    func readNow() {}

    /// The loop ends.
    func loopEnds() {}
}
