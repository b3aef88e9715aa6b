import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/sniffer``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzSniffer(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.sniffer.feed(data, count)
}
