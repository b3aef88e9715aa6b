import EdgeChannels
import EdgeSockets
import NIOCore
import Synchronization

/// One event loop of the relay with what belongs to it.
struct RelayLoop: Sendable {
    /// How much a loop carries; read by the acceptor to place the next connection.
    final class Load: Sendable {
        /// Tunnels that live on the loop.
        let tunnels = Atomic<Int>(0)
        /// Connections that live on the loop.
        let connections = Atomic<Int>(0)
    }

    /// Its place among the loops.
    let index: Int
    /// The loop.
    let eventLoop: SocketEventLoop
    /// Its buffers.
    let buffers: LoopBuffers
    /// What it carries.
    let load = Load()
}

extension [RelayLoop] {
    /// The loop with the fewest tunnels.
    var withFewestTunnels: RelayLoop? {
        self.min { $0.load.tunnels.load(ordering: .relaxed) < $1.load.tunnels.load(ordering: .relaxed) }
    }

    /// The loop with the fewest connections.
    var withFewestConnections: RelayLoop? {
        self.min { $0.load.connections.load(ordering: .relaxed) < $1.load.connections.load(ordering: .relaxed) }
    }
}
