import EdgeSniffing

/// A step or an error, as one of the sniffing parsers gives it.
typealias SniffingOutcome = Result<SniffingStep?, SniffingError>

/// What holds for every parser of first bytes.
enum SniffingFuzzing {
    /// One look at bytes.
    typealias Look = (_ bytes: RawSpan, _ ended: Bool) throws(SniffingError) -> SniffingStep?

    /// Looks at bytes.
    static func outcome(_ bytes: RawSpan, ended: Bool, _ look: Look) -> SniffingOutcome {
        do throws(SniffingError) {
            return .success(try look(bytes, ended))
        } catch {
            return .failure(error)
        }
    }

    /// Looks at the whole of some bytes and at parts of it, and checks that no cut changes the answer.
    ///
    /// - Parameters:
    ///   - bytes: the bytes.
    ///   - cuts: where to cut; what lies beyond the end is left out.
    ///   - look: the parser.
    /// - Returns: what the parser says of the whole.
    /// - Throws: the promise that was broken.
    static func check(_ bytes: [UInt8], cuts: [Int], _ look: Look) throws(FuzzFinding) -> SniffingOutcome {
        let span = bytes.span.bytes
        let whole = self.outcome(span, ended: false, look)
        if case .success(.needsBytes(let wanted)) = whole {
            try FuzzFinding.unless(wanted > bytes.count, "asks for what it has")
        }
        if case .success(.needsBytes) = self.outcome(span, ended: true, look) {
            throw FuzzFinding("asks for more than there will be")
        }
        for cut in cuts where cut < bytes.count {
            let part = self.outcome(span.extracting(first: cut), ended: false, look)
            if case .success(.needsBytes(let wanted)) = part {
                try FuzzFinding.unless(wanted > cut, "asks for what it has")
            } else {
                try FuzzFinding.unless(whole == part, "a cut changes the answer: \(part) of \(cut), then \(whole)")
            }
        }
        return whole
    }
}
