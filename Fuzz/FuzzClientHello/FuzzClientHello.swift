import EdgeSniffing

/// Feeds bytes to the parser of ClientHello, whole and cut in two, and checks that the cut changes nothing.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzClientHello(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data else { return 0 }
    let bytes = RawSpan(_unsafeStart: data, byteCount: count)
    let parser = ClientHelloParser(limits: SniffingLimits())
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
    if case .success(.detected(let detection)) = whole {
        _ = SniffingReport(detection)
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
