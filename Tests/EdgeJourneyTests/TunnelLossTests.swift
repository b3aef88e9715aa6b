import EdgeTestKit
import Testing

/// Tunnels that are lost at any point, and tunnels whose place is taken: nothing is left of them.
@Suite(.serialized)
struct TunnelLossTests {
    private static let name = "app.example.test"

    /// A scripted exchange whose bytes from the client stop after any number of them.
    private struct Exchange: Sendable {
        private let name: String
        let relay: RelayProcess
        let generation: ClientGeneration
        private let request: [UInt8]
        private let greeting: [UInt8]

        init(_ relay: RelayProcess, _ generation: ClientGeneration, _ name: String) {
            self.name = name
            self.relay = relay
            self.generation = generation
            let token = TestToken.granting([name])
            let host = "tunnel.example.test:\(relay.port)"
            self.request = Array(ScriptedClient.request(generation.shape, host: host, token: token).utf8)
            let packets = [
                RawPacket(control: "[5,\"add_token\",\"\(token)\"]"), RawPacket(control: "[-1,null]"),
            ]
            self.greeting = packets.flatMap { RawFrame(.binary, $0.bytes).bytes(isMasked: true) }
        }

        /// How many bytes the client has to say; the answer's length depends on a port by a few.
        var length: Int { self.request.count + self.greeting.count + 700 }

        /// Plays the exchange and stops after so many bytes, by a reset where the number is odd.
        func play(_ count: Int) throws {
            let connection = try self.relay.dial()
            defer { if count % 2 == 0 { connection.close() } else { connection.reset() } }
            try connection.write(Array(self.request.prefix(count)))
            var rest = count - self.request.count
            guard rest > 0 else { return }
            guard try HTTPAnswer(from: connection).head.status == 101 else { throw JourneyFailure("not let in") }
            try connection.write(Array(self.greeting.prefix(rest)))
            rest -= self.greeting.count
            guard rest > 0 else { return }
            let visitor = try self.relay.dial()
            defer { visitor.close() }
            try visitor.write("GET / HTTP/1.1\r\nHost: \(self.name)\r\n\r\n")
            while let frame = try RawFrame.read(from: connection, by: Deadline(.seconds(120))) {
                guard let packet = try? RawPacket(message: frame.payload), packet.service == "http" else { continue }
                let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n".utf8)
                let answer = RawFrame(.binary, RawPacket(answering: packet, head + Pattern.bytes(200)).bytes)
                let more = RawFrame(.binary, RawPacket(answering: packet, Pattern.bytes(200)).bytes)
                let end = RawFrame(.binary, RawPacket(answering: packet, service: "end", [0x20]).bytes)
                let bytes = [answer, more, end].flatMap { $0.bytes(isMasked: true) }
                try connection.write(Array(bytes.prefix(rest)))
                return
            }
        }
    }

    @Test(arguments: [ClientGeneration.s10, .own])
    func aTunnelKilledAtAnyByteLeavesNothing(generation: ClientGeneration) throws {
        var setup = RelaySetup()
        setup.logLevel = "info"
        let relay = try RelayProcess(setup)
        let exchange = Exchange(relay, generation, "n10000.\(Self.name)")
        try exchange.play(exchange.length)
        let before = try RelayTables.wait(for: relay, "let go of the first") { $0.areEmpty }
        let (name, hands) = (Self.name, 4)
        try InParallel.run(hands) { hand in
            for count in stride(from: 1 + hand, through: exchange.length, by: hands) {
                // A name for each, as long as all others: the tunnel before it may not have been missed yet.
                try Exchange(relay, generation, "n\(10_000 + count).\(name)").play(count)
            }
        }
        let after = try RelayTables.wait(for: relay, "let go of all") {
            $0.areEmpty && $0.descriptors <= before.descriptors
        }
        #expect(after.memory < before.memory + 64 << 20)
        let peer = try relay.client(generation.shape, token: TestToken.granting([Self.name]))
        #expect(peer.isUpgraded, "the name is free for whoever comes")
        peer.connection.close()
        try relay.stop()
    }

    @Test
    func aPlaceTakenAHundredTimesUnderLoadLeavesNothing() throws {
        let site = try ProfileSite([Self.name])
        let visitor = ProfileVisitor(relay: site.relay, name: Self.name)
        let instance = "7d7f2a10-6a3c-4c56-9d1c-2f0a7c1b9e44"
        try site.peer(.own, [Self.name], instance: instance).drop()
        let before = try RelayTables.wait(for: site.relay, "let go of the first") { $0.areEmpty }
        let first = try site.peer(.own, [Self.name], instance: instance)
        let isOver = Watched(false)
        let served = Watched(0)
        try InParallel.run(5) { hand in
            guard hand == 0 else {
                // Cut where their tunnel is replaced; never anything but right bytes.
                while !isOver.current { if (try? visitor.get(20_000)) != nil { served.change { $0 += 1 } } }
                return
            }
            defer { isOver.change { $0 = true } }
            var holder = first
            for _ in 0..<100 {
                let newcomer = try site.peer(.own, [Self.name], instance: instance)
                try visitor.get(1000)
                guard holder.hasEnded.wait(for: { $0 ? true : nil }) == true else {
                    throw JourneyFailure("the ghost is not closed")
                }
                try holder.check()
                holder = newcomer
            }
            holder.drop()
        }
        #expect(served.current > 0)
        let after = try RelayTables.wait(for: site.relay, "let go of all") {
            $0.areEmpty && $0.descriptors <= before.descriptors
        }
        #expect(after.memory < before.memory + 64 << 20)
        try site.relay.stop()
    }
}
