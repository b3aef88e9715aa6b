import Foundation

/// What a relay holds at an instant, as its own status and the kernel say.
package struct RelayTables: Sendable {
    private struct Status: Decodable {
        struct Tunnel: Decodable {
            let streams: Int
            let profile: String
            let names: [String]
        }
        struct Connection: Decodable {
            let name: String?
            let peer: String
            let phase: String
        }
        let tunnels: [Tunnel]
        let connections: [Connection]
    }

    /// The profiles of its tunnels.
    package let profiles: [String]
    /// Streams over all tunnels, those in quarantine included.
    package let streams: Int
    /// Its open connections but those of the admin host, in words.
    package let connections: [String]
    /// Its open descriptors.
    package let descriptors: Int
    /// Its resident memory in bytes.
    package let memory: Int

    /// Asks a relay.
    ///
    /// - Parameter relay: the relay.
    /// - Throws: ``JourneyFailure`` when it does not answer.
    package init(of relay: RelayProcess) throws {
        let answer = try Curl(port: relay.port).get("https://admin.example.test/api/v1/status")
        guard answer.head.status == 200 else { throw JourneyFailure("no status: \(answer.errors)") }
        let status = try JSONDecoder().decode(Status.self, from: Data(answer.body))
        self.profiles = status.tunnels.map(\.profile)
        self.streams = status.tunnels.map(\.streams).reduce(0, +)
        self.connections = status.connections.filter { $0.name != "admin.example.test" }.map {
            "\($0.peer) \($0.name ?? "-") \($0.phase)"
        }
        let place = "/proc/\(relay.process.identifier)"
        self.descriptors = try FileManager.default.contentsOfDirectory(atPath: place + "/fd").count
        let pages = try String(contentsOfFile: place + "/statm", encoding: .utf8).components(separatedBy: " ")
        self.memory = (pages.count > 1 ? Int(pages[1]) ?? 0 : 0) * 4096
    }

    /// Whether nothing is left: no tunnel, no stream, no connection.
    package var areEmpty: Bool { self.profiles.isEmpty && self.streams == 0 && self.connections.isEmpty }

    /// Waits until a relay holds what it should.
    ///
    /// - Parameters:
    ///   - relay: the relay.
    ///   - what: the state in words, for the failure.
    ///   - deadline: when to give up.
    ///   - isWanted: whether it is reached.
    /// - Returns: the tables then.
    /// - Throws: ``JourneyFailure`` with what is left instead.
    @discardableResult
    package static func wait(
        for relay: RelayProcess,
        _ what: String,
        by deadline: Deadline = Deadline(),
        where isWanted: (RelayTables) -> Bool
    ) throws -> RelayTables {
        while true {
            let tables = try RelayTables(of: relay)
            if isWanted(tables) { return tables }
            guard deadline.remaining > .zero else { throw relay.process.failure("has not \(what): \(tables)") }
        }
    }
}
