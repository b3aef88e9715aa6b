import EdgeSniffing
import EdgeTypes

/// What a sniffer with the usual limits says of bytes.
func sniff(
    _ bytes: some Sequence<UInt8>,
    ended: Bool = false,
    limit: Int = 64 * 1024
) throws(SniffingError) -> SniffingStep {
    let held = Array(bytes)
    return try Sniffer(limits: SniffingLimits(preface: ByteCount(limit))).sniff(held.span.bytes, ended: ended)
}

/// What a sniffer with the usual limits says of text.
func sniff(_ text: String, ended: Bool = false, limit: Int = 64 * 1024) throws(SniffingError) -> SniffingStep {
    try sniff(text.utf8, ended: ended, limit: limit)
}

/// The hello in a step.
func hello(_ step: SniffingStep) -> ClientHello? {
    guard case .detected(.tls(let hello)) = step else { return nil }
    return hello
}

/// The request head in a step.
func preface(_ step: SniffingStep) -> HTTPPreface? {
    guard case .detected(.http(let preface)) = step else { return nil }
    return preface
}

/// Offsets before which some step is not "needs more than this".
///
/// Every proper prefix must ask for more: at least one byte more, and never more than the whole has.
func prefixesThatDoNotWait(_ bytes: [UInt8], whole: Int, limit: Int = 64 * 1024) -> [Int] {
    let sniffer = Sniffer(limits: SniffingLimits(preface: ByteCount(limit)))
    let span = bytes.span.bytes
    var offsets: [Int] = []
    for count in 0..<whole {
        let step = try? sniffer.sniff(span.extracting(first: count), ended: false)
        guard case .needsBytes(let wanted) = step, wanted > count, wanted <= whole else {
            offsets.append(count)
            continue
        }
    }
    return offsets
}
