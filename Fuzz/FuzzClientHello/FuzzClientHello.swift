import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/clientHello``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzClientHello(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.clientHello.feed(data, count)
}
