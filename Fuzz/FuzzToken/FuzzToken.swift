import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/token``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzToken(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.token.feed(data, count)
}
