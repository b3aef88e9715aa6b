import EdgeTunnel
import EdgeTypes

/// The packer: whatever streams say, a reader finds exactly that, however what was written is cut.
enum PackedTunnelFuzzing {
    /// A packet that was written.
    private struct Written {
        let label: TunnelLabel
        let header: TunnelHeader
        let hasSeven: Bool
    }

    /// Feeds choices: packets of every kind, and where their bytes are cut.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        var input = FuzzInput(bytes)
        var written: [Written] = []
        var bodies: [UInt8] = []
        var wire: [UInt8] = []
        let step = 1 + input.number() % 700
        while !input.isEmpty, written.count < 64 {
            let packet = self.packet(&input)
            let body = self.body(&input)
            let bytes =
                input.octet() & 1 == 0
                ? TunnelPacker.packet(label: packet.label, service: packet.header.service, body: body)
                : self.packedInPlace(packet.label, packet.header.service, body)
            let length = TunnelPacker.headerLength(
                label: packet.label,
                service: packet.header.service,
                bodyLength: body.count
            )
            try FuzzFinding.unless(bytes.count == length + body.count, "a header of another length than was said")
            try FuzzFinding.unless(length <= TunnelPacker.maximumHeaderLength, "a header that is too long")
            written.append(packet)
            bodies += body
            wire += bytes
        }
        let read = try UnpackedTunnel(wire, cutAt: Array(stride(from: step, to: wire.count, by: step)))
        try FuzzFinding.unless(read.error == nil, "what is packed is a breach: \(read)")
        try FuzzFinding.unless(read.endsWithPacket && read.body == bodies, "bodies are not what was packed")
        try FuzzFinding.unless(read.headers.count == written.count, "packets are lost or made up")
        for (packet, header) in zip(written, read.headers) { try self.compare(packet, header) }
        try FuzzFinding.unless(try UnpackedTunnel(wire, cutAt: []) == read, "a cut changes the outcome")
    }

    private static func compare(_ packet: Written, _ header: TunnelHeader) throws(FuzzFinding) {
        let wanted = packet.header
        try FuzzFinding.unless(header.streamID == wanted.streamID, "another stream: \(header)")
        let service = wanted.service.carriesData ? (wanted.extraService ?? .data) : wanted.service
        try FuzzFinding.unless(header.service == (service == .other ? .data : service), "another service: \(header)")
        guard packet.hasSeven else { return }
        try FuzzFinding.unless(header.servicePort == wanted.servicePort, "another port: \(header)")
        let isNamed = header.name == wanted.name || (header.name == nil && (wanted.name?.utf8.count ?? 0) > 100)
        try FuzzFinding.unless(isNamed, "another name: \(header)")
    }

    /// A stream's label, what is packed for it, and what is to be read.
    private static func packet(_ input: inout FuzzInput) -> Written {
        let id: StreamID
        if input.octet() & 1 == 0 {
            let address = UInt32(truncatingIfNeeded: input.number() << 16 | input.number())
            id = StreamID(address: NetworkAddress(ipv4: address), port: UInt16(truncatingIfNeeded: input.number()))
        } else {
            let high = UInt64(input.number()) << 48 | UInt64(input.number())
            let address = NetworkAddress(high: high, low: UInt64(input.number()))
            id = StreamID(address: address, port: UInt16(truncatingIfNeeded: input.number()))
        }
        let data: TunnelService = input.element(of: [.http, .https, .tls, .ssh, .tcp, .data, .other])
        let service: TunnelService = input.element(of: TunnelService.allCases.filter { $0 != .control })
        let port = UInt16(truncatingIfNeeded: input.number())
        let name = self.name(&input)
        let hasSeven = input.octet() & 1 == 0
        let label = TunnelLabel(
            id: id,
            service: data,
            servicePort: port,
            name: name,
            fields: hasSeven ? .seven : .five
        )
        let header = TunnelHeader(
            streamID: id,
            service: service,
            bodyLength: 0,
            servicePort: port,
            name: name?.text,
            extraService: data
        )
        return Written(label: label, header: header, hasSeven: hasSeven)
    }

    private static func name(_ input: inout FuzzInput) -> Hostname? {
        switch input.octet() % 4 {
        case 0: nil
        case 1: Hostname("app.example.com")
        case 2: Hostname(String(decoding: input.take(12), as: UTF8.self))
        default: Hostname(String(repeating: "abcdefghi.", count: 1 + input.number(below: 25)) + "example")
        }
    }

    private static func body(_ input: inout FuzzInput) -> [UInt8] {
        let count = input.octet()
        if count < 0xC0 { return input.take(Int(count)) }
        return [UInt8](repeating: count, count: input.number() % (UnpackedTunnel.limit + 1))
    }

    /// The header written into the bytes before a body, as the carrier does.
    private static func packedInPlace(_ label: TunnelLabel, _ service: TunnelService, _ body: [UInt8]) -> [UInt8] {
        let room = TunnelPacker.maximumHeaderLength + 3
        var bytes = [UInt8](repeating: 0xAA, count: room) + body
        var octets = bytes.mutableSpan
        var span = octets.mutableBytes
        let start = TunnelPacker.writeHeader(
            label: label,
            service: service,
            bodyLength: body.count,
            into: &span,
            endingAt: room
        )
        return Array(bytes[start...])
    }
}
