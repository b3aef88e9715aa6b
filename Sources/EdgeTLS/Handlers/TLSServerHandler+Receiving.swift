import EdgeMetering
import NIOCore

/// Ciphertext to plaintext, and plaintext to the pipeline behind.
extension TLSServerHandler {
    /// Decrypts what came and passes it on.
    func receive(_ ciphertext: ByteBuffer, _ context: ChannelHandlerContext) {
        self.meters?.addRawReceived(ciphertext.readableBytes)
        var consumed = 0
        var outcome = TLSReceipt.Outcome.outputFull
        while outcome == .outputFull, !self.isClosing {
            // What is decrypted is shorter than what came, but for the beginning of a record that came before.
            let left = ciphertext.readableBytes - consumed
            var plaintext = context.channel.allocator.buffer(capacity: max(left, TLSEngine.recordLimit / 16))
            var isHandshakeNew = false
            plaintext.writeWithOutputRawSpan(minimumWritableBytes: plaintext.writableBytes) { span in
                let receipt = self.engine.receive(
                    ciphertext.readableBytesSpan.extracting(droppingFirst: consumed),
                    into: &span
                )
                consumed += receipt.consumed
                isHandshakeNew = receipt.handshakeJustCompleted
                outcome = receipt.outcome
            }
            if isHandshakeNew { self.handshakeCompleted(context) }
            if plaintext.readableBytes > 0 { self.deliver(plaintext, context) }
        }
        switch outcome {
        case .needsBytes, .outputFull: break
        case .closed: self.inputEnded(context)
        case .failed(let error): self.fail(error, context)
        }
    }

    private func handshakeCompleted(_ context: ChannelHandlerContext) {
        if let summary = self.engine.summary {
            context.fireUserInboundEventTriggered(TLSHandshakeCompleted(summary: summary))
        }
        if self.isFlushWanted { self.flushQueue(context) }
    }

    private func deliver(_ plaintext: ByteBuffer, _ context: ChannelHandlerContext) {
        self.meters?.addPayloadReceived(plaintext.readableBytes)
        if self.held != nil {
            self.held?.writeImmutableBuffer(plaintext)
        } else {
            self.isReadWanted = false
            context.fireChannelRead(self.wrapInboundOut(plaintext))
        }
    }

    /// Tells the pipeline behind that the peer is done, once, after all plaintext.
    func inputEnded(_ context: ChannelHandlerContext) {
        self.hasInputEnded = true
        guard self.held == nil, !self.isInputEndTold, !self.isClosing else { return }
        self.isInputEndTold = true
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// Says the alert that the engine has for the peer, and closes.
    func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        guard !self.isClosing else { return }
        context.fireErrorCaught(error)
        self.closeAll(context, nil)
    }

    /// Delivers held plaintext soon where nobody has to ask for it.
    func deliverWhereChannelReads(_ context: ChannelHandlerContext) {
        let readsByItself = try? context.channel.syncOptions?.getOption(.autoRead)
        if readsByItself ?? true { self.scheduleDelivery(context) }
    }

    /// Delivers held plaintext at the next tick, when whoever makes the pipeline is done with it.
    func scheduleDelivery(_ context: ChannelHandlerContext) {
        guard self.held != nil, !self.isDeliveryScheduled else { return }
        self.isDeliveryScheduled = true
        context.eventLoop.assumeIsolated().execute { self.deliverHeld(context) }
    }

    private func deliverHeld(_ context: ChannelHandlerContext) {
        guard let plaintext = self.held else { return }
        self.held = nil
        if plaintext.readableBytes > 0 {
            self.isReadWanted = false
            context.fireChannelRead(self.wrapInboundOut(plaintext))
            context.fireChannelReadComplete()
        }
        if self.hasInputEnded { self.inputEnded(context) }
    }
}
