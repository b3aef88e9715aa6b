package import EdgeConnections
package import EdgeMetering
import EdgeTypes

/// One open connection, as the status shows it.
package struct ConnectionStatus: Sendable, Hashable, Codable {
    /// Its identity: `c42`.
    package let id: String
    /// Address and port of who arrived.
    package let peer: String
    /// The listener it came by.
    package let listener: String
    /// What it speaks, one token.
    package let `protocol`: String
    /// The name that it asked for.
    package let name: String?
    /// The way it went, one token.
    package let decision: String
    /// Where it stands, one token.
    package let phase: String
    /// The tunnel that serves it, or that it is.
    package let tunnel: String?
    /// The address that serves it.
    package let upstream: String?
    /// When it was accepted, in Unix seconds.
    package let since: Int
    /// Bytes over its socket.
    package let raw: MeterReading
    /// Bytes carried in it.
    package let payload: MeterReading

    /// Reads a connection of the table.
    ///
    /// - Parameter connection: the connection.
    package init(_ connection: ConnectionSnapshot) {
        self.id = connection.id.description
        self.peer = connection.peer.description
        self.listener = connection.listener
        self.protocol = connection.applicationProtocol.rawValue
        self.name = connection.name?.text
        self.decision = connection.decision
        self.phase = connection.phase.rawValue
        self.tunnel = connection.tunnel?.description
        self.upstream = connection.upstream
        self.since = connection.acceptedUnixSeconds
        self.raw = connection.raw
        self.payload = connection.payload
    }
}
