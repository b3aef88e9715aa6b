import EdgeTunnel
import EdgeTypes

/// What an unpacker made of bytes.
private struct Outcome: Equatable {
    var headers: [TunnelHeader] = []
    var body: [UInt8] = []
    var ends: [Int] = []
    var error: TunnelError?
}

/// Unpacks bytes that come in two parts.
private func outcome(_ data: UnsafeBufferPointer<UInt8>, cutAt cut: Int) -> Outcome {
    let limit = 4096
    var unpacker = TunnelUnpacker(limits: TunnelLimits(packet: ByteCount(limit)), readsNames: true)
    var outcome = Outcome()
    let span = RawSpan(_unsafeElements: data)
    for range in [0..<cut, cut..<data.count] {
        var offset = range.lowerBound
        var isDone = false
        while !isDone {
            do throws(TunnelError) {
                switch try unpacker.next(in: span, offset: &offset, end: range.upperBound) {
                case .needsBytes:
                    precondition(offset == range.upperBound, "leaves bytes")
                    isDone = true
                case .packet(let header):
                    precondition(header.bodyLength >= 0 && header.bodyLength <= limit, "a body above the limit")
                    outcome.headers.append(header)
                case .body(let part, let endsPacket):
                    precondition(part.upperBound == offset && !part.isEmpty, "hands out what it did not take")
                    outcome.body += data[part]
                    if endsPacket { outcome.ends.append(outcome.body.count) }
                }
            } catch {
                outcome.error = error
                return outcome
            }
        }
    }
    return outcome
}

/// Feeds bytes to the unpacker, whole and cut in two, and packs again what it found.
///
/// - Parameters:
///   - data: the bytes; the first says where to cut.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzTunnelPacket(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 0 else { return 0 }
    let bytes = UnsafeBufferPointer(start: data + 1, count: count - 1)
    let whole = outcome(bytes, cutAt: 0)
    precondition(outcome(bytes, cutAt: min(Int(data[0]), bytes.count)) == whole, "a cut changes the outcome")
    for header in whole.headers {
        guard let id = header.streamID else { continue }
        let label = TunnelLabel(
            id: id,
            service: header.extraService ?? header.service,
            servicePort: header.servicePort ?? 0,
            name: header.name.flatMap { Hostname($0) },
            fields: .seven
        )
        let packet = TunnelPacker.packet(label: label, service: header.service, body: [1, 2, 3])
        let again = packet.withUnsafeBufferPointer { outcome($0, cutAt: 0) }
        precondition(again.error == nil && again.headers.first?.streamID == id, "what is packed is not unpacked")
        precondition(again.body == [1, 2, 3] && again.ends == [3], "a body is lost")
    }
    return 0
}
