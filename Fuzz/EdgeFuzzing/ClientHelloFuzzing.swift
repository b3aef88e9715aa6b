import EdgeSniffing

/// The parser of ClientHello.
enum ClientHelloFuzzing {
    /// Feeds bytes, whole and cut in two.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        let parser = ClientHelloParser(limits: SniffingLimits())
        let whole = try SniffingFuzzing.check(bytes, cuts: [bytes.count / 2]) { span, ended throws(SniffingError) in
            try parser.parse(span, ended: ended)
        }
        if case .success(.detected(let detection)) = whole { _ = SniffingReport(detection) }
    }
}
