import EdgeChannels
import EdgeMetering
import EdgeTLS
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore

/// From the tunnel's bytes to the streams.
extension TunnelCarrierHandler {
    /// How many notes' room is kept from one read to the next.
    private static var keptNotes: Int { 256 }

    /// Decrypts what a read brought, and acts on it.
    func receive(_ ciphertext: ByteBuffer) {
        guard let engine else {
            var plaintext = ciphertext
            self.process(&plaintext)
            self.pool.give(plaintext)
            return
        }
        var consumed = 0
        while !self.hasEnded {
            var plaintext = self.pool.take()
            var outcome = TLSReceipt.Outcome.needsBytes
            plaintext.writeWithOutputRawSpan(minimumWritableBytes: plaintext.writableBytes) { span in
                let receipt = engine.receive(
                    ciphertext.readableBytesSpan.extracting(droppingFirst: consumed),
                    into: &span
                )
                consumed += receipt.consumed
                outcome = receipt.outcome
            }
            if plaintext.readableBytes > 0 { self.process(&plaintext) }
            self.pool.give(plaintext)
            self.writePendingTLS()
            switch outcome {
            case .outputFull:
                continue
            case .needsBytes:
                break
            case .closed:
                self.finish(.upstreamClosed)
                self.closeChannelAfterFlush()
            case .failed:
                self.finish(.tlsFailed)
                self.closeChannelAfterFlush()
            }
            break
        }
        self.pool.give(ciphertext)
    }

    /// One pass over plaintext, then what it asked for, then one flush for each stream that was touched.
    func process(_ plaintext: inout ByteBuffer) {
        var breach: CarrierBreach?
        // A read full of the smallest packets leaves thousands of notes, which no tunnel should hold while it is idle.
        self.notes.removeAll(keepingCapacity: self.notes.count <= Self.keptNotes)
        do throws(WebSocketError) {
            breach = try self.note(&plaintext)
        } catch {
            breach = CarrierBreach(error)
        }
        self.act(on: plaintext)
        for stream in self.touched {
            stream.isTouched = false
            stream.end?.flush()
        }
        self.touched.removeAll(keepingCapacity: true)
        guard let breach else { return }
        if let fault = breach.fault, self.settings.profile.sendsHello { self.send(.fault(fault)) }
        self.fail(breach.reason, code: breach.code)
    }

    /// Unmasks and parses, and notes what is there.
    ///
    /// - Returns: a breach of the tunnel's protocol, behind what was in order.
    private func note(_ plaintext: inout ByteBuffer) throws(WebSocketError) -> CarrierBreach? {
        var span = plaintext.mutableReadableBytesSpan
        var offset = 0
        while true {
            switch try self.decoder.next(in: &span, offset: &offset) {
            case .needsBytes:
                return nil
            case .data(let range, _, _):
                do throws(TunnelError) {
                    try self.notePackets(span.bytes, range)
                } catch {
                    return CarrierBreach(error)
                }
            case .ping(let payload):
                self.notes.append(.ping(payload))
            case .pong:
                self.notes.append(.pong)
            case .close(let code, _):
                self.notes.append(.close(code))
            }
        }
    }

    private func notePackets(_ bytes: RawSpan, _ range: Range<Int>) throws(TunnelError) {
        var offset = range.lowerBound
        while true {
            switch try self.unpacker.next(in: bytes, offset: &offset, end: range.upperBound) {
            case .needsBytes: return
            case .packet(let header): self.notes.append(.packet(header))
            case .body(let body, let endsPacket): self.notes.append(.body(body, endsPacket: endsPacket))
            }
        }
    }

    private func act(on plaintext: ByteBuffer) {
        let base = plaintext.readerIndex
        for note in self.notes {
            guard !self.hasEnded else { return }
            switch note {
            case .packet(let header):
                self.packetBegan(header)
            case .body(let range, let endsPacket):
                self.bodyReceived(plaintext, base + range.lowerBound, range.count, endsPacket: endsPacket)
            case .ping(let payload):
                self.pingReceived(payload)
            case .pong:
                self.isMaybeDeaf = false
            case .close(let code):
                self.closeReceived(code)
            }
        }
    }

    private func bodyReceived(_ plaintext: ByteBuffer, _ start: Int, _ count: Int, endsPacket: Bool) {
        switch self.inbound.target {
        case .stream(let stream):
            self.meters.addPayloadReceived(count)
            if stream.received == 0 { self.answered(stream) }
            stream.countReceived(count)
            guard let slice = plaintext.getSlice(at: start, length: count) else { return }
            self.deliver(slice, to: stream)
        case .control:
            if let bytes = plaintext.getBytes(at: start, length: count) { self.inbound.collected += bytes }
            if endsPacket { self.controlEnded() }
        case .nowhere:
            break
        }
        if endsPacket { self.inbound.target = .nowhere }
    }

    private func deliver(_ slice: ByteBuffer, to stream: CarrierStream) {
        switch stream.machine.peerBytes() {
        case .deliver:
            self.hand(slice, to: stream)
        case .deliverAndOpenGate:
            self.hand(slice, to: stream)
            self.openGate(stream)
        case .dropAndOpenGate:
            self.openGate(stream)
        case .drop:
            break
        }
    }

    private func hand(_ slice: ByteBuffer, to stream: CarrierStream) {
        guard let end = stream.end else { return }
        end.deliver(slice)
        if !stream.isTouched {
            stream.isTouched = true
            self.touched.append(stream)
        }
        guard !stream.isLocalWritable else { return }
        self.overran(stream, by: slice.readableBytes)
    }

    private func packetBegan(_ header: TunnelHeader) {
        self.inbound.target = .nowhere
        switch header.service {
        case .control:
            guard header.bodyLength <= InboundPacket.longestControl else {
                self.fail(.tunnelViolation, code: .messageTooBig)
                return
            }
            self.inbound.collected.removeAll(keepingCapacity: true)
            self.inbound.target = .control
            if header.bodyLength == 0 { self.controlEnded() }
        case .end:
            self.withStream(header) { self.peerEnded($0) }
        case .error:
            self.withStream(header) { self.peerFailed($0) }
        case .pause:
            self.withStream(header) { $0.isPausedByPeer = true }
        case .resume:
            self.withStream(header) { self.resumedByPeer($0) }
        case .connection:
            _ = self.streamOpenedByPeer(header)
        case .http, .https, .tls, .ssh, .tcp, .data, .other:
            self.dataBegan(header)
        }
    }

    private func dataBegan(_ header: TunnelHeader) {
        guard let id = header.streamID else { return }
        if let stream = self.streams[id] {
            self.inbound.target = .stream(stream)
        } else if let stream = self.streamOpenedByPeer(header) {
            self.inbound.target = .stream(stream)
        }
    }

    private func withStream(_ header: TunnelHeader, _ body: (CarrierStream) -> Void) {
        guard let id = header.streamID, let stream = self.streams[id] else { return }
        body(stream)
    }

    private func controlEnded() {
        let message = ControlMessage(parsing: self.inbound.collected)
        self.inbound.collected = []
        if case .reply(let id, let fault, _) = message, id == 1, fault == nil {
            self.learnedPause()
        }
        self.owner?.controlReceived(message)
    }

    /// A peer that takes nothing is owed one pong, for its latest ping (RFC 6455 §5.5.3): pings alone must not pile up.
    private func pingReceived(_ payload: [UInt8]) {
        switch self.webSocket.pingReceived() {
        case .sendPong where self.isFull: self.owedPong = payload
        case .sendPong: self.write(frame: .pong, payload: payload)
        case .ignore: break
        }
    }

    /// Pays the pong that is owed.
    func sendOwedPong() {
        guard let payload = self.owedPong.take() else { return }
        self.write(frame: .pong, payload: payload)
    }

    private func closeReceived(_ code: WebSocketCloseCode?) {
        switch self.webSocket.closeReceived(code) {
        case .sendClose(let code):
            self.writeClose(code, reason: "")
            self.finish(.upstreamClosed)
            self.closeChannelAfterFlush()
        case .closeNow:
            self.finish(.upstreamClosed)
            self.closeChannelAfterFlush()
        case .ignore:
            break
        }
    }
}
