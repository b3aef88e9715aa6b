import EdgeSniffing
import EdgeTypes

/// The parser of request heads.
enum HTTPPrefaceFuzzing {
    /// Feeds bytes, whole and cut in two, and reads again what closing the head makes of it.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        let parser = HTTPPrefaceParser(limits: SniffingLimits(preface: .kibibytes(2)))
        let whole = try SniffingFuzzing.check(bytes, cuts: [bytes.count / 2]) { span, ended throws(SniffingError) in
            try parser.parse(span, ended: ended)
        }
        guard case .success(.detected(.http(let preface))) = whole else {
            _ = HTTPPreface.closingHead(of: bytes.span.bytes)
            return
        }
        _ = SniffingReport(.http(preface))
        let closed = HTTPPreface.closingHead(of: bytes.span.bytes.extracting(first: preface.headLength))
        // The new field may lift the head above the limit of the first look.
        let second = HTTPPrefaceParser(limits: SniffingLimits())
        guard case .detected(.http(let again)) = try? second.parse(closed.span.bytes, ended: true) else {
            throw FuzzFinding("a head that was closed is none")
        }
        try FuzzFinding.unless(
            again.host == preface.host && again.target == preface.target,
            "closing a head changes its route"
        )
    }
}
