import EdgeConnections
import EdgeTypes

/// Lets the table close a tunnel from any thread.
final class TunnelHandle: ConnectionHandle {
    private let member: TunnelMember

    init(member: TunnelMember) {
        self.member = member
    }

    func close(_ reason: CloseReason) {
        self.member.close(reason)
    }
}
