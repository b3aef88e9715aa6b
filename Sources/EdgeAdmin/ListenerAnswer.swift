package import EdgeTypes

/// What became of a wish for a listener; each wish is answered once.
package enum ListenerAnswer: Sendable, Hashable {
    /// It is open; the endpoint has the port that the system gave.
    case added(SocketEndpoint)
    /// It was open already, and stays as it was.
    case exists(SocketEndpoint)
    /// It is not open.
    case fault(ListenerFault)
}
