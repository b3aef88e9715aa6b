import EdgeTestKit

/// A connection whose first record is cut into records of one byte each, and each written by itself.
final class ChoppedConnection: ByteConnection {
    private let connection: PlainConnection
    private var isFirst = true

    init(_ connection: PlainConnection) {
        self.connection = connection
    }

    func read(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        try self.connection.read(count, by: deadline)
    }

    func write(_ bytes: [UInt8], by deadline: Deadline) throws {
        guard self.isFirst, bytes.count > 5 else { return try self.connection.write(bytes, by: deadline) }
        self.isFirst = false
        for byte in bytes.dropFirst(5) {
            try self.connection.write(Array(bytes.prefix(3)) + [0, 1, byte], by: deadline)
        }
    }

    func finishWriting() { self.connection.finishWriting() }

    func close() { self.connection.close() }
}

/// A connection that lets the first flight out and holds back all others.
final class StalledConnection: ByteConnection {
    private let connection: PlainConnection
    private var flights = 0
    private(set) var received: [UInt8] = []

    init(_ connection: PlainConnection) {
        self.connection = connection
    }

    func read(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        let bytes = try self.connection.read(count, by: deadline)
        self.received += bytes
        throw JourneyFailure("held back after \(bytes.count) bytes")
    }

    func write(_ bytes: [UInt8], by deadline: Deadline) throws {
        self.flights += 1
        if self.flights == 1 { try self.connection.write(bytes, by: deadline) }
    }

    func finishWriting() {}

    func close() {}
}
