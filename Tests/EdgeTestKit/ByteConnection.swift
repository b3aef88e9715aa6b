/// One end of a connection that a test plays by hand.
///
/// Every call has a deadline.
package protocol ByteConnection: AnyObject {
    /// Reads what is there, or waits for something.
    ///
    /// - Parameters:
    ///   - count: at most so many bytes.
    ///   - deadline: when to give up.
    /// - Returns: at least one byte, or none at the end.
    /// - Throws: ``JourneyFailure`` when nothing comes, or the connection was reset.
    func read(_ count: Int, by deadline: Deadline) throws -> [UInt8]

    /// Writes all bytes.
    ///
    /// - Parameters:
    ///   - bytes: what to write.
    ///   - deadline: when to give up.
    /// - Throws: ``JourneyFailure`` when they cannot be written.
    func write(_ bytes: [UInt8], by deadline: Deadline) throws

    /// Says that nothing more will be written.
    func finishWriting()

    /// Ends both directions.
    func close()
}

extension ByteConnection {
    /// Reads what is there, or waits for something, with the usual patience.
    ///
    /// - Returns: at least one byte, or none at the end.
    /// - Throws: ``JourneyFailure`` when nothing comes.
    package func read() throws -> [UInt8] { try self.read(65_536, by: Deadline()) }

    /// Writes all bytes, with the usual patience.
    ///
    /// - Parameter bytes: what to write.
    /// - Throws: ``JourneyFailure`` when they cannot be written.
    package func write(_ bytes: [UInt8]) throws { try self.write(bytes, by: Deadline()) }

    /// Writes text, with the usual patience.
    ///
    /// - Parameter text: what to write.
    /// - Throws: ``JourneyFailure`` when it cannot be written.
    package func write(_ text: String) throws { try self.write(Array(text.utf8), by: Deadline()) }

    /// Reads until the peer ends.
    ///
    /// - Parameter deadline: when to give up.
    /// - Returns: everything that came.
    /// - Throws: ``JourneyFailure`` when the end does not come.
    package func readToEnd(by deadline: Deadline = Deadline()) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try self.read(65_536, by: deadline)
            if more.isEmpty { return bytes }
            bytes += more
        }
    }

    /// Reads exactly so many bytes.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - deadline: when to give up.
    /// - Returns: the bytes.
    /// - Throws: ``JourneyFailure`` when they do not come.
    package func readExactly(_ count: Int, by deadline: Deadline = Deadline()) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try self.read(count - bytes.count, by: deadline)
            guard !more.isEmpty else { throw JourneyFailure("the end after \(bytes.count) of \(count) bytes") }
            bytes += more
        }
        return bytes
    }

    /// Reads up to and with the empty line that ends the head of a message (RFC 9112 §2.1).
    ///
    /// - Parameter deadline: when to give up.
    /// - Returns: the head as text; nil when the peer ends before it says anything.
    /// - Throws: ``JourneyFailure`` when it does not come, or not whole.
    package func readHead(by deadline: Deadline = Deadline()) throws -> String? {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let byte = try self.read(1, by: deadline)
            guard !byte.isEmpty else {
                if bytes.isEmpty { return nil }
                throw JourneyFailure("the end inside a head: \(String(decoding: bytes, as: UTF8.self))")
            }
            bytes += byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
