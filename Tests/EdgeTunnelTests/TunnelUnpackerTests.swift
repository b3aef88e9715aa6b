import EdgeTunnel
import EdgeTypes
import Testing

@Suite
struct TunnelUnpackerTests {
    private static let visitor = StreamID(address: NetworkAddress(ipv4: 0x7F00_0001), port: 4711)

    /// Packets of every client generation, one behind the other.
    private static let conversation: (wire: [UInt8], packets: [PacketReader.Packet]) = {
        let body = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let six = StreamID(address: NetworkAddress(high: 0x2001_0DB8 << 32, low: 1), port: 65535)
        let parts: [(String, TunnelHeader, [UInt8])] = [
            ("IPv4,127.0.0.1,4711,300,https", TunnelHeader(streamID: visitor, service: .https, bodyLength: 300), body),
            (
                "IPv6,::ffff:127.0.0.1,4711,0,connection,8443,app.test,https",
                TunnelHeader(
                    streamID: visitor,
                    service: .connection,
                    bodyLength: 0,
                    servicePort: 8443,
                    name: "app.test",
                    extraService: .https
                ), []
            ),
            (
                "tun,127.0.0.1,4711,3,,8443,app.test,\n",
                TunnelHeader(streamID: visitor, service: .data, bodyLength: 3, servicePort: 8443, name: "app.test"),
                [1, 2, 3]
            ),
            (
                "tun,127.0.0.1,4711,0,end,0,,\n",
                TunnelHeader(streamID: visitor, service: .end, bodyLength: 0, servicePort: 0), []
            ),
            (",,,9,control", TunnelHeader(streamID: nil, service: .control, bodyLength: 9), Array("[-1,null]".utf8)),
            (",,0,0,end,0,,\n", TunnelHeader(streamID: nil, service: .end, bodyLength: 0, servicePort: 0), []),
            (
                "IPv6,2001:db8::1,65535,1,Error",
                TunnelHeader(streamID: six, service: .error, bodyLength: 1), [0xFE]
            ),
            (
                " IPv4 , 127.0.0.1 , 4711 , 2 , HTTP ",
                TunnelHeader(streamID: visitor, service: .http, bodyLength: 2), [0, 0]
            ),
        ]
        return (
            parts.flatMap { rawPacket($0.0, $0.2) },
            parts.map { PacketReader.Packet(header: $0.1, body: $0.2, isWhole: true) }
        )
    }()

    @Test
    func everySplitGivesTheSamePackets() throws {
        let (wire, packets) = Self.conversation
        for cut in 0...wire.count {
            #expect(try PacketReader.packets(in: wire, cutAt: [cut]) == packets, "cut at \(cut)")
        }
    }

    @Test
    func everyPairOfCutsGivesTheSamePackets() throws {
        let (wire, packets) = Self.conversation
        for first in stride(from: 0, through: wire.count, by: 4) {
            for second in stride(from: first, through: wire.count, by: 7) {
                #expect(try PacketReader.packets(in: wire, cutAt: [first, second]) == packets)
            }
        }
    }

    @Test
    func oneByteAtATimeGivesTheSamePackets() throws {
        let (wire, packets) = Self.conversation
        #expect(try PacketReader.packets(in: wire, cutAt: Array(1..<wire.count)) == packets)
    }

    @Test
    func everyTruncationAsksForMoreAndLosesNothing() throws {
        let (wire, packets) = Self.conversation
        for length in 0..<wire.count {
            var reader = PacketReader()
            try reader.feed(wire[..<length])
            #expect(reader.packets.count(where: \.isWhole) < packets.count)
            try reader.feed(wire[length...])
            #expect(reader.packets == packets)
            #expect(reader.isBetweenPackets)
        }
    }

    @Test
    func theOldestClientsMessageIsRead() throws {
        let header = "IPv4,127.0.0.1,8080,413,http"
        #expect(header.utf8.count == 0x1C)
        let body = [UInt8](repeating: 0x47, count: 413)
        let wire: [UInt8] = [0xFE, 0x1C] + Array(header.utf8) + body
        #expect(wire.count == 443)
        let id = StreamID(address: NetworkAddress(ipv4: 0x7F00_0001), port: 8080)
        let packet = PacketReader.Packet(
            header: TunnelHeader(streamID: id, service: .http, bodyLength: 413),
            body: body,
            isWhole: true
        )
        #expect(try PacketReader.packets(in: wire) == [packet])
    }

    @Test
    func aCutBodyIsHandedOutAsItComes() throws {
        var reader = PacketReader()
        let wire = rawPacket("IPv4,127.0.0.1,4711,5,tcp", [1, 2, 3, 4, 5])
        try reader.feed(wire.dropLast(3))
        #expect(reader.packets.map(\.body) == [[1, 2]])
        #expect(reader.packets.map(\.isWhole) == [false])
        #expect(!reader.isBetweenPackets)
    }

    @Test
    func namesAreReadOnlyWhereTheyAreWanted() throws {
        var reader = PacketReader(readsNames: false)
        try reader.feed(rawPacket("IPv4,127.0.0.1,4711,0,connection,443,app.test,ssh"))
        let header = try #require(reader.packets.first?.header)
        #expect(header.name == nil)
        #expect(header.servicePort == 443)
        #expect(header.extraService == .ssh)
    }

    @Test(arguments: [
        "IPv4,,4711,0,end", "IPv4,127.0.0.1,,0,end", "IPv4,127.0.0.1,65536,0,end", "IPv4,127.0.0.1,-1,0,end",
        "IPv4,127.0.0.1,x,0,end", "tun,somewhere,4711,0,end", ",,,0,error,,", "IPv4,127.0.0.256,1,0,end",
    ])
    func whatNamesNoStreamHasNone(header: String) throws {
        let packet = try #require(try PacketReader.packets(in: rawPacket(header)).first)
        #expect(packet.header.streamID == nil)
        #expect(packet.isWhole)
    }

    @Test
    func serviceWordsAreReadWithoutRegardToCase() throws {
        for service in TunnelService.allCases {
            let word = "\(service.word)"
            for text in [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()] {
                let packet = try PacketReader.packets(in: rawPacket("IPv4,127.0.0.1,1,0,\(text)")).first
                #expect(packet?.header.service == (service == .other ? .data : service))
            }
        }
        for text in ["smtp", "httpx", "htt", "https ssh"] {
            let packet = try PacketReader.packets(in: rawPacket("IPv4,127.0.0.1,1,0,\(text)")).first
            #expect(packet?.header.service == .other)
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0], TunnelError.unknownVersion(0xFF)),
            ([0x01], .unknownVersion(1)),
            (rawPacket(""), .tooFewFields(1)),
            (rawPacket("IPv4,127.0.0.1,1"), .tooFewFields(3)),
            (rawPacket("IPv4,127.0.0.1,1,0"), .tooFewFields(4)),
            (rawPacket("IPv4,127.0.0.1,1,,http"), .malformedBodyLength),
            (rawPacket("IPv4,127.0.0.1,1,-5,http"), .malformedBodyLength),
            (rawPacket("IPv4,127.0.0.1,1,0x10,http"), .malformedBodyLength),
            (rawPacket("IPv4,127.0.0.1,1,1001,http"), .packetTooLarge(actual: 1001, limit: 1000)),
            (
                rawPacket("IPv4,127.0.0.1,1,99999999999999,http"),
                .packetTooLarge(actual: 99_999_999_999_999, limit: 1000)
            ),
            (
                rawPacket("IPv4,127.0.0.1,1,99999999999999999999999999999999,http"),
                .packetTooLarge(actual: .max, limit: 1000)
            ),
        ] as [([UInt8], TunnelError)]
    )
    func aBreachIsRefusedHoweverItComes(wire: [UInt8], error: TunnelError) {
        let limits = TunnelLimits(packet: ByteCount(1000))
        #expect(throws: error) { _ = try PacketReader.packets(in: wire, limits: limits) }
        #expect(throws: error) {
            _ = try PacketReader.packets(in: wire, cutAt: Array(1..<wire.count), limits: limits)
        }
        let behind = rawPacket("IPv4,127.0.0.1,1,1,http", [7]) + wire
        #expect(throws: error) { _ = try PacketReader.packets(in: behind, limits: limits) }
    }

    @Test
    func aWrongVersionIsRefusedAtItsFirstByte() {
        #expect(throws: TunnelError.unknownVersion(0x7B)) { _ = try PacketReader.packets(in: [0x7B]) }
    }

    @Test
    func aBodyOfExactlyTheLimitIsTaken() throws {
        let wire = rawPacket("IPv4,127.0.0.1,1,4,http", [1, 2, 3, 4])
        let packets = try PacketReader.packets(in: wire, limits: TunnelLimits(packet: ByteCount(4)))
        #expect(packets.first?.body == [1, 2, 3, 4])
    }

    @Test
    func aHeaderOfTheLongestLengthIsReadHoweverItComes() throws {
        let start = "IPv4,127.0.0.1,4711,0,connection,443,"
        let name = String(repeating: "n", count: 255 - start.utf8.count - 6)
        let wire = rawPacket("\(start)\(name),https")
        #expect(wire.count == TunnelPacker.maximumHeaderLength)
        for cuts in [[], Array(1..<wire.count)] {
            let packets = try PacketReader.packets(in: wire, cutAt: cuts)
            #expect(packets.first?.header.name == name)
            #expect(packets.first?.header.extraService == .https)
        }
    }
}
