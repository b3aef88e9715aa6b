import EdgeTunnel
import EdgeTypes
import Testing

@Suite
struct TunnelPackerTests {
    private static let four = StreamID(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711)

    private static func label(
        _ id: StreamID = four,
        _ service: TunnelService = .https,
        name: String? = "app.example.com",
        fields: TunnelLabel.FieldCount
    ) -> TunnelLabel {
        TunnelLabel(id: id, service: service, servicePort: 443, name: name.flatMap { Hostname($0) }, fields: fields)
    }

    private static func header(_ label: TunnelLabel, _ service: TunnelService, _ body: [UInt8] = []) -> String {
        let packet = TunnelPacker.packet(label: label, service: service, body: body)
        #expect(packet.first == 0xFE)
        let length = Int(packet[1])
        #expect(Array(packet[(2 + length)...]) == body)
        #expect(TunnelPacker.headerLength(label: label, service: service, bodyLength: body.count) == 2 + length)
        return String(decoding: packet[2..<2 + length], as: UTF8.self)
    }

    @Test
    func headersAreWrittenAsEachGenerationReadsThem() {
        let five = Self.label(fields: .five)
        let seven = Self.label(fields: .seven)
        #expect(Self.header(five, .data, [1, 2, 3]) == "IPv4,192.0.2.1,4711,3,https")
        #expect(Self.header(seven, .data, [1, 2, 3]) == "IPv4,192.0.2.1,4711,3,https,443,app.example.com")
        #expect(Self.header(five, .end, [0x20]) == "IPv4,192.0.2.1,4711,1,end")
        #expect(Self.header(seven, .end) == "IPv4,192.0.2.1,4711,0,end,443,app.example.com")
        #expect(Self.header(seven, .error) == "IPv4,192.0.2.1,4711,0,error,443,app.example.com")
        #expect(Self.header(five, .pause, Array("5111808".utf8)) == "IPv4,192.0.2.1,4711,7,pause")
        #expect(Self.header(seven, .resume, Array("0".utf8)) == "IPv4,192.0.2.1,4711,1,resume,443,app.example.com")
        #expect(Self.header(seven, .connection) == "IPv4,192.0.2.1,4711,0,connection,443,app.example.com,https")
        #expect(Self.header(Self.label(name: nil, fields: .seven), .data, [1]) == "IPv4,192.0.2.1,4711,1,https,443,")
        #expect(Self.header(Self.label(Self.four, .data, fields: .five), .data, [1]) == "IPv4,192.0.2.1,4711,1,")
    }

    @Test
    func addressesAreWrittenInOneForm() {
        let six = StreamID(address: NetworkAddress(high: 0x2001_0DB8 << 32, low: 1), port: 1)
        #expect(Self.header(Self.label(six, fields: .five), .data) == "IPv6,2001:db8::1,1,0,https")
        let mapped = StreamID(address: NetworkAddress(high: 0, low: 0xFFFF_0A00_0001), port: 2)
        #expect(Self.header(Self.label(mapped, fields: .five), .data) == "IPv4,10.0.0.1,2,0,https")
    }

    @Test
    func aNameThatDoesNotFitIsLeftEmpty() {
        let long = StreamID(address: NetworkAddress(high: .max, low: .max), port: 65535)
        let part = String(repeating: "a", count: 60)
        var kept = 0
        for count in 1...62 {
            let name = "\(part).\(part).\(part).\(String(repeating: "b", count: min(count, 63)))"
            for service in [TunnelService.data, .connection, .end] {
                let header = Self.header(Self.label(long, name: name, fields: .seven), service)
                #expect(header.utf8.count <= 255)
                #expect(header.contains(",443,\(name)") || header.hasSuffix(",443,") || header.hasSuffix(",443,,https"))
            }
        }
        for length in 100...250 {
            let name = (0..<5).map { _ in String(repeating: "c", count: length / 5) }.joined(separator: ".")
            let header = Self.header(Self.label(name: name, fields: .seven), .data)
            if header.hasSuffix(name) { kept = max(kept, name.utf8.count) }
        }
        #expect(kept >= 180, "only \(kept) bytes of name fit beside an IPv4 address")
    }

    @Test
    func aHeaderIsWrittenBackwardsFromItsBody() {
        let label = Self.label(fields: .seven)
        for length in [0, 9, 10, 99, 65408, 65536, 16 << 20, 9_999_999_999] {
            var bytes = [UInt8](repeating: 0xEE, count: 300)
            var octets = bytes.mutableSpan
            var span = octets.mutableBytes
            let start = TunnelPacker.writeHeader(
                label: label,
                service: .data,
                bodyLength: length,
                into: &span,
                endingAt: 270
            )
            #expect(270 - start == TunnelPacker.headerLength(label: label, service: .data, bodyLength: length))
            #expect(Array(bytes[start..<270]) == rawPacket("IPv4,192.0.2.1,4711,\(length),https,443,app.example.com"))
            #expect(bytes[..<start].allSatisfy { $0 == 0xEE })
            #expect(bytes[270...].allSatisfy { $0 == 0xEE })
        }
    }

    @Test
    func aControlMessageIsAPacketWithoutStream() throws {
        let packet = TunnelPacker.control(.reply(id: 1))
        #expect(packet == rawPacket(",,,9,control", Array("[-1,null]".utf8)))
        #expect(TunnelPacker.control(.hello) == rawPacket(",,,44,control", Array(ControlMessage.hello.json.utf8)))
    }

    @Test
    func whatIsPackedIsUnpackedTheSame() throws {
        var numbers = SeededNumbers(seed: 42)
        for _ in 0..<500 {
            let address =
                Bool.random(using: &numbers)
                ? NetworkAddress(ipv4: UInt32.random(in: .min ... .max, using: &numbers))
                : NetworkAddress(high: numbers.next(), low: numbers.next() & numbers.next())
            let id = StreamID(address: address, port: UInt16.random(in: .min ... .max, using: &numbers))
            let labels = (0..<Int.random(in: 1...4, using: &numbers)).map { _ in
                String(repeating: "x", count: Int.random(in: 1...30, using: &numbers))
            }
            let name = Bool.random(using: &numbers) ? Hostname(labels.joined(separator: ".")) : nil
            let data = [TunnelService.http, .https, .tls, .ssh, .tcp, .data].randomElement(using: &numbers) ?? .data
            let port = UInt16.random(in: .min ... .max, using: &numbers)
            let fields: TunnelLabel.FieldCount = Bool.random(using: &numbers) ? .five : .seven
            let label = TunnelLabel(id: id, service: data, servicePort: port, name: name, fields: fields)
            var wire: [UInt8] = []
            var expected: [PacketReader.Packet] = []
            for service in [TunnelService.data, .end, .error, .pause, .resume, .connection] {
                let body = (0..<Int.random(in: 0...40, using: &numbers)).map { _ in
                    UInt8.random(in: .min ... .max, using: &numbers)
                }
                wire += TunnelPacker.packet(label: label, service: service, body: body)
                let header = TunnelHeader(
                    streamID: id,
                    service: service == .data ? data : service,
                    bodyLength: body.count,
                    servicePort: fields == .seven ? port : nil,
                    name: fields == .seven ? name?.text : nil,
                    extraService: fields == .seven && service == .connection ? data : nil
                )
                expected.append(PacketReader.Packet(header: header, body: body, isWhole: true))
            }
            let cut = Int.random(in: 0...wire.count, using: &numbers)
            #expect(try PacketReader.packets(in: wire, cutAt: [cut]) == expected)
        }
    }
}
