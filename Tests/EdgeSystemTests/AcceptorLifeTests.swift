import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct AcceptorLifeTests {
    @Test
    func aRemovedListenerRefusesNewConnectionsAndKeepsItsArrivals() throws {
        let running = try RunningAcceptor { _, bytes, _ in bytes.count >= 3 ? .take : .wait(3) }
        defer { running.stop() }
        let endpoint = try running.listen(1)
        let client = try #require(TestClient(endpoint))
        client.send("a")
        _ = running.nextQuestion()
        let removed = EventLog<Int>()
        running.acceptor.remove(ListenerID(rawValue: 1)) { removed.append(1) }
        #expect(removed.next() == 1)
        #expect(TestClient(endpoint) == nil)
        client.send("bc")
        let arrival = try #require(running.nextTaken())
        #expect(receiveNow(arrival.descriptor) == Array("abc".utf8))
        close(arrival.descriptor)
    }

    @Test
    func whatAListenersBacklogHoldsIsNotLostWhenItIsRemoved() throws {
        let acceptor = try Acceptor(limits: AcceptorLimits())
        let socket = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        acceptor.add(socket, id: ListenerID(rawValue: 1), peeks: true)
        let clients = (0..<100).compactMap { _ in TestClient(socket.endpoint) }
        #expect(clients.count == 100)
        for client in clients { client.send("x") }
        // Everything is asked before the acceptor's first turn, so the removal finds the backlog full.
        acceptor.remove(ListenerID(rawValue: 1))
        acceptor.stop()
        let log = EventLog<Int32>()
        let thread = TestThread {
            try? acceptor.run { _, _, _ in
                .take { log.append($0.descriptor) }
            } report: { _ in
            }
        }
        for _ in 0..<100 { close(try #require(log.next())) }
        thread.join()
    }

    @Test
    func stoppingEndsTheRunAndClosesWhatWaits() throws {
        let running = try RunningAcceptor { _, _, _ in .wait(100) }
        let endpoint = try running.listen()
        let client = try #require(TestClient(endpoint))
        client.send("abc")
        _ = running.nextQuestion()
        running.stop()
        guard case .stopped = running.nextReport() else {
            Issue.record("the arrival was not reported")
            return
        }
        #expect(client.receiveAll() == ([], 0))
        #expect(TestClient(endpoint) == nil)
        #expect(running.acceptor.waitingCount == 0)
    }

    @Test
    func commandsAfterTheEndAreSettled() throws {
        let running = try RunningAcceptor { _, _, _ in .close }
        running.stop()
        let endpoint = try running.listen()
        #expect(TestClient(endpoint) == nil)
        let removed = EventLog<Int>()
        running.acceptor.remove(ListenerID(rawValue: 1)) { removed.append(1) }
        #expect(removed.next() == 1)
    }

    @Test
    func moreThanMayWaitAreTurnedAway() throws {
        let limits = AcceptorLimits(waiting: 3)
        let running = try RunningAcceptor(limits: limits) { _, bytes, _ in bytes.count >= 2 ? .take : .wait(2) }
        defer { running.stop() }
        // The kernel hands over with first bytes only, so that nobody waits for want of any.
        let endpoint = try running.listen(options: ListenerOptions(deferAccept: true))
        let clients = (0..<3).compactMap { _ in TestClient(endpoint) }
        for client in clients {
            client.send("a")
            _ = running.nextQuestion()
        }
        let fourth = try #require(TestClient(endpoint))
        fourth.send("a")
        guard case .turnedAway(_, .all(limit: 3)) = running.nextReport() else {
            Issue.record("the fourth was not turned away")
            return
        }
        #expect(fourth.receiveAll().bytes.isEmpty)
        // Whoever need not wait is served even so.
        let fifth = try #require(TestClient(endpoint))
        fifth.send("ab")
        var taken = try #require(running.nextTaken())
        #expect(taken.peer.port == fifth.port)
        close(taken.descriptor)
        // One place becomes free.
        clients[0].send("b")
        taken = try #require(running.nextTaken())
        close(taken.descriptor)
        let sixth = try #require(TestClient(endpoint))
        sixth.send("a")
        #expect(try #require(running.nextQuestion()).bytes == [0x61])
        sixth.send("b")
        taken = try #require(running.nextTaken())
        #expect(taken.peer.port == sixth.port)
        close(taken.descriptor)
    }

    @Test
    func moreThanMayWaitFromOneAddressAreTurnedAway() throws {
        let limits = AcceptorLimits(waitingPerAddress: 1)
        let running = try RunningAcceptor(limits: limits) { _, bytes, _ in bytes.count >= 2 ? .take : .wait(2) }
        defer { running.stop() }
        let endpoint = try running.listen()
        let first = try #require(TestClient(endpoint))
        first.send("a")
        _ = running.nextQuestion()
        let second = try #require(TestClient(endpoint))
        second.send("a")
        guard case .turnedAway(let arrival, .address(limit: 1)) = running.nextReport() else {
            Issue.record("the second was not turned away")
            return
        }
        #expect(arrival.peer.port == second.port)
    }

    @Test
    func newLimitsHoldForNewArrivals() throws {
        let running = try RunningAcceptor { _, _, _ in .close }
        defer { running.stop() }
        let endpoint = try running.listen()
        running.acceptor.replaceLimits(AcceptorLimits(sniffTimeout: .milliseconds(20)))
        let client = try #require(TestClient(endpoint))
        #expect(try #require(running.nextQuestion()).signal == .timedOut)
        #expect(client.receiveAll() == ([], 0))
    }

    @Test
    func aThousandConnectionsAtOnceAreAllHandedOver() throws {
        let running = try RunningAcceptor { _, bytes, _ in bytes.count >= 8 ? .take : .wait(8) }
        defer { running.stop() }
        let endpoint = try running.listen()
        let clients = (0..<1000).compactMap { _ in TestClient(endpoint) }
        #expect(clients.count == 1000)
        // Even ones say all at once; odd ones half now and half when everybody is there.
        for (index, client) in clients.enumerated() { client.send(index.isMultiple(of: 2) ? "whole..." : "half") }
        for (index, client) in clients.enumerated() where !index.isMultiple(of: 2) { client.send("....") }
        var ports: Set<UInt16> = []
        for _ in 0..<1000 {
            let arrival = try #require(running.nextTaken())
            ports.insert(arrival.peer.port)
            #expect(receiveNow(arrival.descriptor).count == 8)
            close(arrival.descriptor)
        }
        #expect(ports == Set(clients.map(\.port)))
    }

    @Test
    func acceptedSocketsTakeOverTheListenersOptions() throws {
        let running = try RunningAcceptor { _, _, _ in .take }
        defer { running.stop() }
        let keepAlive = KeepAlive(idle: .seconds(77), interval: .seconds(11), count: 3)
        let endpoint = try running.listen(options: ListenerOptions(deferAccept: true, keepAlive: keepAlive))
        let client = try #require(TestClient(endpoint))
        client.send("x")
        let arrival = try #require(running.nextTaken())
        func option(_ level: Int32, _ name: Int32) -> Int32 {
            var value: Int32 = -1
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(arrival.descriptor, level, name, &value, &length)
            return value
        }
        #expect(option(Int32(IPPROTO_TCP), TCP_NODELAY) == 1)
        #expect(option(SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(option(Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 77)
        #expect(option(Int32(IPPROTO_TCP), TCP_KEEPINTVL) == 11)
        #expect(option(Int32(IPPROTO_TCP), TCP_KEEPCNT) == 3)
        close(arrival.descriptor)
    }
}
