package import NIOCore

/// Lends a loop's pooled buffers to a channel and lets the channel keep none.
///
/// The first read of a channel is small, since many connections say little and go; all later ones come from the pool,
/// but for those made while the tunnel that they are for takes no more.
package struct PooledReceiveAllocator: RecvByteBufferAllocator {
    /// Capacity of a channel's first read without headroom: a ClientHello with a post-quantum key share fits.
    package static let firstRead = 2048

    /// Bytes of a buffer that is lent while reads should be small, headroom included: 10,000 visitors who all speak to a
    /// full tunnel at once then cost 20 MB, and not 640.
    package static let pressedRead = 2048

    private let pool: BufferPool
    private let pressure: ReadPressure?
    private var first: Int

    /// Creates an allocator for one channel.
    ///
    /// - Parameters:
    ///   - pool: the pool of the channel's loop.
    ///   - first: capacity of the first read, in bytes; zero to begin with the pool.
    ///   - pressure: says when reads should be small; nil where they never need to.
    package init(pool: BufferPool, first: Int = Self.firstRead, pressure: ReadPressure? = nil) {
        self.pool = pool
        self.pressure = pressure
        self.first = first
    }

    /// Lends a buffer for the next read.
    ///
    /// - Parameter allocator: the channel's allocator, for small reads.
    /// - Returns: an empty buffer whose indices stand behind the pool's headroom.
    package func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        let isPressed = self.pressure?.isRaised ?? false
        guard isPressed || self.first > 0 else { return self.pool.take() }
        let room = isPressed ? max(Self.pressedRead, 2 * self.pool.headroom) : self.pool.headroom + self.first
        var buffer = allocator.buffer(capacity: room)
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
