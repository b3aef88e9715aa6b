import EdgeAdmin
import EdgeTypes
import Logging
import NIOCore
import NIOPosix
import Testing

/// The admin site on a loopback port, and a client that sends bytes and reads until the site closes.
struct LoopbackSite {
    /// An answer, cut into its parts.
    struct Answer {
        let status: Int
        let fields: [String: String]
        let body: String
    }

    let control: StubRelay
    /// Who the site thinks is asking.
    var peer = PeerAddress(address: NetworkAddress(ipv4: 0x7F00_0001), port: 4711)

    /// Asks once and waits for the end of the connection.
    func ask(_ method: String = "GET", _ path: String, fields: String...) async throws -> Answer {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: admin.example.com"] + fields + ["Connection: close", "", ""]
        return Self.parse(try await self.send(lines.joined(separator: "\r\n")))
    }

    /// Sends bytes and reads until the site closes.
    func send(_ bytes: String) async throws -> String {
        let application = AdminApplication(control: self.control, logger: Logger(label: "site"))
        let peer = self.peer
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: 0) { channel in channel.eventLoop.makeSucceededFuture(channel) }
        let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(to: try #require(server.channel.localAddress)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await server.executeThenClose { arrivals in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await channel in arrivals {
                        await application.serve(channel: channel, peer: peer)
                        return
                    }
                }
                let answer = try await client.executeThenClose { inbound, outbound in
                    try await outbound.write(ByteBuffer(string: bytes))
                    var received = ByteBuffer()
                    for try await part in inbound { received.writeImmutableBuffer(part) }
                    return String(buffer: received)
                }
                try await group.waitForAll()
                return answer
            }
        }
    }

    /// Cuts an answer into status, fields and body.
    static func parse(_ text: String) -> Answer {
        let end = text.firstRange(of: "\r\n\r\n")
        let head = text[..<(end?.lowerBound ?? text.endIndex)].split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return Answer(
            status: head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0,
            fields: fields,
            body: String(text[(end?.upperBound ?? text.endIndex)...])
        )
    }
}
