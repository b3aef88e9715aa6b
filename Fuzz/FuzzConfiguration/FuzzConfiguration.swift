import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/configuration``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzConfiguration(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.configuration.feed(data, count)
}
