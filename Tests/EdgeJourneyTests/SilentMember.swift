import EdgeTestKit
import Foundation

/// A tunnel client whose machine is lost: its socket stays open, and nobody answers.
final class SilentMember: Sendable {
    /// How many pings it was sent.
    let pings = Watched(0)
    private let connection: PlainConnection
    private let hasEnded = Watched(false)

    /// Connects and reads from there on, without a word.
    ///
    /// - Parameters:
    ///   - relay: the relay.
    ///   - name: the name that it holds.
    ///   - visited: called when a visitor is sent to it.
    /// - Throws: ``JourneyFailure`` when it is not let in.
    init(_ relay: RelayProcess, _ name: String, visited: @escaping @Sendable () -> Void) throws {
        let connection = try relay.dial()
        self.connection = connection
        let host = "tunnel.example.test:\(relay.port)"
        try connection.write(ScriptedClient.request(.agent, host: host, token: TestToken.granting([name])))
        guard try HTTPAnswer(from: connection).head.status == 101 else { throw JourneyFailure("not let in") }
        // Hello comes once the name is held.
        _ = try RawFrame.read(from: connection)
        let (pings, hasEnded) = (self.pings, self.hasEnded)
        Thread.detachNewThread {
            while let frame = try? RawFrame.read(from: connection, by: Deadline(.seconds(300))) {
                if frame.opcode == .ping { pings.change { $0 += 1 } }
                guard frame.opcode == .binary, let packet = try? RawPacket(message: frame.payload) else { continue }
                if packet.service == "connection" { visited() }
            }
            connection.close()
            hasEnded.change { $0 = true }
        }
    }

    /// Ends the connection.
    func drop() {
        self.connection.interrupt()
        _ = self.hasEnded.wait { $0 ? true : nil }
    }
}
