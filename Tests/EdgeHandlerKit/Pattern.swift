/// Bytes that differ from their neighbours.
///
/// - Parameters:
///   - count: how many.
///   - seed: where the pattern begins; another seed gives other bytes.
/// - Returns: the bytes.
package func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ seed) &* 31 &+ ($0 >> 8)) }
}
