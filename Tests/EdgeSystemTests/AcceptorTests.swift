import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct AcceptorTests {
    @Test
    func peekedBytesStayInTheSocket() throws {
        let running = try RunningAcceptor { _, bytes, _ in bytes.count >= 5 ? .take : .wait(5) }
        defer { running.stop() }
        let endpoint = try running.listen(7)
        let client = try #require(TestClient(endpoint))
        client.send("hello")
        let arrival = try #require(running.nextTaken())
        #expect(receiveNow(arrival.descriptor) == Array("hello".utf8))
        #expect(arrival.listener == ListenerID(rawValue: 7))
        #expect(arrival.peer == PeerAddress(address: NetworkAddress(ipv4: 0x7F00_0001), port: client.port))
        #expect(arrival.local == PeerAddress(address: NetworkAddress(ipv4: 0x7F00_0001), port: endpoint.port ?? 0))
        #expect(fcntl(arrival.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(arrival.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        close(arrival.descriptor)
        #expect(client.receiveAll().bytes.isEmpty)
    }

    @Test
    func bytesThatComeOneByOneAreAskedAboutEachTime() throws {
        let running = try RunningAcceptor { _, bytes, _ in bytes.count == 20 ? .take : .wait(bytes.count + 1) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        let sent = (0..<20).map { UInt8($0) }
        for count in 1...20 {
            client.send([sent[count - 1]])
            let question = try #require(running.nextQuestion())
            #expect(question.bytes == Array(sent[..<count]))
            #expect(question.signal == .bytes)
        }
        let arrival = try #require(running.nextTaken())
        #expect(receiveNow(arrival.descriptor) == sent)
        close(arrival.descriptor)
    }

    @Test
    func fewerBytesThanWantedAreNotAskedAbout() throws {
        let running = try RunningAcceptor { _, bytes, _ in bytes.count >= 10 ? .take : .wait(10) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("1")
        #expect(try #require(running.nextQuestion()).bytes.count == 1)
        for _ in 0..<8 { client.send("2") }
        client.send("3")
        let question = try #require(running.nextQuestion())
        #expect(question.bytes == Array("1222222223".utf8))
        close(try #require(running.nextTaken()).descriptor)
    }

    @Test
    func anEndBeforeEnoughIsSignalled() throws {
        let running = try RunningAcceptor { _, _, signal in signal == .ended ? .take : .wait(100) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("abc")
        #expect(try #require(running.nextQuestion()).signal == .bytes)
        client.end()
        let question = try #require(running.nextQuestion())
        #expect(question.bytes == Array("abc".utf8))
        #expect(question.signal == .ended)
        let arrival = try #require(running.nextTaken())
        #expect(receiveNow(arrival.descriptor) == Array("abc".utf8))
        close(arrival.descriptor)
    }

    @Test
    func anEndWithoutAByteIsSignalled() throws {
        let running = try RunningAcceptor { _, _, _ in .close }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.end()
        let question = try #require(running.nextQuestion())
        #expect(question.bytes.isEmpty)
        #expect(question.signal == .ended)
        #expect(client.receiveAll() == ([], 0))
    }

    @Test
    func silenceEndsWithATimeout() throws {
        let limits = AcceptorLimits(sniffTimeout: .milliseconds(30))
        let running = try RunningAcceptor(limits: limits) { _, _, _ in .take }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        let question = try #require(running.nextQuestion())
        #expect(question.bytes.isEmpty)
        #expect(question.signal == .timedOut)
        let arrival = try #require(running.nextTaken())
        #expect(running.acceptor.waitingCount == 0)
        close(arrival.descriptor)
        #expect(client.receiveAll() == ([], 0))
    }

    @Test
    func aPeerThatDripsGetsNoMoreTimeThanASilentOne() throws {
        let limits = AcceptorLimits(sniffTimeout: .milliseconds(60))
        let running = try RunningAcceptor(limits: limits) { _, bytes, _ in .wait(bytes.count + 1) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("a")
        var signals: [ArrivalSignal] = []
        while let question = running.nextQuestion() {
            signals.append(question.signal)
            if question.signal.isFinal { break }
            client.send("a")
        }
        #expect(signals.last == .timedOut)
        #expect(signals.count > 1)
        // The answer to a final signal was to wait, which closes; a byte on its way may make it a reset.
        #expect(client.receiveAll().bytes.isEmpty)
    }

    @Test
    func asManyBytesAsAreEverLookedAtAreSignalledAsFull() throws {
        let limits = AcceptorLimits(preface: ByteCount(1000))
        let running = try RunningAcceptor(limits: limits) { _, _, signal in signal == .full ? .take : .wait(1_000_000) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        let sent = [UInt8](repeating: 0x61, count: 3000)
        client.send(sent)
        var question = try #require(running.nextQuestion())
        if question.signal == .bytes { question = try #require(running.nextQuestion()) }
        #expect(question.bytes.count == 1000)
        #expect(question.signal == .full)
        let arrival = try #require(running.nextTaken())
        #expect(receiveNow(arrival.descriptor) == sent)
        close(arrival.descriptor)
    }

    @Test
    func theLargestPrefaceIsSeenWhole() throws {
        let wanted = AcceptorLimits.largestPreface
        let limits = AcceptorLimits(preface: wanted)
        let running = try RunningAcceptor(limits: limits) { _, bytes, _ in
            bytes.count == wanted.bytes ? .take : .wait(wanted.bytes)
        }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        let sender = TestThread { client.send([UInt8](repeating: 0x61, count: wanted.bytes)) }
        let arrival = try #require(running.nextTaken())
        close(arrival.descriptor)
        sender.join()
    }

    @Test
    func aListenerThatDoesNotPeekHandsOverAtOnce() throws {
        let running = try RunningAcceptor { _, _, _ in .take }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen(peeks: false)))
        let question = try #require(running.nextQuestion())
        #expect(question.bytes.isEmpty)
        #expect(question.signal == .bytes)
        let arrival = try #require(running.nextTaken())
        close(arrival.descriptor)
        #expect(client.receiveAll() == ([], 0))
    }

    @Test
    func aHeaderIsReadOffExactlyAndItsPeerTakesThePlaceOfTheSockets() throws {
        let visitor = PeerAddress(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711)
        let dialled = PeerAddress(address: NetworkAddress(ipv4: 0xC633_6401), port: 443)
        let running = try RunningAcceptor { arrival, bytes, _ in
            if arrival.bytesReadOff == 0 { return .readOff(6, visitor, dialled) }
            return bytes.count >= 4 ? .take : .wait(4)
        }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("HEADERre")
        #expect(try #require(running.nextQuestion()).bytes == Array("HEADERre".utf8))
        #expect(try #require(running.nextQuestion()).bytes == Array("re".utf8))
        client.send("st")
        #expect(try #require(running.nextQuestion()).bytes == Array("rest".utf8))
        let arrival = try #require(running.nextTaken())
        #expect(arrival.peer == visitor)
        #expect(arrival.local == dialled)
        #expect(arrival.socketPeer.port == client.port)
        #expect(arrival.bytesReadOff == 6)
        #expect(receiveNow(arrival.descriptor) == Array("rest".utf8))
        close(arrival.descriptor)
    }

    @Test
    func readingOffMoreThanWasShownCloses() throws {
        let running = try RunningAcceptor { _, bytes, _ in .readOff(bytes.count + 1, nil, nil) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("abc")
        #expect(client.receiveAll() == ([], 0))
    }

    @Test
    func aResetWhileWaitingIsReported() throws {
        let running = try RunningAcceptor { _, _, _ in .wait(100) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("abc")
        _ = running.nextQuestion()
        let port = client.port
        client.reset()
        guard case .reset(let arrival) = running.nextReport() else {
            Issue.record("no reset was reported")
            return
        }
        #expect(arrival.peer.port == port)
    }

    @Test
    func aUnixSocketIsPeekedAsWell() throws {
        let folder = TemporaryFolder()
        let running = try RunningAcceptor { _, bytes, signal in
            bytes.count >= 4 || signal == .ended ? .take : .wait(4)
        }
        defer { running.stop() }
        let socket = try ListeningSocket.bind(.unix(path: "\(folder.path)/a"))
        running.acceptor.add(socket, id: ListenerID(rawValue: 1), peeks: true)
        let client = try #require(TestClient(socket.endpoint))
        client.send("ab")
        _ = running.nextQuestion()
        client.send("cd")
        let arrival = try #require(running.nextTaken())
        #expect(arrival.peer == .local)
        #expect(arrival.local == .local)
        #expect(receiveNow(arrival.descriptor) == Array("abcd".utf8))
        close(arrival.descriptor)

        let second = try #require(TestClient(socket.endpoint))
        second.send("e")
        second.end()
        let ended = try #require(running.nextTaken())
        #expect(receiveNow(ended.descriptor) == Array("e".utf8))
        close(ended.descriptor)
    }
}
