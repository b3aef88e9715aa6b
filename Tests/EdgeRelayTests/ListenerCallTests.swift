import EdgeAdmin
import EdgeRelay
import EdgeRouting
import EdgeTestKit
import EdgeTypes
import Synchronization
import Testing

/// Listeners that are added and removed by calls while the relay runs.
@Suite
struct ListenerCallTests {
    private static func wish(_ port: UInt16, _ fallback: Fallback = .refuse) -> ListenerWish {
        ListenerWish(address: .tcp(host: "127.0.0.1", port: port), fallback: fallback)
    }

    private static func answers(_ port: UInt16) async -> Bool {
        let status = try? await Blocking.run {
            let connection = try PlainConnection(port: port)
            try connection.write("GET / HTTP/1.1\r\nHost: nobody.example.test\r\n\r\n")
            return try HTTPAnswer(from: connection).head.status
        }
        return status == 404
    }

    /// The status with which a client's token for a port is answered; the client stays as long as what comes with it.
    private static func upgrade(_ relay: RunningRelay, port: UInt16) async throws -> (status: Int?, PlainConnection) {
        try await Blocking.run {
            let connection = try PlainConnection(port: relay.port)
            let client = try ScriptedClient(
                connection,
                .telebitGo,
                host: "tunnel.example.test",
                token: TestToken.make("{\"ports\":[\(port)]}")
            )
            return (client.answer.head.status, connection)
        }
    }

    @Test
    func aListenerIsAddedFoundAgainAndRemoved() async throws {
        let running = try await RunningRelay()
        let endpoint = SocketEndpoint.tcp(host: "127.0.0.1", port: try LoopbackListener.quietPort())
        let wish = ListenerWish(address: endpoint)
        #expect(await running.relay.addListener(wish) == .added(endpoint))
        #expect(await Self.answers(endpoint.port ?? 0))
        #expect(await running.relay.addListener(wish) == .exists(endpoint))
        #expect(await running.relay.removeListener(endpoint, connections: .drain) == nil)
        #expect(throws: JourneyFailure.self) { try PlainConnection(port: endpoint.port ?? 0) }
        #expect(await running.relay.removeListener(endpoint, connections: .drain)?.reason == .failed)
        #expect(await running.relay.addListener(wish) == .added(endpoint))
        try await running.stop()
        #expect(throws: JourneyFailure.self) { try PlainConnection(port: endpoint.port ?? 0) }
    }

    @Test
    func aFaultSaysItsReason() async throws {
        let running = try await RunningRelay()
        let occupied = try EchoServer()
        func reason(_ address: SocketEndpoint) async -> ListenerFault.Reason? {
            guard case .fault(let fault) = await running.relay.addListener(ListenerWish(address: address)) else {
                return nil
            }
            #expect(!fault.description.isEmpty)
            return fault.reason
        }
        #expect(await reason(.tcp(host: "127.0.0.1", port: occupied.port)) == .addressInUse)
        #expect(await reason(.tcp(host: "192.0.2.1", port: 0)) == .notLocal)
        #expect(await reason(.tcp(host: "relay.example.test", port: 0)) == .notLocal)
        #expect(await reason(.inherited(name: "x")) == .failed)
        #expect(await reason(.unix(path: "/proc/no/such/place")) == .failed)
        // The configuration's own are not for calls to take away.
        let own = SocketEndpoint.tcp(host: "127.0.0.1", port: running.port)
        #expect(await running.relay.addListener(ListenerWish(address: own)) == .exists(own))
        #expect(await running.relay.removeListener(own, connections: .end)?.reason == .reserved)
        try await running.stop()
        #expect(await reason(own) == .stopping)
    }

    @Test
    func aTunnelsPortIsNotGivenToACallNorACallsPortToATunnel() async throws {
        let running = try await RunningRelay()
        let ports = try (0..<2).map { _ in try LoopbackListener.quietPort() }
        let (status, holder) = try await Self.upgrade(running, port: ports[0])
        #expect(status == 101)
        guard case .fault(let fault) = await running.relay.addListener(Self.wish(ports[0])) else {
            Issue.record("the tunnel's port was given away")
            return
        }
        #expect(fault.reason == .reserved)
        _ = await running.relay.addListener(Self.wish(ports[1]))
        #expect(try await Self.upgrade(running, port: ports[1]).status == 403)
        #expect(await Self.answers(ports[1]))
        holder.close()
        try await running.stop()
    }

    @Test
    func connectionsOfARemovedListenerDrainOrEnd() async throws {
        let echo = try EchoServer()
        var setup = RelaySetup()
        setup.timeouts = ["sniff": "1h"]
        let running = try await RunningRelay(setup)
        for removal in ListenerRemoval.allCases {
            let wish = Self.wish(0, .address(.tcp(host: "127.0.0.1", port: echo.port)))
            guard case .added(let endpoint) = await running.relay.addListener(wish) else {
                Issue.record("it was not added")
                return
            }
            let (visitor, bystander) = try await Blocking.run {
                let visitor = try PlainConnection(port: endpoint.port ?? 0)
                let bystander = try PlainConnection(port: running.port)
                try bystander.write("GET / HT")
                try visitor.write("SSH-2.0-ping\r\n")
                #expect(try visitor.readExactly(14) == Array("SSH-2.0-ping\r\n".utf8))
                return (visitor, bystander)
            }
            #expect(await running.relay.removeListener(endpoint, connections: removal) == nil)
            try await Blocking.run {
                switch removal {
                case .drain:
                    try visitor.write("pong")
                    #expect(try visitor.readExactly(4) == Array("pong".utf8))
                case .end:
                    #expect((try? visitor.readToEnd()) ?? [] == [])
                }
                try bystander.write("TP/1.1\r\nHost: nobody.example.test\r\n\r\n")
                #expect(try HTTPAnswer(from: bystander).head.status == 404)
            }
        }
        try await running.stop()
    }

    /// A storm of equal and different wishes: each is answered once, one of the equal ones with "added".
    @Test
    func aStormOfWishesIsAnsweredOnceEach() async throws {
        let running = try await RunningRelay()
        let endpoint = SocketEndpoint.tcp(host: "127.0.0.1", port: try LoopbackListener.quietPort())
        let relay = running.relay
        let answers = await withTaskGroup(of: ListenerAnswer.self) { tasks in
            for _ in 0..<200 { tasks.addTask { await relay.addListener(ListenerWish(address: endpoint)) } }
            return await tasks.reduce(into: [ListenerAnswer]()) { $0.append($1) }
        }
        #expect(answers.count == 200)
        #expect(answers.count { $0 == .added(endpoint) } == 1)
        #expect(answers.count { $0 == .exists(endpoint) } == 199)
        // Added and removed at once by many: whatever the order, nothing is left over and nobody waits for ever.
        await withTaskGroup(of: Void.self) { tasks in
            for number in 0..<200 {
                tasks.addTask {
                    if number.isMultiple(of: 2) {
                        _ = await relay.addListener(ListenerWish(address: endpoint))
                    } else {
                        _ = await relay.removeListener(endpoint, connections: .drain)
                    }
                }
            }
        }
        _ = await relay.removeListener(endpoint, connections: .drain)
        #expect(await relay.addListener(ListenerWish(address: endpoint)) == .added(endpoint))
        try await running.stop()
    }

    /// A thousand listeners come and go while bytes flow through another connection.
    @Test
    func aThousandListenersComeAndGoWhileTrafficFlows() async throws {
        let echo = try EchoServer()
        var setup = RelaySetup()
        setup.listeners = ["{ address: \"127.0.0.1:0\", fallback: \"127.0.0.1:\(echo.port)\" }"]
        let running = try await RunningRelay(setup)
        let relay = running.relay
        let isOver = Flag()
        async let traffic = Blocking.run {
            let visitor = try PlainConnection(port: running.port)
            try visitor.write("SSH-2.0-steady\r\n")
            _ = try visitor.readExactly(16)
            var rounds = 0
            while !isOver.value.load(ordering: .relaxed) || rounds == 0 {
                let bytes = Pattern.bytes(20_000, from: rounds)
                try visitor.write(bytes)
                guard try visitor.readExactly(bytes.count) == bytes else { throw JourneyFailure("other bytes came") }
                rounds += 1
            }
            return rounds
        }
        let before = try Self.descriptors()
        let added = await withTaskGroup(of: Int.self) { tasks in
            for _ in 0..<10 {
                tasks.addTask {
                    var added = 0
                    for _ in 0..<100 {
                        guard case .added(let endpoint) = await relay.addListener(Self.wish(0)) else { continue }
                        added += 1
                        if added.isMultiple(of: 25), await !Self.answers(endpoint.port ?? 0) { return -1000 }
                        guard await relay.removeListener(endpoint, connections: .drain) == nil else { return -1000 }
                    }
                    return added
                }
            }
            return await tasks.reduce(0, +)
        }
        isOver.value.store(true, ordering: .relaxed)
        #expect(added == 1000)
        #expect(try await traffic > 0)
        #expect(await relay.status().listeners.count == 1)
        // Other tests of this process open and close some too.
        #expect(try Self.descriptors() < before + 500)
        try await running.stop()
    }

    /// Says that it is over.
    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    private static func descriptors() throws -> Int { try OpenDescriptors.count() }
}
