/// Names of application protocols in memory that C may keep a pointer to (RFC 7301 §3.1).
final class ProtocolNameList: Sendable {
    /// The longest name, in bytes: its length is one byte.
    static let longestName = 255

    /// Each name after its length; written in `init` and freed in `deinit` only.
    nonisolated(unsafe) let bytes: UnsafeBufferPointer<UInt8>

    /// Creates a list.
    ///
    /// - Parameter names: in order of preference; names without bytes or with too many are left out.
    init(_ names: [String]) {
        var wire: [UInt8] = []
        for name in names where (1...Self.longestName).contains(name.utf8.count) {
            wire.append(UInt8(truncatingIfNeeded: name.utf8.count))
            wire += name.utf8
        }
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: wire.count)
        _ = memory.initialize(from: wire)
        self.bytes = UnsafeBufferPointer(memory)
    }

    deinit {
        self.bytes.deallocate()
    }
}
