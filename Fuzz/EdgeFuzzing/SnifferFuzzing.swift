import EdgeSniffing
import EdgeTypes

/// The whole sniffer, as the front door asks it.
enum SnifferFuzzing {
    /// Feeds bytes.
    ///
    /// They are looked at as they would be peeked: from the first one on, more each time, as many more as the sniffer
    /// asks for and as any other steps would bring.
    ///
    /// - Parameter bytes: the first says how long a preface may be, the second how the steps grow.
    /// - Throws: the promise that was broken.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        var input = FuzzInput(bytes)
        let limits = SniffingLimits(preface: input.octet() & 1 == 0 ? .kibibytes(64) : ByteCount(300))
        let step = 1 + Int(input.octet())
        let peeked = input.takeAll()
        let sniffer = Sniffer(limits: limits)
        // Every cut of a short beginning, then steps; few enough for long inputs.
        let stride = max(step, peeked.count / 64)
        let cuts = Array(0..<min(peeked.count, 64)) + Array(Swift.stride(from: 64, to: peeked.count, by: stride))
        let look: SniffingFuzzing.Look = { span, ended throws(SniffingError) in
            let step = try sniffer.sniff(span, ended: ended)
            // SSH is known before its banner is whole: what is shown of it grows with what has come.
            guard case .detected(.ssh(let banner)) = step else { return step }
            return .detected(.ssh(SSHBanner(protocolVersion: banner.protocolVersion, text: "")))
        }
        let whole = try SniffingFuzzing.check(peeked, cuts: cuts, look)
        switch whole {
        case .success(.detected):
            guard case .detected(let detection) = try? sniffer.sniff(peeked.span.bytes, ended: false) else { break }
            try self.check(SniffingReport(detection))
        case .failure(let error):
            try self.check(SniffingReport(error))
            try FuzzFinding.unless(
                (error.alert == nil) != (error.statusCode == nil),
                "an error with two answers or none"
            )
        case .success(.needsBytes), .success(nil):
            break
        }
        try self.check(asked: peeked, whole, look)
    }

    /// Who peeks only as much as is asked for finds the same, in a bounded number of looks.
    private static func check(
        asked peeked: [UInt8],
        _ whole: SniffingOutcome,
        _ look: SniffingFuzzing.Look
    ) throws(FuzzFinding) {
        var count = min(1, peeked.count)
        while true {
            let outcome = SniffingFuzzing.outcome(peeked.span.bytes.extracting(first: count), ended: false, look)
            guard case .success(.needsBytes(let wanted)) = outcome else {
                try FuzzFinding.unless(outcome == whole, "who reads as asked finds something else")
                return
            }
            guard wanted <= peeked.count else {
                // All that there is decides nothing either, unless it came at once.
                return
            }
            count = wanted
        }
    }

    /// A line is a line, whatever the peer wrote.
    private static func check(_ report: SniffingReport) throws(FuzzFinding) {
        for line in [report.json, report.line] {
            let isLine = line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            try FuzzFinding.unless(isLine, "a report of more than one line")
        }
    }
}
