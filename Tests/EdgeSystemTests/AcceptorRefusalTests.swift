import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct AcceptorRefusalTests {
    private static let answer = Array("HTTP/1.1 421 Misdirected Request\r\n\r\n".utf8)

    private static func refused(_ report: AcceptorReport?) -> (received: Int, sent: Int)? {
        guard case .refused(_, let received, let sent) = report else { return nil }
        return (received, sent)
    }

    @Test
    func aRefusalIsReadWholeAndEndsWithoutAReset() throws {
        let running = try RunningAcceptor { _, _, _ in .refuse(Self.answer) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("GET / HTTP/1.1\r\n\r\n")
        #expect(client.receiveAll() == (Self.answer, 0))
        client.end()
        let report = try #require(Self.refused(running.nextReport()))
        #expect(report == (18, Self.answer.count))
    }

    @Test
    func aRefusalIsReadWholeWhileManyBytesArePending() throws {
        let pending = 200 * 1024
        let limits = AcceptorLimits(refusalDrain: .kibibytes(256), refusalDrainTimeout: .seconds(20))
        let running = try RunningAcceptor(limits: limits) { _, bytes, _ in
            bytes.count < 65_536 ? .wait(65_536) : .refuse(Self.answer)
        }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        let isSent = client.send([UInt8](repeating: 0x61, count: pending))
        #expect(isSent)
        #expect(client.receiveAll() == (Self.answer, 0))
        client.end()
        let report = try #require(Self.refused(running.nextReport()))
        #expect(report == (pending, Self.answer.count))
    }

    @Test
    func aPeerThatSendsForEverReadsItsAnswerAndIsResetAfterTheTime() throws {
        let limits = AcceptorLimits(refusalDrain: .kibibytes(16), refusalDrainTimeout: .milliseconds(200))
        let running = try RunningAcceptor(limits: limits) { _, _, _ in .refuse(Self.answer) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        let sender = TestThread {
            let chunk = [UInt8](repeating: 0x61, count: 65_536)
            while client.send(chunk) {}
        }
        var received = [UInt8](repeating: 0, count: Self.answer.count)
        let count = recv(client.descriptor, &received, received.count, Int32(MSG_WAITALL))
        #expect(count == Self.answer.count)
        #expect(received == Self.answer)
        let report = try #require(Self.refused(running.nextReport()))
        #expect(report.sent == Self.answer.count)
        sender.join()
    }

    @Test
    func aRefusedPeerThatNeverClosesIsClosedAfterTheTime() throws {
        let limits = AcceptorLimits(refusalDrainTimeout: .milliseconds(30))
        let running = try RunningAcceptor(limits: limits) { _, _, _ in .refuse(Self.answer) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("x")
        let report = try #require(Self.refused(running.nextReport()))
        #expect(report == (1, Self.answer.count))
        #expect(client.receiveAll() == (Self.answer, 0))
    }

    @Test
    func anArrivalThatWaitedCanBeRefused() throws {
        let limits = AcceptorLimits(sniffTimeout: .milliseconds(30))
        let running = try RunningAcceptor(limits: limits) { _, _, signal in
            signal == .timedOut ? .refuse(Self.answer) : .wait(100)
        }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("abc")
        #expect(client.receiveAll() == (Self.answer, 0))
        client.end()
        #expect(try #require(Self.refused(running.nextReport())) == (3, Self.answer.count))
        #expect(running.acceptor.waitingCount == 0)
    }

    @Test
    func anAnswerLongerThanTheSocketHoldsIsSentInParts() throws {
        let answer = (0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let limits = AcceptorLimits(refusalDrainTimeout: .seconds(20))
        let running = try RunningAcceptor(limits: limits) { _, _, _ in .refuse(answer) }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send("x")
        let received = client.receiveAll()
        #expect(received.code == 0)
        #expect(received.bytes == answer)
        client.end()
        #expect(try #require(Self.refused(running.nextReport())) == (1, answer.count))
    }

    @Test
    func aCloseWithPendingBytesIsNoReset() throws {
        let running = try RunningAcceptor { _, bytes, _ in bytes.count < 10_000 ? .wait(10_000) : .close }
        defer { running.stop() }
        let client = try #require(TestClient(try running.listen()))
        client.send([UInt8](repeating: 0x61, count: 10_000))
        #expect(client.receiveAll() == ([], 0))
    }
}
