import EdgeChannels
import EdgeMetering
import EdgeTLS
package import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore

/// From the streams to the tunnel's bytes.
extension TunnelCarrierHandler {
    /// Packs what the local side said and encrypts it; it leaves at the end of the tick.
    func send(_ buffer: inout ByteBuffer, on stream: CarrierStream) {
        switch stream.machine.localBytes() {
        case .send:
            break
        case .sendAndGate:
            self.gates.add(stream.key, at: self.now)
            self.armTimer()
        case .hold:
            stream.kept.append(buffer)
            stream.keptBytes += buffer.readableBytes
            self.settings.budget?.change(by: buffer.readableBytes)
            return
        case .drop:
            return
        }
        self.pack(&buffer, on: stream)
    }

    /// Sends what came while the gate was shut.
    func sendKept(_ stream: CarrierStream) {
        let kept = stream.kept
        self.dropKept(stream)
        for var buffer in kept { self.pack(&buffer, on: stream) }
    }

    /// Forgets what came while the gate was shut.
    func dropKept(_ stream: CarrierStream) {
        guard stream.keptBytes > 0 else { return }
        self.settings.budget?.change(by: -stream.keptBytes)
        stream.keptBytes = 0
        stream.kept = []
    }

    private func pack(_ buffer: inout ByteBuffer, on stream: CarrierStream) {
        self.meters.addPayloadSent(buffer.readableBytes)
        if !self.scheduler.isCalm { self.scheduler.used(buffer.readableBytes, by: stream.id) }
        self.pack(&buffer, label: stream.label)
        self.flushSoon()
    }

    /// Writes packets over the buffer itself: each header goes into the bytes before its body, which are headroom or
    /// have been encrypted already.
    private func pack(_ buffer: inout ByteBuffer, label: TunnelLabel) {
        let masked = self.settings.side == .agent
        let end = buffer.writerIndex
        var position = buffer.readerIndex
        while position < end {
            let count = min(self.settings.frame, end - position)
            let header = TunnelPacker.headerLength(label: label, service: .data, bodyLength: count)
            let prefix = header + WebSocketFrameEncoder.headerLength(payloadLength: header + count, masked: masked)
            guard position >= prefix else {
                self.packCopied(buffer, from: position, label: label)
                return
            }
            buffer.moveReaderIndex(to: position - prefix)
            self.pack(&buffer, label: label, prefix: prefix, header: header, count: count, masked: masked)
            position += count
        }
    }

    private func pack(
        _ buffer: inout ByteBuffer,
        label: TunnelLabel,
        prefix: Int,
        header: Int,
        count: Int,
        masked: Bool
    ) {
        let key: UInt32? = masked ? UInt32.random(in: .min ... .max) : nil
        var span = buffer.mutableReadableBytesSpan
        _ = TunnelPacker.writeHeader(label: label, service: .data, bodyLength: count, into: &span, endingAt: prefix)
        _ = WebSocketFrameEncoder.writeHeader(
            opcode: .binary,
            payloadLength: header + count,
            maskingKey: key,
            into: &span,
            endingAt: prefix - header
        )
        if let key {
            WebSocketMask.apply(key: key, to: &span, range: prefix - header..<prefix + count, phase: 0)
        }
        self.write(span.bytes.extracting(0..<prefix + count))
    }

    /// The same for a buffer without headroom: its bytes move once.
    private func packCopied(_ buffer: ByteBuffer, from position: Int, label: TunnelLabel) {
        let rest = buffer.writerIndex - position
        var copy = ByteBufferAllocator().buffer(capacity: LoopBuffers.headroom + rest)
        copy.moveWriterIndex(to: LoopBuffers.headroom)
        copy.moveReaderIndex(to: LoopBuffers.headroom)
        guard let slice = buffer.getSlice(at: position, length: rest) else { return }
        copy.writeImmutableBuffer(slice)
        self.pack(&copy, label: label)
    }

    /// Sends a packet that is no data: `end`, `error`, `pause`, `resume`, `connection`.
    func send(_ service: TunnelService, body: [UInt8], on stream: CarrierStream) {
        let packet = TunnelPacker.packet(label: stream.label, service: service, body: body)
        if self.isFull { self.noticesWaiting += packet.count }
        // Each stream is told of a few times, and none is opened while much of that waits: only a peer that has us refuse
        // its streams and takes no refusal comes here.
        guard self.noticesWaiting <= Self.longestNotices + self.settings.streams * TunnelPacker.maximumHeaderLength
        else {
            self.fail(.stalled, code: .policyViolation)
            return
        }
        self.write(message: packet)
    }

    /// Bytes of packets without data that may wait for a peer that takes nothing while streams are opened still.
    static var longestNotices: Int { 64 << 10 }

    /// Sends a control message.
    ///
    /// - Parameter message: what to say.
    package func send(_ message: ControlMessage) {
        // A control packet ends the Go clients, whatever they said before.
        guard self.isOpen, self.settings.profile.sendsHello else { return }
        let packet = TunnelPacker.control(message)
        // Answers to a peer that asks and takes nothing must not pile up.
        self.controlWaiting = self.isFull ? self.controlWaiting + packet.count : 0
        guard self.controlWaiting <= InboundPacket.longestControl else {
            self.fail(.stalled, code: .policyViolation)
            return
        }
        self.write(message: packet)
    }

    /// Writes one binary message that holds one packet.
    func write(message: [UInt8]) {
        self.write(frame: .binary, payload: message)
    }

    /// Writes one unfragmented frame.
    func write(frame opcode: WebSocketOpcode, payload: [UInt8]) {
        let key: UInt32? = self.settings.side == .agent ? UInt32.random(in: .min ... .max) : nil
        let frame = WebSocketFrameEncoder.frame(opcode, payload: payload, maskingKey: key)
        self.write(frame.span.bytes)
        self.flushSoon()
    }

    /// Writes a close frame (RFC 6455 §5.5.1).
    func writeClose(_ code: WebSocketCloseCode, reason: String) {
        self.write(frame: .close, payload: WebSocketFrameEncoder.closePayload(code, reason: reason))
    }

    /// Encrypts bytes into this tick's ciphertext.
    func write(_ plaintext: RawSpan) {
        let needed =
            self.engine == nil ? plaintext.byteCount : TLSEngine.ciphertextBound(forPlaintext: plaintext.byteCount)
        if let waiting = self.out, waiting.readableBytes > 0, waiting.writableBytes < needed { self.flushOut() }
        var out = self.out.take() ?? self.pool.take()
        if let engine {
            self.movePendingTLS(into: &out)
            do throws(TLSError) {
                try out.writeWithOutputRawSpan(minimumWritableBytes: needed) {
                    (span: inout OutputRawSpan) throws(TLSError) in
                    try engine.send(plaintext, into: &span)
                }
            } catch {
                self.out = out
                self.finish(.tlsFailed)
                self.closeChannelAfterFlush()
                return
            }
        } else {
            out.writeBytes(plaintext)
        }
        self.out = out
    }

    /// Takes what the engine has to say by itself: tickets, key updates, alerts, close_notify.
    func writePendingTLS() {
        guard let engine, engine.hasPendingOutput else { return }
        var out = self.out.take() ?? self.pool.take()
        self.movePendingTLS(into: &out)
        self.out = out
        self.flushSoon()
    }

    private func movePendingTLS(into out: inout ByteBuffer) {
        guard let engine, engine.hasPendingOutput else { return }
        out.writeBytes(engine.takePendingOutput())
    }

    /// Sees to it that what was written leaves at the end of the tick.
    func flushSoon() {
        guard !self.isFlushScheduled, let context else { return }
        self.isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            self.flushOut()
        }
    }

    /// Gives the tick's ciphertext to the channel.
    func flushOut() {
        guard let context, let out = self.out.take(), out.readableBytes > 0 else { return }
        self.meters.addRawSent(out.readableBytes)
        context.writeAndFlush(self.wrapOutboundOut(out), promise: nil)
        self.pool.give(out)
        self.isFull = !context.channel.isWritable
        if self.isFull {
            self.countQueue()
        } else if !self.scheduler.isCalm {
            self.serveWaiting()
        }
    }
}
