import EdgeTestKit

/// A connection whose TLS handshake goes as far as a point and no further.
final class CutConnection: ByteConnection {
    /// Where it stops.
    enum Point: Equatable {
        /// In the middle of what we send at a time, counted from 1.
        case insideFlight(Int)
        /// Behind it.
        case afterFlight(Int)
        /// When the first bytes of the peer have come.
        case afterAnswer
    }

    /// The point is reached.
    struct Reached: Error {}

    /// What was not sent of the flight in whose middle it stopped.
    private(set) var pending: [UInt8] = []
    private let connection: PlainConnection
    private let point: Point
    private var flights = 0

    private init(_ connection: PlainConnection, _ point: Point) {
        self.connection = connection
        self.point = point
    }

    /// Shakes hands as far as a point.
    ///
    /// - Parameters:
    ///   - connection: an open connection.
    ///   - name: the name that is asked for.
    ///   - point: where to stop.
    /// - Returns: what was not sent of the flight in whose middle it stopped.
    /// - Throws: ``JourneyFailure`` when the handshake does not come so far.
    @discardableResult
    static func shakeHands(over connection: PlainConnection, _ name: String, to point: Point) throws -> [UInt8] {
        let cut = CutConnection(connection, point)
        do {
            _ = try SecureConnection(dialling: cut, name: name, authority: nil)
        } catch is Reached {
            return cut.pending
        }
        throw JourneyFailure("the handshake was over before \(point)")
    }

    func read(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        let bytes = try self.connection.read(count, by: deadline)
        if self.point == .afterAnswer { throw Reached() }
        return bytes
    }

    func write(_ bytes: [UInt8], by deadline: Deadline) throws {
        guard !bytes.isEmpty else { return }
        self.flights += 1
        if self.point == .insideFlight(self.flights) {
            try self.connection.write(Array(bytes.prefix(bytes.count / 2)), by: deadline)
            self.pending = Array(bytes.dropFirst(bytes.count / 2))
            throw Reached()
        }
        try self.connection.write(bytes, by: deadline)
        if self.point == .afterFlight(self.flights) { throw Reached() }
    }

    func finishWriting() { self.connection.finishWriting() }

    func close() { self.connection.close() }
}
