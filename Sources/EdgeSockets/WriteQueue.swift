import EdgeSystem
import NIOCore

/// What waits to be written to a socket, in order.
struct WriteQueue {
    private struct Entry {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    /// Most bytes offered to the kernel in one call: more than its buffers take.
    private static let mostBytes = 1 << 20

    private var entries: [Entry] = []
    /// The first of them that is not written.
    private var first = 0
    /// The first of them that is not flushed.
    private var unflushed = 0
    /// Bytes that wait, flushed or not.
    private(set) var bytes = 0

    /// Whether nothing waits.
    var isEmpty: Bool { self.first == self.entries.count }
    /// Whether something that was flushed waits.
    var hasFlushed: Bool { self.first < self.unflushed }

    /// Puts bytes in line.
    mutating func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        self.entries.append(Entry(bytes: bytes, promise: promise))
        self.bytes += bytes.readableBytes
    }

    /// Everything in line may go.
    mutating func flush() {
        self.unflushed = self.entries.count
    }

    /// Offers what was flushed to the kernel, once.
    func write(to socket: StreamSocket) -> StreamSocket.Outcome {
        if self.unflushed - self.first == 1 {
            return self.entries[self.first].bytes.withUnsafeReadableBytes { $0.isEmpty ? .moved(0) : socket.write($0) }
        }
        var count = 0
        var bytes = 0
        while self.first + count < self.unflushed, count < StreamSocket.mostParts, bytes < Self.mostBytes {
            bytes += self.entries[self.first + count].bytes.readableBytes
            count += 1
        }
        guard bytes > 0 else { return .moved(0) }
        // The pointer outlives the closure: the entry keeps the bytes, and nothing changes them before this returns.
        return socket.write(parts: count) { index in
            self.entries[self.first + index].bytes.withUnsafeReadableBytes { $0 }
        }
    }

    /// Takes out what was written.
    ///
    /// - Parameter count: bytes that the kernel took.
    /// - Returns: the promises of the parts that are done; whoever waits for them may write at once.
    mutating func took(_ count: Int) -> [EventLoopPromise<Void>] {
        var written: [EventLoopPromise<Void>] = []
        self.bytes -= count
        var rest = count
        while self.first < self.unflushed {
            let size = self.entries[self.first].bytes.readableBytes
            guard size <= rest else {
                self.entries[self.first].bytes.moveReaderIndex(forwardBy: rest)
                break
            }
            rest -= size
            let promise = self.entries[self.first].promise
            self.entries[self.first].bytes = Self.nothing
            self.first += 1
            if let promise { written.append(promise) }
        }
        if self.first == self.entries.count {
            self.reset()
        } else if self.first >= 64 {
            self.entries.removeFirst(self.first)
            self.unflushed -= self.first
            self.first = 0
        }
        return written
    }

    /// Takes everything out.
    ///
    /// - Returns: the promises that will not be kept.
    mutating func abandon() -> [EventLoopPromise<Void>] {
        let promises = self.entries[self.first...].compactMap(\.promise)
        self.entries = []
        self.first = 0
        self.unflushed = 0
        self.bytes = 0
        return promises
    }

    /// A connection that is idle keeps no room.
    private mutating func reset() {
        self.first = 0
        self.unflushed = 0
        self.entries.removeAll(keepingCapacity: self.entries.capacity <= 4)
    }

    private static let nothing = ByteBuffer()
}
