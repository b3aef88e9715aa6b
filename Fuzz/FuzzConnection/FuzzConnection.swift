import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/connection``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzConnection(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.connection.feed(data, count)
}
