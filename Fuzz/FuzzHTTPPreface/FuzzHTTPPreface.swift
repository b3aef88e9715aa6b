import EdgeSniffing
import EdgeTypes

/// Feeds bytes to the parser of request heads, whole and cut in two, and checks that the cut changes nothing.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzHTTPPreface(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data else { return 0 }
    let bytes = RawSpan(_unsafeStart: data, byteCount: count)
    let parser = HTTPPrefaceParser(limits: SniffingLimits(preface: .kibibytes(2)))
    let whole: Result<SniffingStep?, SniffingError>
    do throws(SniffingError) {
        whole = .success(try parser.parse(bytes, ended: false))
    } catch {
        whole = .failure(error)
    }
    if case .success(.needsBytes(let wanted)) = whole {
        precondition(wanted > count, "asks for what it has")
        let last = try? parser.parse(bytes, ended: true)
        if case .needsBytes = last { preconditionFailure("asks for more than there will be") }
    }
    if case .success(.detected(let detection)) = whole, case .http(let preface) = detection {
        _ = SniffingReport(detection)
        let closed = HTTPPreface.closingHead(of: bytes.extracting(first: preface.headLength))
        // The new field may lift the head above the limit of the first look.
        let second = HTTPPrefaceParser(limits: SniffingLimits())
        guard case .detected(.http(let again)) = try? second.parse(closed.span.bytes, ended: true) else {
            preconditionFailure("a head that was closed is none")
        }
        precondition(again.host == preface.host && again.target == preface.target, "closing a head changes its route")
    } else {
        _ = HTTPPreface.closingHead(of: bytes)
    }
    let cut = count / 2
    do throws(SniffingError) {
        let part = try parser.parse(bytes.extracting(first: cut), ended: false)
        if case .needsBytes(let wanted) = part {
            precondition(wanted > cut, "asks for what it has")
        } else {
            precondition(whole == .success(part), "a cut changes the answer")
        }
    } catch {
        precondition(whole == .failure(error), "a cut changes the error")
    }
    return 0
}
