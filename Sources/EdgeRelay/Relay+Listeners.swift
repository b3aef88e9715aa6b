package import EdgeAdmin
import EdgeConfiguration
import EdgeConnections
import EdgeRouting
import EdgeSystem
package import EdgeTypes
import Logging

/// Listeners that are asked for while the relay runs.
extension Relay {
    /// Opens a listener.
    ///
    /// - Parameter wish: where, and what becomes of what arrives there; host names are not asked of DNS.
    /// - Returns: what became of it.
    package func addListener(_ wish: ListenerWish) async -> ListenerAnswer {
        let answer = await self.answer(to: wish)
        let metadata: Logger.Metadata = ["edge.listener": "\(wish.address)", "edge.fallback": "\(wish.fallback)"]
        switch answer {
        case .added(let endpoint):
            self.rooms.logger.notice("listener added", metadata: metadata.merging(["edge.bound": "\(endpoint)"]) { $1 })
        case .exists:
            self.rooms.logger.info("listener exists", metadata: metadata)
        case .fault(let fault):
            self.rooms.logger.warning(
                "listener not added",
                metadata: metadata.merging(["reason": "\(fault.reason.rawValue)", "error": "\(fault)"]) { $1 }
            )
        }
        return answer
    }

    private func answer(to wish: ListenerWish) async -> ListenerAnswer {
        switch wish.address {
        case .unix:
            break
        case .tcp(let host, _):
            guard NetworkAddress(host) != nil else {
                return .fault(ListenerFault(.notLocal, "\(host) is no address; names are not looked up here"))
            }
        case .inherited:
            return .fault(ListenerFault(.failed, "only a start takes sockets over from the service manager"))
        }
        let configuration = ListenerConfiguration(address: wish.address, fallback: wish.fallback)
        return switch await self.rooms.listeners.register(configuration, origin: .call) {
        case .added(let listener): .added(listener.bound)
        case .exists(let listener): .exists(listener.bound)
        case .fault(let fault): .fault(fault)
        }
    }

    /// Closes a listener that was asked for; returns when it accepts no more and its place is free.
    ///
    /// - Parameters:
    ///   - endpoint: where it is bound.
    ///   - connections: what becomes of its connections.
    /// - Returns: nil when it is closed, or why it is not.
    package func removeListener(_ endpoint: SocketEndpoint, connections: ListenerRemoval) async -> ListenerFault? {
        guard let listener = self.rooms.listeners.listener(at: endpoint) else {
            return ListenerFault(.failed, "no listener is open at \(endpoint)")
        }
        switch listener.origin {
        case .call:
            break
        case .configuration:
            return ListenerFault(.reserved, "\(endpoint) is in the configuration; take it out there and reload")
        case .lease(let port):
            return ListenerFault(.reserved, "a tunnel holds port \(port)")
        }
        await withCheckedContinuation { continuation in
            self.rooms.listeners.close(listener.id) { continuation.resume() }
        }
        if connections == .end { self.rooms.connections.close(listener: listener.name, .operatorRequest) }
        self.rooms.logger.notice(
            "listener removed",
            metadata: ["edge.listener": "\(endpoint)", "edge.connections": "\(connections.rawValue)"]
        )
        return nil
    }
}
