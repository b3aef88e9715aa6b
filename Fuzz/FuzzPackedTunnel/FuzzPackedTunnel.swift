import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/packedTunnel``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzPackedTunnel(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.packedTunnel.feed(data, count)
}
