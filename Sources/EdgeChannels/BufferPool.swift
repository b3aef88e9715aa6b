package import NIOCore

/// Lends a loop's read buffers and takes them back.
///
/// A buffer is lent for the length of one read and the pass over what it brought; an idle connection holds none. A
/// buffer whose bytes are still referenced elsewhere (a slow peer's slice) is replaced by a fresh one when it is lent
/// again, so a lender never writes into bytes that somebody waits to send.
///
/// `@unchecked Sendable`: every method is called on the one loop that owns the pool, which `precondition`s of the loop's
/// channels guard; the class crosses threads only while the loop is built.
package final class BufferPool: @unchecked Sendable {
    /// Free bytes that a lent buffer holds before its reader index.
    package let headroom: Int
    /// Bytes of a lent buffer, headroom included: a power of two, so that the allocator rounds nothing up.
    package let capacity: Int

    private let allocator = ByteBufferAllocator()
    private let keep: Int
    private var free: [ByteBuffer] = []

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - capacity: bytes of a buffer, headroom included; a power of two.
    ///   - headroom: bytes to leave free before what is read.
    ///   - keep: how many buffers to hold when none is lent.
    package init(capacity: Int, headroom: Int, keep: Int) {
        self.capacity = capacity
        self.headroom = headroom
        self.keep = keep
        self.free.reserveCapacity(keep)
    }

    /// Lends a buffer.
    ///
    /// - Returns: a unique, empty buffer whose indices stand behind the headroom.
    package func take() -> ByteBuffer {
        var buffer = self.free.popLast() ?? self.allocator.buffer(capacity: self.capacity)
        buffer.clear(minimumCapacity: self.capacity)
        buffer.moveWriterIndex(to: self.headroom)
        buffer.moveReaderIndex(to: self.headroom)
        return buffer
    }

    /// Takes a buffer back.
    ///
    /// - Parameter buffer: a buffer that is no longer read; one that is smaller than the pool's is let go, since a small
    ///   one that slips in makes every later read small.
    package func give(_ buffer: consuming ByteBuffer) {
        guard self.free.count < self.keep, buffer.storageCapacity >= self.capacity else { return }
        self.free.append(buffer)
    }
}
