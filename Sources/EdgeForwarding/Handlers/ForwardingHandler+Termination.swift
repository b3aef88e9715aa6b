import EdgeChannels
import EdgeMetering
import EdgeTLS
import EdgeTypes
import NIOCore

/// TLS that ends at this channel.
extension ForwardingHandler {
    /// Decrypts what a read brought and sends it to the far side.
    func decrypt(_ ciphertext: ByteBuffer) {
        guard let engine else { return }
        var consumed = 0
        while self.flow.isInputOpen {
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
            if plaintext.readableBytes > 0 {
                self.meters.addPayloadReceived(plaintext.readableBytes)
                self.far.send(&plaintext)
            }
            self.pool.give(plaintext)
            self.flushPendingTLS()
            switch outcome {
            case .outputFull:
                continue
            case .needsBytes:
                break
            case .closed:
                self.inputEnded()
            case .failed:
                self.fail(.tlsFailed)
            }
            break
        }
    }

    /// Encrypts bytes for the peer into this pass's ciphertext.
    func encrypt(_ bytes: ByteBuffer) {
        guard let engine else { return }
        let needed = TLSEngine.ciphertextBound(forPlaintext: bytes.readableBytes)
        if let out, out.readableBytes > 0, out.writableBytes < needed { self.writeOut() }
        var out = self.out.take() ?? self.pool.take()
        if engine.hasPendingOutput { out.writeBytes(engine.takePendingOutput()) }
        do throws(TLSError) {
            try out.writeWithOutputRawSpan(minimumWritableBytes: needed) {
                (span: inout OutputRawSpan) throws(TLSError) in
                try engine.send(bytes.readableBytesSpan, into: &span)
            }
            self.out = out
        } catch {
            self.fail(.tlsFailed)
        }
    }

    /// Gives this pass's ciphertext to the channel, without a flush.
    func writeOut() {
        guard let context, let out = self.out.take() else { return }
        guard out.readableBytes > 0 else {
            self.pool.give(out)
            return
        }
        self.written += out.readableBytes
        context.write(self.wrapOutboundOut(out), promise: nil)
        self.pool.give(out)
    }

    /// Sends what the engine has to say by itself: tickets, key updates, alerts.
    func flushPendingTLS() {
        guard let engine, engine.hasPendingOutput, let context else { return }
        let bytes = engine.takePendingOutput()
        self.written += bytes.count
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        self.countSent()
    }
}
