/// One connection of the backend: `GET /N` is answered with N bytes, the body of a POST is dropped and answered with `ok`.
final class Exchange {
    /// The connection.
    let line: Line
    /// Whether room to write is waited for now.
    var waitsForRoom = false
    /// Whether there is something to send that waits for room.
    var wantsRoom: Bool { !self.line.isFlushed }

    private let scratch: Scratch
    private var head: [UInt8] = []
    private var dropping = 0
    private var sending = 0
    private var closes = false

    /// Serves a connection.
    ///
    /// - Parameters:
    ///   - line: the connection.
    ///   - scratch: where bytes are worked on.
    init(_ line: Line, scratch: Scratch) {
        self.line = line
        self.scratch = scratch
    }

    /// Goes on, since the socket is ready for something.
    ///
    /// - Returns: false when the connection is to be closed.
    func proceed() -> Bool {
        guard self.line.flush(), self.send() else { return false }
        // The next request may wait while an answer does.
        guard self.line.isFlushed else { return true }
        if self.closes, self.sending == 0, self.dropping == 0 {
            self.line.finish()
            return false
        }
        switch self.line.receive() {
        case .nothing: return true
        case .ended, .failed: return false
        case .bytes(let count): return self.take(UnsafeRawBufferPointer(rebasing: self.scratch.plain[..<count]))
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var bytes = bytes
        if self.dropping > 0 {
            let count = min(self.dropping, bytes.count)
            self.dropping -= count
            bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
            if self.dropping == 0 { guard self.answer(2) else { return false } }
        }
        guard !bytes.isEmpty else { return true }
        self.head.append(contentsOf: bytes)
        guard let end = ResponseReader.endOfHead(self.head) else { return self.head.count < 65_536 }
        let head = self.head[..<end]
        self.closes = HTTPText.closes(head)
        let isPost = head.first == UInt8(ascii: "P")
        let length = isPost ? HTTPText.contentLength(in: head) : HTTPText.number(head.dropFirst(5))
        let behind = self.head.count - end
        self.head.removeAll(keepingCapacity: true)
        guard isPost else { return behind == 0 && self.answer(length) }
        guard behind <= length else { return false }
        self.dropping = length - behind
        return self.dropping > 0 || self.answer(2)
    }

    private func answer(_ length: Int) -> Bool {
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n"
        if self.closes { answer += "Connection: close\r\n" }
        var bytes = Array((answer + "\r\n").utf8)
        // A short answer leaves in one piece, as a service's would.
        let first = min(length, 16_000)
        bytes.append(contentsOf: self.scratch.filler[..<first])
        self.sending = length - first
        guard bytes.withUnsafeBytes({ self.line.send($0) }), self.send() else { return false }
        guard self.closes, self.sending == 0, self.line.isFlushed else { return true }
        self.line.finish()
        return false
    }

    /// Sends while the kernel takes it; one block waits at most.
    private func send() -> Bool {
        while self.sending > 0, self.line.isFlushed {
            let count = min(self.sending, self.scratch.filler.count)
            guard self.line.send(UnsafeRawBufferPointer(rebasing: self.scratch.filler[..<count])) else { return false }
            self.sending -= count
        }
        return true
    }
}
