import CSSL

/// The memory that OpenSSL reads from and writes to during one call.
struct BufferWindow {
    /// Where the next byte to read lies.
    var input: UnsafeRawPointer?
    /// Bytes left to read.
    var inputLength = 0
    /// Where what is written goes.
    var output: UnsafeMutableRawPointer?
    /// Bytes that fit there.
    var outputCapacity = 0
    /// Bytes written there.
    var outputLength = 0
    /// What was written when there was no room, or out of turn: handshake, alerts, tickets.
    var spill: [UInt8] = []
}

/// A BIO over a window of memory, so that OpenSSL never sees a socket and keeps no bytes of its own.
///
/// OpenSSL's `BIO_s_mem` would copy and hold all bytes once more. The callbacks only copy; they hold a bare pointer to
/// the window, whose owner frees the BIO first.
enum BufferWindowBIO {
    /// Makes a BIO that reads and writes through a window.
    ///
    /// - Parameter window: outlives the BIO.
    /// - Returns: a BIO that its caller owns, or nil without memory.
    static func make(over window: UnsafeMutablePointer<BufferWindow>) -> OpaquePointer? {
        guard let method = self.method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, window)
        BIO_set_init(bio, 1)
        return bio
    }

    /// The table of callbacks, written once before its first use and then only read.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "window") else { return nil }
        BIO_meth_set_read(method) { bio, buffer, capacity in
            guard let window = window(of: bio), let buffer, capacity > 0 else { return 0 }
            let count = min(Int(capacity), window.pointee.inputLength)
            BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            guard count > 0, let input = window.pointee.input else {
                BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
                return -1
            }
            UnsafeMutableRawPointer(buffer).copyMemory(from: input, byteCount: count)
            window.pointee.input = input + count
            window.pointee.inputLength &-= count
            return Int32(truncatingIfNeeded: count)
        }
        BIO_meth_set_write(method) { bio, bytes, length in
            guard let window = window(of: bio), let bytes, length > 0 else { return 0 }
            let count = Int(length)
            let written = window.pointee.outputLength
            // What comes after spilled bytes is spilled too, or the order would change.
            if let output = window.pointee.output, window.pointee.outputCapacity &- written >= count,
                window.pointee.spill.isEmpty
            {
                (output + written).copyMemory(from: bytes, byteCount: count)
                window.pointee.outputLength = written &+ count
            } else {
                window.pointee.spill.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            }
            return length
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()

    private static func window(of bio: OpaquePointer?) -> UnsafeMutablePointer<BufferWindow>? {
        BIO_get_data(bio)?.assumingMemoryBound(to: BufferWindow.self)
    }
}
