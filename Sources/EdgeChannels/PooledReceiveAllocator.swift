package import NIOCore

/// Lends a loop's pooled buffers to a channel and lets the channel keep none.
///
/// The first read of a channel is small, since many connections say little and go; all later ones come from the pool.
package struct PooledReceiveAllocator: RecvByteBufferAllocator {
    /// Capacity of a channel's first read without headroom: a ClientHello with a post-quantum key share fits.
    package static let firstRead = 2048

    private let pool: BufferPool
    private var first: Int

    /// Creates an allocator for one channel.
    ///
    /// - Parameters:
    ///   - pool: the pool of the channel's loop.
    ///   - first: capacity of the first read, in bytes; zero to begin with the pool.
    package init(pool: BufferPool, first: Int = Self.firstRead) {
        self.pool = pool
        self.first = first
    }

    /// Lends a buffer for the next read.
    ///
    /// - Parameter allocator: the channel's allocator, for the first read.
    /// - Returns: an empty buffer whose indices stand behind the pool's headroom.
    package func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        guard self.first > 0 else { return self.pool.take() }
        var buffer = allocator.buffer(capacity: self.pool.headroom + self.first)
        buffer.moveWriterIndex(to: self.pool.headroom)
        buffer.moveReaderIndex(to: self.pool.headroom)
        return buffer
    }

    /// Notes that a read is over.
    ///
    /// - Parameter actualReadBytes: what was read; not used.
    /// - Returns: true, "may grow", so that the channel does not use the buffer again.
    package mutating func record(actualReadBytes: Int) -> Bool {
        self.first = 0
        return true
    }

    /// Tells the channel to pool nothing by itself.
    ///
    /// - Returns: nil.
    package func nextBufferSize() -> Int? { nil }
}
