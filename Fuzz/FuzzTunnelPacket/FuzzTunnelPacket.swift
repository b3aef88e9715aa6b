import EdgeFuzzing

/// Feeds what libFuzzer makes up to ``FuzzTarget/tunnelPacket``.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzTunnelPacket(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.tunnelPacket.feed(data, count)
}
