import EdgeForwarding
import EdgeTunnel
import EdgeTypes
import NIOCore

/// A visitor's request in the clear, down the tunnel as `http`: looked at once, from there on a pipe.
///
/// A certificate authority's challenge goes on alone: its head with `Connection: close` in place of its own, and
/// nothing after it is read.
struct PlainHTTPJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - name: the name whose tunnel serves it.
    ///   - head: the head that goes on in place of the visitor's own, for a challenge.
    func begin(_ connection: ArrivedConnection, name: Hostname, head: [UInt8]?) {
        StreamJourney(rooms: self.rooms).begin(
            connection,
            to: .name(name),
            service: .http,
            decision: head == nil ? "forward" : "challenge",
            head: head
        )
    }
}
