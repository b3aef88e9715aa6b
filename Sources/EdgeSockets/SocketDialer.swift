import EdgeSystem
package import EdgeTypes
package import NIOCore

/// Connects to the first of some addresses that answers, on one loop.
///
/// Addresses are tried in their order, each as soon as the one before it failed or was silent for a while (RFC 8305 §5);
/// the first connection wins, and the others are given up.
package final class SocketDialer {
    /// An address to connect to.
    package enum Target: Sendable {
        /// Over TCP.
        case tcp(NetworkAddress, port: UInt16)
        /// A Unix domain socket.
        case path(String)

        fileprivate func connecting() throws(SystemError) -> StreamSocket {
            switch self {
            case .tcp(let address, let port): try StreamSocket.connecting(to: address, port: port)
            case .path(let path): try StreamSocket.connecting(toPath: path)
            }
        }

        fileprivate var peer: PeerAddress {
            switch self {
            case .tcp(let address, let port): PeerAddress(address: address, port: port)
            case .path: .local
            }
        }
    }

    /// How long an address may be silent before the next one is tried as well (RFC 8305 §8).
    private static let stagger = TimeAmount.milliseconds(250)

    private final class Attempt: SocketWatcher {
        let socket: StreamSocket
        let target: Target
        private let dialer: SocketDialer

        init(_ socket: StreamSocket, _ target: Target, _ dialer: SocketDialer) {
            self.socket = socket
            self.target = target
            self.dialer = dialer
        }

        override func ready(_ events: UInt32) {
            guard events & (EventQueue.writable | EventQueue.failed | EventQueue.ended) != 0 else { return }
            let failure = self.socket.takeFailure()
            if failure != 0 {
                self.dialer.failed(self, code: failure)
            } else if events & EventQueue.writable != 0 {
                self.dialer.connected(self, events)
            }
        }

        override func loopEnds() {
            self.dialer.finish(.failure(ChannelError.eof))
        }
    }

    private let loop: SocketEventLoop
    private let settings: SocketChannel.Settings
    private let timeout: TimeAmount
    private let promise: EventLoopPromise<any Channel>
    private let setUp: (SocketChannel) throws -> Void
    private var waiting: ArraySlice<Target> = []
    private var attempts: [Attempt] = []
    private var timers: [Scheduled<Void>] = []
    private var lastFailure: any Error = ChannelError.operationUnsupported
    private var isOver = false

    /// Creates a dialer, which is used once.
    ///
    /// - Parameters:
    ///   - loop: where the channel will live; this thread is the loop's.
    ///   - settings: the channel's buffers.
    ///   - timeout: how long everything may take.
    ///   - setUp: builds the pipeline of the channel that has connected.
    package init(
        on loop: SocketEventLoop,
        settings: SocketChannel.Settings,
        timeout: TimeAmount,
        setUp: @escaping (SocketChannel) throws -> Void
    ) {
        self.loop = loop
        self.settings = settings
        self.timeout = timeout
        self.setUp = setUp
        self.promise = loop.makePromise(of: (any Channel).self)
    }

    /// The clock starts: for names that have to be resolved first.
    package func begin() {
        guard self.timers.isEmpty, !self.isOver else { return }
        self.timers.append(
            self.loop.assumeIsolated().scheduleTask(in: self.timeout) {
                self.finish(.failure(ChannelError.connectTimeout(self.timeout)))
            }
        )
    }

    /// Connects.
    ///
    /// - Parameter targets: where to, the best first.
    package func dial(_ targets: [Target]) {
        self.begin()
        self.waiting = targets[...]
        self.tryNext()
    }

    /// Gives up, since there is nowhere to connect to.
    ///
    /// - Parameter error: why.
    package func fail(_ error: any Error) {
        self.finish(.failure(error))
    }

    /// The channel, active; or the last failure, `ChannelError.connectTimeout` where time ran out.
    package var result: EventLoopFuture<any Channel> { self.promise.futureResult }

    private func tryNext() {
        guard !self.isOver else { return }
        guard let target = self.waiting.popFirst() else {
            if self.attempts.isEmpty { self.finish(.failure(self.lastFailure)) }
            return
        }
        do throws(SystemError) {
            let socket = try target.connecting()
            let attempt = Attempt(socket, target, self)
            self.attempts.append(attempt)
            do throws(SystemError) {
                try self.loop.watch(socket, attempt)
            } catch {
                self.drop(attempt)
                throw error
            }
        } catch {
            self.lastFailure = error
            self.tryNext()
            return
        }
        guard !self.waiting.isEmpty else { return }
        self.timers.append(self.loop.assumeIsolated().scheduleTask(in: Self.stagger) { self.tryNext() })
    }

    private func failed(_ attempt: Attempt, code: Int32) {
        self.lastFailure = IOError(errnoCode: code, reason: "connect")
        self.drop(attempt)
        self.tryNext()
    }

    private func connected(_ attempt: Attempt, _ events: UInt32) {
        guard !self.isOver else { return }
        self.attempts.removeAll { $0 === attempt }
        let channel = SocketChannel(
            attempt.socket,
            on: self.loop,
            settings: self.settings,
            peer: attempt.target.peer,
            local: .local
        )
        do {
            try self.setUp(channel)
            channel.start(inPlaceOf: attempt)
            self.finish(.success(channel))
            channel.ready(events)
        } catch {
            self.loop.forget(attempt)
            channel.close(promise: nil)
            self.finish(.failure(error))
        }
    }

    private func drop(_ attempt: Attempt) {
        self.attempts.removeAll { $0 === attempt }
        self.loop.forget(attempt)
        attempt.socket.close()
    }

    private func finish(_ result: Result<any Channel, any Error>) {
        guard !self.isOver else { return }
        self.isOver = true
        for timer in self.timers { timer.cancel() }
        self.timers = []
        self.waiting = []
        for attempt in self.attempts { self.drop(attempt) }
        switch result {
        case .success(let channel): self.promise.succeed(channel)
        case .failure(let error): self.promise.fail(error)
        }
    }
}
