import EdgeTunnel
import EdgeTypes
import Testing

@Suite(.enabled(if: !Transcript.names.isEmpty))
struct TranscriptTests {
    /// A header's fields as their sender wrote them, read the slow way.
    private static func expected(_ text: String) -> TunnelHeader {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false).map { field in
            String(field.filter { !$0.isWhitespace })
        }
        var id: StreamID?
        if let address = NetworkAddress(fields[1]), let port = UInt16(fields[2]) {
            id = StreamID(address: address, port: port)
        }
        func service(_ word: String) -> TunnelService {
            TunnelService.allCases.first { $0 != .other && "\($0.word)" == word } ?? .other
        }
        let isConnection = fields[4] == "connection"
        return TunnelHeader(
            streamID: id,
            service: service(fields[4]),
            bodyLength: Int(fields[3]) ?? -1,
            servicePort: fields.count > 5 ? UInt16(fields[5]) : nil,
            name: fields.count > 6 && !fields[6].isEmpty ? fields[6] : nil,
            extraService: isConnection && fields.count > 7 ? service(fields[7]) : nil
        )
    }

    @Test(arguments: Transcript.names)
    func everyRecordedPacketIsRead(name: String) throws {
        for line in try Transcript.lines(of: name) {
            guard line.op == "binary", let header = line.header else { continue }
            let wire = line.bytes
            for cuts in [[], [1], [wire.count / 2], Array(1..<wire.count)] as [[Int]] {
                let packets = try PacketReader.packets(in: wire, cutAt: cuts)
                #expect(packets.count == 1)
                #expect(packets.first?.header == Self.expected(header))
                guard line.truncated != true, let packet = packets.first else { continue }
                #expect(packet.body.count == line.body)
                #expect(packet.isWhole == (line.body == packet.header.bodyLength))
            }
        }
    }

    @Test
    func everyWayOfEndingIsAmongThem() throws {
        var services: Set<TunnelService> = []
        var packets = 0
        for name in Transcript.names {
            for line in try Transcript.lines(of: name) where line.op == "binary" && line.header != nil {
                let first = try PacketReader.packets(in: line.bytes).first
                if let service = first?.header.service { services.insert(service) }
                packets += 1
            }
        }
        #expect(packets > 300)
        #expect(services.isSuperset(of: [.http, .https, .tcp, .data, .end, .error, .control, .connection]))
    }

    /// The control messages that were recorded whole, header and body in one message or in two.
    private static func controls() throws -> [String] {
        var texts: [String] = []
        for name in Transcript.names {
            var isAwaited = false
            for line in try Transcript.lines(of: name) where line.op == "binary" {
                if isAwaited, line.header == nil, line.truncated != true {
                    texts.append(String(decoding: line.bytes, as: UTF8.self))
                }
                isAwaited = line.header?.hasSuffix(",control") == true && line.body == 0
                guard line.truncated != true, let packet = try? PacketReader.packets(in: line.bytes).first else {
                    continue
                }
                guard packet.header.service == .control, packet.isWhole else { continue }
                texts.append(String(decoding: packet.body, as: UTF8.self))
            }
        }
        return texts
    }

    @Test
    func everyRecordedControlMessageIsReadAndWrittenTheSame() throws {
        let texts = try Self.controls()
        #expect(texts.count > 25)
        for text in texts {
            let message = ControlMessage(parsing: Array(text.utf8))
            if case .malformed = message { Issue.record("malformed: \(text)") }
            if case .unknown = message { Issue.record("unknown: \(text)") }
            // Faults without words and ports in lists are an ancestor's own way: read, not copied.
            guard !text.hasSuffix("{}]"), !text.contains("[\"5050\"]") else { continue }
            #expect(message.json == text)
            #expect(ControlMessage(parsing: Array(message.json.utf8)) == message)
        }
    }

    @Test
    func recordedTokensAreInNoDescription() throws {
        for text in try Self.controls() where text.contains("_token\",\"ey") {
            let message = ControlMessage(parsing: Array(text.utf8))
            var dumped = ""
            dump(message, to: &dumped)
            for shown in ["\(message)", String(reflecting: message), dumped] { #expect(!shown.contains("eyJ")) }
        }
    }
}
