import Foundation
import Synchronization

/// A tunnel client as its generation was: it dials a real local service for each stream, one thread a stream, and speaks
/// to the relay in its own dialect.
///
/// Everything that the relay sends is judged; what went wrong stands in ``failures``.
package final class ProfilePeer: Sendable {
    /// Whose client it is.
    package let generation: ClientGeneration
    /// What went wrong, in the order in which it did.
    package let failures = Watched<[String]>([])
    /// How many streams it has served so far.
    package let streams = Watched(0)
    /// Whether the tunnel has ended, for whatever reason.
    package let hasEnded = Watched(false)
    /// The code with which the relay closed the tunnel; nil while it has not.
    package let closeCode = Watched<Int?>(nil)
    /// How often it was told to pause a stream.
    package let pauses = Watched(0)
    private let connection: PlainConnection
    private let token: String
    private let heedsPause: Bool
    private let judge: Mutex<ProfileJudge>
    private let writing = Mutex(())
    private let ports: Mutex<[String: UInt16]>
    private let open = Mutex<[String: LocalStream]>([:])
    private let isReady = Watched(false)

    /// One stream with its local connection.
    private final class LocalStream: Sendable {
        let opening: RawPacket
        let local: PlainConnection
        let isPaused = Watched(false)
        /// The relay has said its last.
        let hasRelayEnded = Watched(false)
        /// It is over: what the service still says is thrown away.
        let isOver = Watched(false)
        private let writing = Mutex(())

        init(_ opening: RawPacket, _ local: PlainConnection) {
            (self.opening, self.local) = (opening, local)
        }

        func write(_ bytes: [UInt8]) throws { try self.writing.withLock { _ in try self.local.write(bytes) } }

        /// Closes it when nobody writes: its number may be somebody else's afterwards.
        func close() { self.writing.withLock { _ in self.local.close() } }

        func giveUp() {
            self.isOver.change { $0 = true }
            self.hasRelayEnded.change { $0 = true }
            self.isPaused.change { $0 = false }
        }
    }

    /// Connects and waits until the relay has its names.
    ///
    /// - Parameters:
    ///   - generation: whose client it is.
    ///   - relay: the relay, which must take tunnels without TLS.
    ///   - names: the names that it serves.
    ///   - ports: the local ports by service; an own stream is known by what `connection` says.
    ///   - instance: our own client's `RVPN-Instance`.
    ///   - gate: how the gate is judged.
    ///   - heedsPause: whether it stops when it is told to; as its generation does when nil.
    /// - Throws: ``JourneyFailure`` when it is not let in.
    package init(
        _ generation: ClientGeneration,
        _ relay: RelayProcess,
        _ names: [String],
        ports: [String: UInt16],
        instance: String? = nil,
        gate: ProfileJudge.Gate = .timed,
        heedsPause: Bool? = nil
    ) throws {
        self.generation = generation
        self.heedsPause = heedsPause ?? generation.heedsPause
        self.token = TestToken.granting(names)
        self.judge = Mutex(ProfileJudge(generation.shape, gate: gate))
        self.ports = Mutex(ports)
        self.connection = try relay.dial()
        let host = "tunnel.example.test:\(relay.port)"
        try self.connection.write(
            ScriptedClient.request(generation.shape, host: host, token: self.token, instance: instance)
        )
        let answer = try HTTPAnswer(from: self.connection)
        guard answer.head.status == 101 else { throw JourneyFailure("\(generation) is not let in: \(answer.text)") }
        Thread.detachNewThread { self.follow() }
        if generation.greeting(token: "", id: 1).isEmpty { return }
        guard self.isReady.wait(for: { $0 ? true : nil }) == true else {
            throw JourneyFailure("\(generation) is not greeted: \(self.failures.current)")
        }
    }

    /// Lets a service lead to another local port from the next stream on.
    ///
    /// - Parameters:
    ///   - service: the service.
    ///   - port: the port.
    package func lead(_ service: String, to port: UInt16) { self.ports.withLock { $0[service] = port } }

    /// Ends the tunnel without a word, as a lost machine does as far as the relay can see.
    package func drop() {
        self.connection.interrupt()
        _ = self.hasEnded.wait { $0 ? true : nil }
    }

    /// Fails when something went wrong.
    ///
    /// - Throws: ``JourneyFailure`` that says what.
    package func check() throws {
        let failures = self.failures.current
        guard failures.isEmpty else {
            throw JourneyFailure("\(self.generation): \(failures.joined(separator: "\n"))")
        }
    }

    // MARK: From the relay

    private func follow() {
        defer {
            for stream in self.open.withLock({ Array($0.values) }) {
                stream.giveUp()
                stream.local.interrupt()
            }
            self.connection.close()
            self.hasEnded.change { $0 = true }
        }
        do {
            while let frame = try RawFrame.read(from: self.connection, by: Deadline(.seconds(300))) {
                do {
                    try self.judge.withLock { try $0.received(frame) }
                } catch {
                    self.failures.change { $0.append("\(error)") }
                    return
                }
                switch frame.opcode {
                case .ping: try self.send(RawFrame(.pong, frame.payload))
                case .close:
                    self.closeCode.change { $0 = frame.closeCode ?? 1005 }
                    try? self.send(frame)
                    return
                case .binary: try self.received(try RawPacket(message: frame.payload))
                case .pong, .text, .continuation: break
                }
            }
        } catch {
            // The connection was lost, or given up; the test sees it at the visitor, and in the tables.
        }
    }

    private func received(_ packet: RawPacket) throws {
        switch packet.service {
        case "control":
            self.controlled(packet.text)
            if packet.text.hasPrefix("[1,\"hello\"") {
                for answer in self.generation.greeting(token: self.token, id: 919_782_879) { try self.send(answer) }
            }
        case "connection": try self.dial(packet, service: packet.fields[7])
        case "end": self.ended(packet)
        case "error": self.forget(packet)?.local.interrupt()
        case "pause":
            self.pauses.change { $0 += 1 }
            if self.heedsPause { self.stream(packet)?.isPaused.change { $0 = true } }
        case "resume": self.stream(packet)?.isPaused.change { $0 = false }
        default:
            // Our own knows a stream by its `connection` alone: what still comes for one that it refused is nothing new.
            if self.stream(packet) == nil, self.generation != .own { try self.dial(packet, service: packet.service) }
            try? self.stream(packet)?.write(packet.body)
        }
    }

    private func controlled(_ text: String) {
        switch self.generation {
        case .s08, .own: if text.hasPrefix("[1,\"hello\"") { self.isReady.change { $0 = true } }
        case .s10, .tb19, .tbjs: if text == "[-919782879,null]" { self.isReady.change { $0 = true } }
        case .tbgo, .rvpn: break
        }
    }

    private func stream(_ packet: RawPacket) -> LocalStream? { self.open.withLock { $0[packet.stream] } }

    private func forget(_ packet: RawPacket) -> LocalStream? {
        let stream = self.open.withLock { $0.removeValue(forKey: packet.stream) }
        stream?.giveUp()
        return stream
    }

    private func ended(_ packet: RawPacket) {
        guard self.generation != .own else {
            self.stream(packet)?.local.finishWriting()
            self.stream(packet)?.hasRelayEnded.change { $0 = true }
            return
        }
        // The older ones throw away what the service still says.
        guard let stream = self.forget(packet) else { return }
        stream.local.interrupt()
        for packet in self.generation.farewell(stream.opening) { try? self.send(packet) }
    }

    private func dial(_ packet: RawPacket, service: String) throws {
        self.streams.change { $0 += 1 }
        guard let port = self.ports.withLock({ $0[service] }), let local = try? PlainConnection(port: port) else {
            try self.send(self.generation.refused(packet))
            guard self.generation.goesDeaf else { return }
            // It reads its tunnel no more; only the relay can end this.
            _ = self.connection.waitForHangUp(by: Deadline())
            throw JourneyFailure("deaf after a refused local connection")
        }
        var opening = packet
        if packet.service == "connection" {
            opening.fields[4] = service
            opening.fields.removeLast()
        }
        let stream = LocalStream(opening, local)
        self.open.withLock { $0[packet.stream] = stream }
        Thread.detachNewThread { self.serve(stream) }
    }

    // MARK: To the relay

    private func serve(_ stream: LocalStream) {
        // Closed here alone, where it is read.
        defer { stream.close() }
        do {
            while true {
                _ = stream.isPaused.wait(by: Deadline(.seconds(300))) { $0 ? nil : true }
                let bytes = try stream.local.read(self.generation.largestBody, by: Deadline(.seconds(300)))
                guard !stream.isOver.current else { return }
                guard !bytes.isEmpty else { break }
                try self.send(self.generation.data(stream.opening, bytes))
            }
            if self.generation != .own { _ = self.forget(stream.opening) }
            try self.send(self.generation.end(stream.opening))
            if self.generation == .own {
                // The service has ended its half alone.
                _ = stream.hasRelayEnded.wait(by: Deadline(.seconds(300))) { $0 ? true : nil }
                self.open.withLock { if $0[stream.opening.stream] === stream { $0[stream.opening.stream] = nil } }
            }
        } catch let failure as JourneyFailure where failure.description.contains("reset") {
            guard self.forget(stream.opening) != nil else { return }
            try? self.send(self.generation.reset(stream.opening))
        } catch {
            _ = self.forget(stream.opening)
        }
    }

    private func send(_ packet: RawPacket) throws {
        let frames = self.generation.frames(packet)
        // One packet's frames stay together, and the judge hears of them before the relay does.
        try self.writing.withLock { _ in
            for frame in frames {
                self.judge.withLock { $0.sent(frame) }
                try self.connection.write(frame.bytes(isMasked: true), by: Deadline(.seconds(120)))
            }
        }
    }

    private func send(_ frame: RawFrame) throws {
        try self.writing.withLock { _ in try self.connection.write(frame.bytes(isMasked: true)) }
    }
}
