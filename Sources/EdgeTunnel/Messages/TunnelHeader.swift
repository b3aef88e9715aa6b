package import EdgeTypes

/// What a packet's header says.
///
///     family "," address "," port "," body length "," service [ "," service port [ "," name [ "," extra ] ] ]
///
/// The family is not read: the address tells it.
package struct TunnelHeader: Sendable, Hashable {
    /// Which stream the packet belongs to; nil where the header has no address or no port that are ones.
    package let streamID: StreamID?
    /// What the packet is for.
    package let service: TunnelService
    /// Bytes of the body.
    package let bodyLength: Int
    /// The port that the visitor dialled.
    package let servicePort: UInt16?
    /// The name that the visitor asked for; nil where it is empty, or names are not read.
    package let name: String?
    /// What the stream speaks; only in `connection`.
    package let extraService: TunnelService?

    /// Creates a header.
    ///
    /// - Parameters:
    ///   - streamID: which stream the packet belongs to.
    ///   - service: what the packet is for.
    ///   - bodyLength: bytes of the body.
    ///   - servicePort: the port that the visitor dialled.
    ///   - name: the name that the visitor asked for.
    ///   - extraService: what the stream speaks, in `connection`.
    package init(
        streamID: StreamID?,
        service: TunnelService,
        bodyLength: Int,
        servicePort: UInt16? = nil,
        name: String? = nil,
        extraService: TunnelService? = nil
    ) {
        self.streamID = streamID
        self.service = service
        self.bodyLength = bodyLength
        self.servicePort = servicePort
        self.name = name
        self.extraService = extraService
    }

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - bytes: the header, without the two bytes before it.
    ///   - limit: the longest body that is taken, in bytes.
    ///   - readsNames: whether the name is wanted.
    /// - Throws: the peer's breach.
    init(_ bytes: RawSpan, limit: Int, readsNames: Bool) throws(TunnelError) {
        var address: NetworkAddress?
        var port: UInt16?
        var bodyLength = 0
        var service = TunnelService.data
        var servicePort: UInt16?
        var name: String?
        var extraService: TunnelService?
        var index = 0
        var start = 0
        while start <= bytes.byteCount {
            var end = start
            while end < bytes.byteCount, bytes.octet(at: end) != 0x2C { end += 1 }
            let whole = bytes.extracting(start..<end)
            let field = whole.extracting(whole.trimmed())
            switch index {
            case 1:
                address = field.byteCount == 0 ? nil : NetworkAddress(utf8: field)
            case 2:
                port = field.decimal.flatMap { UInt16(exactly: $0) }
            case 3:
                guard let length = field.decimal else { throw .malformedBodyLength }
                guard length <= limit else { throw .packetTooLarge(actual: length, limit: limit) }
                bodyLength = length
            case 4:
                service = TunnelService(utf8: field)
            case 5:
                servicePort = field.decimal.flatMap { UInt16(exactly: $0) }
            case 6 where readsNames && field.byteCount > 0:
                name = field.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            case 7 where service == .connection:
                extraService = TunnelService(utf8: field)
            default:
                break
            }
            index += 1
            start = end + 1
        }
        guard index >= 5 else { throw .tooFewFields(index) }
        var streamID: StreamID?
        if let address, let port { streamID = StreamID(address: address, port: port) }
        self.init(
            streamID: streamID,
            service: service,
            bodyLength: bodyLength,
            servicePort: servicePort,
            name: name,
            extraService: extraService
        )
    }
}
