/// The memory that all connections of a thread read into and write from, one at a time.
final class Scratch {
    /// Plaintext that is written at a time, in bytes: four records.
    static let block = 64 << 10

    /// What came from the socket.
    let received = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    /// The same in the clear; a record may have waited for its end.
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: 320 << 10, alignment: 64)
    /// What goes to the socket: a block as records.
    let sealed = UnsafeMutableRawBufferPointer.allocate(byteCount: 96 << 10, alignment: 64)
    /// Bytes to send, any.
    let filler = UnsafeMutableRawBufferPointer.allocate(byteCount: Scratch.block, alignment: 64)

    /// Allocates all of it.
    init() {
        self.filler.initializeMemory(as: UInt8.self, repeating: 0x61)
    }

    deinit {
        for memory in [self.received, self.plain, self.sealed, self.filler] { memory.deallocate() }
    }
}
