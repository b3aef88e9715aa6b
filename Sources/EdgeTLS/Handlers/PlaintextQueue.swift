import NIOCore

/// Writes that wait for a flush: their bytes in order, joined where they are small, and their promises.
struct PlaintextQueue {
    /// Writes up to this size together, in bytes, become one buffer and so one record (RFC 8446 §5.1): a head and a
    /// short body should not cost a record each, while copying long ones would cost more than a record does.
    static let joinLimit = TLSEngine.recordLimit

    private(set) var buffers: [ByteBuffer] = []
    private(set) var promises: [EventLoopPromise<Void>] = []

    /// Whether nothing waits.
    var isEmpty: Bool { self.buffers.isEmpty && self.promises.isEmpty }

    /// Adds a write.
    ///
    /// - Parameters:
    ///   - buffer: its bytes.
    ///   - promise: fulfilled when they are on the wire.
    mutating func append(_ buffer: ByteBuffer, promise: EventLoopPromise<Void>?) {
        if let promise { self.promises.append(promise) }
        guard buffer.readableBytes > 0 else { return }
        if let last = self.buffers.indices.last,
            self.buffers[last].readableBytes + buffer.readableBytes <= Self.joinLimit
        {
            self.buffers[last].writeImmutableBuffer(buffer)
        } else {
            self.buffers.append(buffer)
        }
    }

    /// Takes everything out.
    ///
    /// - Returns: the buffers, and one promise for all writes or nil when nobody asked for one.
    mutating func take() -> (buffers: [ByteBuffer], promise: EventLoopPromise<Void>?) {
        let taken = self
        self = PlaintextQueue()
        guard let first = taken.promises.first else { return (taken.buffers, nil) }
        for other in taken.promises.dropFirst() { first.futureResult.cascade(to: other) }
        return (taken.buffers, first)
    }
}
