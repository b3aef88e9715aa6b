import CSSL

/// Bytes that nobody can guess.
package enum RandomBytes {
    /// Makes unpredictable bytes.
    ///
    /// A process that has no randomness must not go on making keys, so this traps when the system gives none.
    ///
    /// - Parameter count: how many; below one gives none.
    /// - Returns: that many bytes.
    package static func make(count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { output, written in
            let succeeded = RAND_bytes(output.baseAddress, Int32(clamping: count)) == 1 && count <= Int(Int32.max)
            precondition(succeeded, "the system gives no random bytes")
            written = count
        }
    }
}
