import EdgeRelay
import EdgeTestKit
import EdgeTypes
import NIOCore
import NIOPosix
import Testing

@Suite
struct NameResolverTests {
    private struct Unanswered: Error {}

    /// Name servers that answer for names that begin with `live`, and for others when they are told to.
    private final class NameServers: Sendable {
        static let address = NetworkAddress(ipv4: 0xC000_0201)
        /// Every name that was asked for, in order.
        let asked = Watched<[String]>([])
        /// What the dead ones answer, once they do.
        private let reply = Watched<Result<[NetworkAddress], Unanswered>?>(nil)

        func answer(_ result: Result<[NetworkAddress], Unanswered>) {
            self.reply.change { $0 = result }
        }

        func resolver() -> NameResolver {
            NameResolver { name in
                self.asked.change { $0.append(name) }
                guard !name.hasPrefix("live") else { return [Self.address] }
                guard let answer = self.reply.wait(for: { $0 }) else { throw Unanswered() }
                return try answer.get()
            }
        }
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    @Test
    func aNameWhoseServerDoesNotAnswerHoldsUpNoOther() async throws {
        let servers = NameServers()
        let resolver = servers.resolver()
        let dead = (1..<NameResolver.threads).flatMap { number in
            (0..<100).map { _ in resolver.addresses(of: "dead\(number).example.test", on: self.loop) }
        }
        let live = resolver.addresses(of: "live.example.test", on: self.loop)
        // Where it is found, so that the dead ones wait for it and not for this test's turn.
        live.whenComplete { _ in servers.answer(.success([NetworkAddress(ipv4: 1)])) }
        #expect(try await live.get() == [NameServers.address])
        for future in dead {
            let found = try await future.get()
            #expect(found == [NetworkAddress(ipv4: 1)])
        }
        let counts = Dictionary(grouping: servers.asked.current, by: \.self).mapValues(\.count)
        #expect(counts.count == NameResolver.threads, "each name was asked for")
        #expect(counts.values.allSatisfy { $0 == 1 }, "and once, for all who want it")
        resolver.stop()
    }

    @Test
    func aFailureIsToldToAllWhoWaitAndIsNotKept() async throws {
        let servers = NameServers()
        let resolver = servers.resolver()
        let futures = (0..<10).map { _ in resolver.addresses(of: "dead.example.test", on: self.loop) }
        servers.answer(.failure(Unanswered()))
        for future in futures {
            await #expect(throws: Unanswered.self) { try await future.get() }
        }
        servers.answer(.success([NameServers.address]))
        let found = try await resolver.addresses(of: "dead.example.test", on: self.loop).get()
        #expect(found == [NameServers.address])
        #expect(servers.asked.current.count == 2)
        resolver.stop()
    }

    @Test
    func whoWaitsWhenItStopsIsToldAndNobodyElseIsServed() async throws {
        let servers = NameServers()
        let resolver = servers.resolver()
        let waiting = resolver.addresses(of: "dead.example.test", on: self.loop)
        _ = servers.asked.wait { $0.isEmpty ? nil : true }
        resolver.stop()
        await #expect(throws: ChannelError.self) { try await waiting.get() }
        let late = resolver.addresses(of: "live.example.test", on: self.loop)
        await #expect(throws: ChannelError.self) { try await late.get() }
        servers.answer(.failure(Unanswered()))
    }
}
