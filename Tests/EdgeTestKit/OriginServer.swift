import EdgeOpenSSL
import Foundation

/// A local service as an agent serves it: HTTP with a few paths, over TCP or TLS.
///
///     /            the server's label, and the Host that it was asked for
///     /N           N bytes of the pattern
///     /held/N      N bytes of the pattern, the second half once the test calls `release()`
///     /greeting    a WebSocket that says hello and goes
///     (upgrade)    a WebSocket that answers every frame with itself
///     POST, PUT    the SHA-256 digest of the body
package final class OriginServer: Sendable {
    /// The requests so far, heads as they came.
    package let requests = Watched<[HTTPHead]>([])
    /// How many connections came so far.
    package let connections = Watched(0)
    private let isReleased = Watched(false)
    private let listener: LoopbackListener

    /// Bytes written at once.
    private static let chunk = 262_144

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - label: what `/` answers.
    ///   - pair: the certificate for TLS; plain without one.
    ///   - port: the port, or 0 for one that is free.
    /// - Throws: ``JourneyFailure`` when it cannot listen.
    package init(_ label: String = "origin", secure pair: TestCertificates.Pair? = nil, port: UInt16 = 0) throws {
        let context: TLSContext? = try pair.map { pair in
            let chain = Array(try Data(contentsOf: URL(fileURLWithPath: pair.chain)))
            let key = Array(try Data(contentsOf: URL(fileURLWithPath: pair.key)))
            return try TLSContext(
                serving: [KeyPair(chainPEM: chain, keyPEM: key)],
                applicationProtocols: ["http/1.1"],
                ticketKey: nil
            )
        }
        let conversation = Conversation(
            label: label,
            requests: self.requests,
            connections: self.connections,
            isReleased: self.isReleased
        )
        self.listener = try LoopbackListener(port: port) { plain in
            defer { plain.close() }
            guard let context else { return conversation.serve(plain) }
            guard let secure = try? SecureConnection(accepting: plain, context) else { return }
            conversation.serve(secure)
            secure.close()
        }
    }

    /// The port on 127.0.0.1.
    package var port: UInt16 { self.listener.port }

    /// Lets held answers go on, now and from now on.
    package func release() { self.isReleased.change { $0 = true } }

    /// Accepts no more; open connections go on.
    package func stop() { self.listener.stop() }

    private struct Conversation: Sendable {
        let label: String
        let requests: Watched<[HTTPHead]>
        let connections: Watched<Int>
        let isReleased: Watched<Bool>

        func serve(_ connection: any ByteConnection) {
            self.connections.change { $0 += 1 }
            do {
                while let text = try connection.readHead(by: Deadline(.seconds(300))) {
                    let head = HTTPHead(text)
                    self.requests.change { $0.append(head) }
                    try self.answer(head, connection)
                    if head["Connection"].contains(where: { $0.lowercased().contains("close") }) { break }
                }
                connection.finishWriting()
            } catch {
                // The visitor went away; the test sees it on its own end.
            }
        }

        private func answer(_ head: HTTPHead, _ connection: any ByteConnection) throws {
            let deadline = Deadline(.seconds(300))
            let path = head.word(1)
            if head["Upgrade"].contains("websocket") {
                try self.echo(head, connection)
            } else if head.word(0) == "POST" || head.word(0) == "PUT" {
                if !head["Expect"].isEmpty { try connection.write("HTTP/1.1 100 Continue\r\n\r\n") }
                let length = head["Content-Length"].first.flatMap { Int($0) } ?? 0
                let body = try self.body(length, connection, deadline)
                try self.send(Array(Pattern.digest(body).utf8), connection)
            } else if let count = Int(path.dropFirst()) {
                try self.begin(count, connection)
                try self.write(0..<count, connection, deadline)
            } else if path.hasPrefix("/held/"), let count = Int(path.dropFirst(6)) {
                try self.begin(count, connection)
                try self.write(0..<count / 2, connection, deadline)
                _ = self.isReleased.wait { $0 ? true : nil }
                try self.write(count / 2..<count, connection, deadline)
            } else {
                try self.send(Array("\(self.label) for \(head["Host"].first ?? "nobody")\n".utf8), connection)
            }
        }

        private func body(_ length: Int, _ connection: any ByteConnection, _ deadline: Deadline) throws -> [UInt8] {
            var body: [UInt8] = []
            body.reserveCapacity(length)
            while body.count < length {
                let more = try connection.read(min(OriginServer.chunk, length - body.count), by: deadline)
                guard !more.isEmpty else { throw JourneyFailure("the end inside a body") }
                body.append(contentsOf: more)
            }
            return body
        }

        private func begin(_ length: Int, _ connection: any ByteConnection) throws {
            try connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: \(length)\r\n\r\n"
            )
        }

        private func send(_ body: [UInt8], _ connection: any ByteConnection) throws {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(body.count)\r\n\r\n"
            try connection.write(Array(head.utf8) + body)
        }

        private func write(_ range: Range<Int>, _ connection: any ByteConnection, _ deadline: Deadline) throws {
            for start in stride(from: range.lowerBound, to: range.upperBound, by: OriginServer.chunk) {
                let count = min(OriginServer.chunk, range.upperBound - start)
                try connection.write(Pattern.bytes(count, from: start), by: deadline)
            }
        }

        private func echo(_ head: HTTPHead, _ connection: any ByteConnection) throws {
            let accept = RawFrame.accept(head["Sec-WebSocket-Key"].first ?? "")
            try connection.write(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"
            )
            if head.word(1) == "/greeting" {
                try connection.write(RawFrame(.text, Array("hello".utf8)).bytes(isMasked: false))
                throw JourneyFailure("said hello and left")
            }
            while let frame = try RawFrame.read(from: connection, by: Deadline(.seconds(300))) {
                try connection.write(frame.bytes(isMasked: false))
                if frame.opcode == .close { return }
            }
        }
    }
}
