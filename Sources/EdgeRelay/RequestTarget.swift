/// The target of a request line, as it was sent.
///
/// The front door's facts carry it with tokens redacted, for the log; a redirect must name the whole of it.
enum RequestTarget {
    /// Reads the path and query of a request in origin form or absolute form (RFC 9112 §3.2).
    ///
    /// - Parameter head: the request's head.
    /// - Returns: path and query; `/` where there is none.
    static func pathAndQuery(in head: RawSpan) -> String {
        var bytes: [UInt8] = []
        var spaces = 0
        for offset in 0..<head.byteCount {
            let byte = head.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if byte == 0x20 || byte == 0x0D || byte == 0x0A {
                spaces += 1
                if spaces == 2 { break }
            } else if spaces == 1, byte > 0x20, byte < 0x7F {
                bytes.append(byte)
            }
        }
        let target = String(decoding: bytes, as: UTF8.self)
        if target.hasPrefix("/") { return target }
        guard let scheme = target.firstRange(of: "://") else { return "/" }
        guard let slash = target[scheme.upperBound...].firstIndex(of: "/") else { return "/" }
        return String(target[slash...])
    }
}
