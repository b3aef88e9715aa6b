import EdgeConfiguration
import EdgeRouting
import EdgeSystem
import EdgeTypes

/// A listener's socket with what the operator wrote of it, before anything is accepted.
struct BoundListener: Sendable {
    /// What the operator wrote.
    let configuration: ListenerConfiguration
    /// The socket.
    let socket: ListeningSocket

    /// Binds a listener.
    ///
    /// - Parameters:
    ///   - configuration: what the operator wrote; a name of the service manager may stand for several sockets.
    ///   - isRaw: whether visitors may wait for the service to speak first.
    /// - Returns: the sockets.
    /// - Throws: why it cannot be bound.
    static func bind(_ configuration: ListenerConfiguration, isRaw: Bool = false) throws(SystemError) -> [BoundListener]
    {
        let options = ListenerOptions(deferAccept: !isRaw && configuration.fallback == .refuse)
        if case .inherited(let name) = configuration.address {
            return try ListeningSocket.inherited(name: name, options: options).map {
                BoundListener(configuration: configuration, socket: $0)
            }
        }
        let socket = try ListeningSocket.bind(configuration.address, options: options)
        return [BoundListener(configuration: configuration, socket: socket)]
    }
}
