import EdgeCarrier
import EdgeForwarding
import EdgeSniffing
import EdgeTunnel
import EdgeTypes
import NIOCore

/// A visitor whose TLS ends here and whose plaintext goes down the tunnel, as `ssh` or as `http`.
///
///     choose the tunnel -> channel on its loop -> OpeningHandler (handshake) -> stream -> ForwardingHandler with engine
struct TerminatedJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - name: the name whose tunnel serves it.
    func begin(_ connection: ArrivedConnection, name: Hostname) {
        let rooms = self.rooms
        guard let member = rooms.chooseTunnel(name, connection.plan) else {
            LateRefusal(rooms: rooms).refuse(connection, .tunnelAway)
            return
        }
        var journey = OpeningJourney(rooms: rooms, connection: connection, decision: "terminate", loop: member.loop)
        journey.pressure = member.pulse.pressure
        journey.begin(tunnel: member.id) { id in
            { plaintext, _ in
                // The client is told of a visitor once it says what it wants.
                guard plaintext.readableBytes > 0, let service = Self.service(plaintext) else { return .wait }
                if let page = Misdirected(connection: connection).page(plaintext) {
                    return .answer(page.bytes(asJSON: false), page.reason)
                }
                return .open { opening in
                    Joining(rooms: rooms, connection: connection, id: id, loop: member.loop)
                        .join(opening, to: member, name: name, service: service)
                }
            }
        }
    }

    /// What the plaintext speaks: SSH by its banner, anything else goes as `http`; nil where it may become a banner.
    private static func service(_ plaintext: ByteBuffer) -> TunnelService? {
        switch SSHBannerParser().parse(plaintext.readableBytesSpan, ended: false) {
        case .detected: .ssh
        case .needsBytes: nil
        case nil: .http
        }
    }
}
