import EdgeTestKit
import Testing

/// Visitors' streams as the old clients see them.
@Suite
struct OldClientStreamTests {
    private static func connected(_ relay: RelayProcess, _ name: String = "app.example.test") throws -> ScriptedClient {
        let client = try relay.client(.stunnel08, token: TestToken.granting([name]))
        _ = try client.nextPacket()
        // stunnel 0.8 takes the greeting for an unknown service and says so.
        try client.send(RawPacket(header: ",,,1,error", body: [0]))
        return client
    }

    /// Dials from port 8080, or from the next port of four digits that is free.
    private static func dial(_ relay: RelayProcess) throws -> PlainConnection {
        for port in UInt16(8080)...8999 {
            if let visitor = try? PlainConnection(port: relay.port, from: port) { return visitor }
        }
        throw JourneyFailure("no port between 8080 and 8999 is free")
    }

    @Test
    func theOldestMessageIsSentByteForByteAndAnswered() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay, "127.0.0.1")
        let visitor = try Self.dial(relay)
        let start = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: "
        let request = start + String(repeating: "x", count: 413 - start.utf8.count - 4) + "\r\n\r\n"
        try visitor.write(request)
        let frame = try #require(try client.nextFrame())
        #expect(Array(frame.payload.prefix(2)) == [0xFE, 0x1C])
        #expect(frame.payload == [0xFE, 0x1C] + Array("IPv4,127.0.0.1,\(visitor.localPort),413,http\(request)".utf8))
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
        let header = "IPv4,127.0.0.1,\(visitor.localPort),\(answer.count),http"
        try client.send(RawFrame(.binary, [0xFE, UInt8(header.utf8.count)] + Array(header.utf8) + answer))
        #expect(try HTTPAnswer(from: visitor).text == "hello")
        // The tunnel lives on: once more, the same message.
        try visitor.write(request)
        #expect(try client.nextFrame()?.payload == frame.payload)
    }

    @Test
    func theSecondPacketWaitsForTheClientsFirst() throws {
        var setup = RelaySetup()
        setup.timeouts = ["gate": "25s"]
        let relay = try RelayProcess(setup)
        let client = try Self.connected(relay)
        let visitor = try relay.dial()
        let head = "POST / HTTP/1.1\r\nHost: app.example.test\r\nContent-Length: 4\r\n\r\n"
        try visitor.write(head)
        let first = try client.nextPacket()
        #expect(first.text == head)
        try visitor.write("body")
        // A later visitor's packet comes while the earlier one's second is still held.
        let other = try relay.dial()
        try other.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let between = try client.nextPacket()
        #expect(between.stream != first.stream)
        try client.send(RawPacket(answering: first, Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)))
        let second = try client.nextPacket()
        #expect(second.stream == first.stream)
        #expect(second.text == "body")
    }

    @Test
    func theSecondPacketComesByItselfAfterAWhile() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay)
        let visitor = try relay.dial()
        try visitor.write("POST / HTTP/1.1\r\nHost: app.example.test\r\nContent-Length: 4\r\n\r\n")
        let first = try client.nextPacket()
        try visitor.write("body")
        let second = try client.nextPacket()
        #expect(second.stream == first.stream)
        #expect(second.text == "body")
    }

    @Test
    func anEndRightBehindTheFirstPacketIsHeldToo() throws {
        var setup = RelaySetup()
        setup.timeouts = ["gate": "25s"]
        let relay = try RelayProcess(setup)
        let client = try Self.connected(relay)
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let first = try client.nextPacket()
        visitor.reset()
        let other = try relay.dial()
        try other.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let between = try client.nextPacket()
        #expect(between.stream != first.stream)
        #expect(between.service == "http")
        try client.send(RawPacket(answering: first, Array("HTTP/1.1 200 OK\r\n\r\n".utf8)))
        let end = try client.nextPacket()
        #expect(end.stream == first.stream)
        #expect(["end", "error"].contains(end.service))
        #expect(end.body.count == 1, "an empty one breaks the oldest packer's framing")
    }

    @Test
    func aClientsEndEndsTheVisitor() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay)
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let packet = try client.nextPacket()
        try client.send(RawPacket(answering: packet, Array("HTTP/1.1 200 OK\r\n\r\nto the end".utf8)))
        try client.send(RawPacket(answering: packet, service: "end", [0]))
        #expect(try HTTPAnswer(from: visitor).text == "to the end")
    }

    @Test
    func aServiceThatRefusedItsClientIsAPageForTheVisitor() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay)
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        try client.send(RawPacket(answering: client.nextPacket(), service: "error", [0]))
        #expect(try HTTPAnswer(from: visitor).head.status == 502)
    }

    @Test
    func packetsOfUnknownStreamsAreIgnored() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay)
        try client.send(RawPacket(header: "IPv4,10.0.0.1,1,3,http", body: [1, 2, 3]))
        try client.send(RawPacket(header: "IPv4,10.0.0.1,1,0,end", body: []))
        try client.send(RawPacket(header: ",,0,0,end,0,,\n", body: []))
        try client.send(RawPacket(header: ",,,0,error,,", body: []))
        try client.send(RawPacket(header: "IPv4,10.0.0.1,1,4,error", body: Array("null".utf8)))
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        #expect(try client.nextPacket { $0.service == "http" }.fields[2] == "\(visitor.localPort)")
    }

    @Test
    func theAnswersOfManyVisitorsFindTheirWay() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay)
        let visitors = try (0..<20).map { _ in try relay.dial() }
        for (index, visitor) in visitors.enumerated() {
            try visitor.write("GET /\(index) HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        }
        for _ in visitors {
            let packet = try client.nextPacket { $0.service == "http" }
            let path = HTTPHead(packet.text).word(1)
            try client.send(
                RawPacket(
                    answering: packet,
                    Array("HTTP/1.1 200 OK\r\nContent-Length: \(path.count)\r\n\r\n\(path)".utf8)
                )
            )
        }
        for (index, visitor) in visitors.enumerated() { #expect(try HTTPAnswer(from: visitor).text == "/\(index)") }
    }
}
