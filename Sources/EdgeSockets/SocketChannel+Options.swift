package import NIOCore

/// The rest of what SwiftNIO asks of a channel.
extension SocketChannel {
    /// Options that are read and set at once, on the loop.
    package struct Options: NIOSynchronousChannelOptions {
        fileprivate let channel: SocketChannel

        /// Sets an option.
        ///
        /// - Parameters:
        ///   - option: `autoRead`, `allowRemoteHalfClosure` or `writeBufferWaterMark`; `maxMessagesPerRead` is always 1.
        ///   - value: its value.
        /// - Throws: `ChannelError.operationUnsupported` for any other.
        package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) throws {
            switch (option, value) {
            case (is ChannelOptions.Types.AutoReadOption, let reads as Bool):
                let before = self.channel.readsByItself
                self.channel.readsByItself = reads
                if reads, !before { self.channel.readOn() }
            case (is ChannelOptions.Types.AllowRemoteHalfClosureOption, let allows as Bool):
                self.channel.settings.allowsHalfClosure = allows
            case (_, let marks as ChannelOptions.Types.WriteBufferWaterMark):
                self.channel.settings.marks = marks
            case (is ChannelOptions.Types.MaxMessagesPerReadOption, _):
                break
            default:
                throw ChannelError.operationUnsupported
            }
        }

        /// Reads an option.
        ///
        /// - Parameter option: `autoRead`, `allowRemoteHalfClosure`, `writeBufferWaterMark` or `bufferedWritableBytes`.
        /// - Returns: its value.
        /// - Throws: `ChannelError.operationUnsupported` for any other.
        package func getOption<Option: ChannelOption>(_ option: Option) throws -> Option.Value {
            let value: Any? =
                switch option {
                case is ChannelOptions.Types.AutoReadOption: self.channel.readsByItself
                case is ChannelOptions.Types.AllowRemoteHalfClosureOption: self.channel.settings.allowsHalfClosure
                case is ChannelOptions.Types.WriteBufferWaterMarkOption: self.channel.settings.marks
                case is ChannelOptions.Types.BufferedWritableBytesOption: self.channel.backlog
                case is ChannelOptions.Types.MaxMessagesPerReadOption: UInt(1)
                default: nil
                }
            guard let value = value as? Option.Value else { throw ChannelError.operationUnsupported }
            return value
        }
    }

    /// Options at once, on the loop.
    package var syncOptions: (any NIOSynchronousChannelOptions)? { Options(channel: self) }

    /// Sets an option from any thread.
    ///
    /// - Parameters:
    ///   - option: see ``Options``.
    ///   - value: its value.
    /// - Returns: succeeds when it is set.
    package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        self.atOnce { try Options(channel: self).setOption(option, value: value) }
    }

    /// Reads an option from any thread.
    ///
    /// - Parameter option: see ``Options``.
    /// - Returns: its value.
    package func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        self.atOnce { try Options(channel: self).getOption(option) }
    }

    /// On the loop an option holds from here on, not from the next turn.
    private func atOnce<Value>(_ body: @escaping @Sendable () throws -> Value) -> EventLoopFuture<Value> {
        guard self.loop.inEventLoop else { return self.loop.submit(body) }
        do {
            return self.loop.assumeIsolated().makeSucceededFuture(try body())
        } catch {
            return self.loop.assumeIsolated().makeFailedFuture(error)
        }
    }

    /// Where it was dialled.
    ///
    /// - Returns: the address.
    /// - Throws: `ChannelError.operationUnsupported` over a Unix domain socket.
    package func localAddress0() throws -> SocketAddress {
        guard let address = self.localAddress else { throw ChannelError.operationUnsupported }
        return address
    }

    /// Who is at the far end.
    ///
    /// - Returns: the address.
    /// - Throws: `ChannelError.operationUnsupported` over a Unix domain socket.
    package func remoteAddress0() throws -> SocketAddress {
        guard let address = self.remoteAddress else { throw ChannelError.operationUnsupported }
        return address
    }

    /// Not for handlers: see ``start()``.
    ///
    /// - Parameter promise: fails.
    package func register0(promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.inappropriateOperationForState)
    }

    /// Not for handlers: see ``start()``.
    ///
    /// - Parameter promise: fails.
    package func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.inappropriateOperationForState)
    }

    /// A connected socket is bound.
    ///
    /// - Parameters:
    ///   - address: where.
    ///   - promise: fails.
    package func bind0(to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    /// A connected socket is connected.
    ///
    /// - Parameters:
    ///   - address: where.
    ///   - promise: fails.
    package func connect0(to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    /// Nothing is known here of any event.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - promise: fails.
    package func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    /// Drops what no handler took.
    ///
    /// - Parameter data: what came to the pipeline's end.
    package func channelRead0(_ data: NIOAny) {}

    /// An error that no handler took ends nothing by itself.
    ///
    /// - Parameter error: the error.
    package func errorCaught0(error: any Error) {}
}
