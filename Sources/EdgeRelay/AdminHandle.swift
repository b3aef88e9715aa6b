import EdgeConnections
import EdgeTypes
import NIOCore
import Synchronization

/// Lets the table close an operator's connection from any thread.
final class AdminHandle: ConnectionHandle {
    private let channel: any Channel
    private let ending = Mutex(CloseReason.answered)

    init(channel: any Channel) {
        self.channel = channel
    }

    /// How the connection ended: as the site ends it, or as the table was told to.
    var reason: CloseReason { self.ending.withLock { $0 } }

    func close(_ reason: CloseReason) {
        self.ending.withLock { $0 = reason }
        self.channel.close(promise: nil)
    }
}
