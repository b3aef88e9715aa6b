/// Finds the end of HTTP answers that have a Content-Length.
struct ResponseReader {
    private var head: [UInt8] = []
    private var bodyLeft = 0
    private(set) var status = 0

    /// Takes bytes of an answer.
    ///
    /// - Parameter bytes: what came.
    /// - Returns: whether the answer has ended; nil for bytes that are no answer, or more than one.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        guard self.bodyLeft == 0 else { return self.takeBody(bytes.count) }
        self.head.append(contentsOf: bytes)
        guard let end = Self.endOfHead(self.head) else { return self.head.count < 65_536 ? false : nil }
        let behind = self.head.count - end
        self.status = Self.status(of: self.head)
        self.bodyLeft = self.status == 101 ? 0 : HTTPText.contentLength(in: self.head[..<end])
        self.head.removeAll(keepingCapacity: true)
        // What follows an upgrade belongs to the tunnel.
        if self.status == 101 { return true }
        guard self.status == 200 else { return nil }
        return self.takeBody(behind)
    }

    private mutating func takeBody(_ count: Int) -> Bool? {
        guard count <= self.bodyLeft else { return nil }
        self.bodyLeft -= count
        return self.bodyLeft == 0
    }

    /// Where a head ends, blank line included.
    static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 0x0A && bytes[index - 1] == 0x0D && bytes[index - 2] == 0x0A && bytes[index - 3] == 0x0D {
            return index + 1
        }
        return nil
    }

    private static func status(of head: [UInt8]) -> Int {
        head.dropFirst(9).prefix(3).reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    }
}
