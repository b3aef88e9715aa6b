import EdgeTestKit
import Foundation
import Testing

/// What is left when tunnels and visitors are gone: nothing.
extension HostileClientTests {
    /// The large number is for a program that was built for release.
    private static let visitors = ProcessInfo.processInfo.environment["RVPN_LONG"] == "1" ? 100_000 : 2000
    /// So many have one deadline.
    private static let batch = 2000

    /// Each is served, or leaves at a point of its own: inside its request, behind it, and inside the answer.
    @Test(arguments: [ClientGeneration.s10, .own])
    func visitorsThatComeAndGoLeaveNothingBehind(generation: ClientGeneration) throws {
        let site = try Self.site()
        let relay = site.relay
        let start = try RelayTables(of: relay)
        let peer = try site.peer(generation, [Self.name])
        // Each loop makes its buffers once.
        try Self.comeAndGo(200, relay)
        let before = try RelayTables.wait(for: relay, "let go of the first visitors") {
            $0.streams == 0 && $0.connections.count == 1
        }
        do {
            for _ in 0..<Self.visitors / Self.batch { try Self.comeAndGo(Self.batch, relay) }
        } catch {
            // Where the client left, it says why.
            try peer.check()
            throw error
        }
        try RelayTables.wait(for: relay, "let go of all visitors") {
            $0.streams == 0 && $0.connections.count == 1 && $0.descriptors <= before.descriptors
                && $0.memory < before.memory + Self.settled
        }
        try ProfileVisitor(relay: relay, name: Self.name).get(1000)
        try peer.check()
        peer.drop()
        try RelayTables.wait(for: relay, "let go of the tunnel") {
            $0.areEmpty && $0.descriptors <= start.descriptors
        }
        try relay.stop()
    }

    private static func comeAndGo(_ count: Int, _ relay: RelayProcess) throws {
        let hands = 4
        try InParallel.run(hands) { hand in
            for index in stride(from: hand, to: count, by: hands) {
                let visitor = try relay.dial()
                defer { visitor.close() }
                let request = VisitorFate.request(Self.name, 2000)
                try visitor.write(String(request.prefix(index % 9 == 0 ? 30 : request.count)))
                switch index % 9 {
                case 0, 1: visitor.close()
                case 2: visitor.reset()
                case 3:
                    _ = try visitor.readHead()
                    visitor.reset()
                default:
                    let port = visitor.localPort
                    let fate = try VisitorFate(of: visitor, 2000)
                    guard fate == .served else {
                        throw relay.process.failure("answered visitor \(index) from port \(port) with \(fate)")
                    }
                }
            }
        }
    }

    /// After every byte of the exchange another client vanishes: with a FIN after an even number, with a reset after an
    /// odd one.
    @Test(arguments: [ClientGeneration.own, .tbjs])
    func aTunnelThatIsLostAtAnyByteLeavesNothingBehind(generation: ClientGeneration) throws {
        let site = try Self.site()
        let relay = site.relay
        // What the relay makes once.
        try Self.serveAFreshClient(of: generation, site)
        let before = try RelayTables.wait(for: relay, "let go of the first client") { $0.areEmpty }
        let length = CutExchange(relay: relay, generation: generation, name: Self.name(of: 0)).length
        let fates = Watched<[VisitorFate: Int]>([:])
        try InParallel.run(8) { hand in
            for count in stride(from: hand, through: length, by: 8) {
                let exchange = CutExchange(relay: relay, generation: generation, name: Self.name(of: count))
                do {
                    let fate = try exchange.run(count)
                    fates.change { $0[fate, default: 0] += 1 }
                } catch {
                    throw JourneyFailure("after \(count) of \(length) bytes: \(error)")
                }
            }
        }
        // Those whose client was cut off before it had the name, and those who lost it under way.
        let counts = fates.current
        #expect(counts.values.reduce(0, +) == length + 1)
        #expect(counts[.refused(404), default: 0] > 0, "\(counts)")
        #expect(counts[.served, default: 0] > 0, "\(counts)")
        try RelayTables.wait(for: relay, "let go of every client") {
            $0.areEmpty && $0.descriptors <= before.descriptors && $0.memory < before.memory + Self.settled
        }
        try Self.serveAFreshClient(of: generation, site)
        try relay.stop()
    }

    private static func serveAFreshClient(of generation: ClientGeneration, _ site: ProfileSite) throws {
        let peer = try site.peer(generation, [Self.name])
        try ProfileVisitor(relay: site.relay, name: Self.name).get(1000)
        try peer.check()
        peer.drop()
    }

    private static func name(of count: Int) -> String { "cut\(10_000 + count).example.test" }
}
