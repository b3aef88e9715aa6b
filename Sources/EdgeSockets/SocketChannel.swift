package import EdgeChannels
package import EdgeSystem
package import EdgeTypes
package import NIOCore
import Synchronization

/// A connected stream socket on a ``SocketEventLoop``.
///
///     made -> handlers added -> start: watched, active -> events -> closed
///
/// It acts as SwiftNIO's own channel does, but for three things. The peer's end is told in its place, after everything it
/// sent, and so not while nothing is read. One read is one pass. And the socket is watched once for everything: what may
/// not be read yet stays in the kernel, and a note remembers that it is there.
///
/// `@unchecked Sendable`: everything but the two atomics belongs to the loop's thread; what SwiftNIO lets other threads
/// call goes through the pipeline, which hops.
package final class SocketChannel: SocketWatcher, Channel, ChannelCore, @unchecked Sendable {
    /// What is done with the socket's options and buffers.
    package struct Settings {
        /// Whether the peer's end leaves our output open.
        package var allowsHalfClosure = true
        /// Bytes that wait from which the channel takes no more, and below which it takes more again.
        package var marks: ChannelOptions.Types.WriteBufferWaterMark
        /// Lends the buffers of its reads.
        package var receive: PooledReceiveAllocator

        /// Settings of a channel.
        ///
        /// - Parameters:
        ///   - receive: lends the buffers of its reads.
        ///   - marks: bytes that may wait.
        package init(receive: PooledReceiveAllocator, marks: ChannelOptions.Types.WriteBufferWaterMark) {
            self.receive = receive
            self.marks = marks
        }
    }

    enum State {
        case made
        case active
        case closed
    }

    let socket: StreamSocket
    let loop: SocketEventLoop
    /// Who is at the far end.
    let peer: PeerAddress
    /// Where it was dialled.
    let local: PeerAddress
    let closePromise: EventLoopPromise<Void>
    var settings: Settings
    var state = State.made
    var pending = WriteQueue()
    /// Whether handlers want the next read.
    var isReadWanted = false
    /// Whether the kernel said that there is something to read, and no read has found the end of it.
    var isReadable = false
    /// Whether the peer will send no more, or the connection is broken: what is read last must find that out.
    var hasPeerEnded = false
    /// Whether the connection is broken.
    var isBroken = false
    /// What broke it, where a write was told: the kernel tells it once, and reads find an end then.
    var failure: Int32?
    /// Whether a read of this turn is in line.
    var isInLine = false
    /// Whether the kernel takes no more for now.
    var isBlocked = false
    var isWriting = false
    var isInputOver = false
    var isOutputOver = false
    /// The promise of an end of our output that waits for what was flushed.
    var ending: (isWanted: Bool, promise: EventLoopPromise<Void>?) = (false, nil)
    var readsByItself = true

    let activity = Atomic<Bool>(false)
    let writability = Atomic<Bool>(true)
    private var madePipeline: ChannelPipeline?

    /// Makes a channel that is not watched yet.
    ///
    /// - Parameters:
    ///   - socket: a connected socket, which belongs to the channel from here on.
    ///   - loop: the loop where it lives; this thread is the loop's.
    ///   - settings: its buffers.
    ///   - peer: who is at the far end.
    ///   - local: where it was dialled.
    package init(
        _ socket: StreamSocket,
        on loop: SocketEventLoop,
        settings: Settings,
        peer: PeerAddress,
        local: PeerAddress
    ) {
        self.socket = socket
        self.loop = loop
        self.settings = settings
        self.peer = peer
        self.local = local
        self.closePromise = loop.makePromise(of: Void.self)
        super.init()
        self.madePipeline = ChannelPipeline(channel: self)
    }

    /// Begins: from here on the socket is watched.
    ///
    /// - Throws: ``SystemError`` when the kernel watches no more of them; then the channel is closed.
    package func start() throws(SystemError) {
        guard self.state == .made else { return }
        do throws(SystemError) {
            try self.loop.watch(self.socket, self)
        } catch {
            self.close0(error: error, mode: .all, promise: nil)
            throw error
        }
        self.becomeActive()
    }

    /// Begins in the place of a watcher of the same socket.
    func start(inPlaceOf watcher: SocketWatcher) {
        guard self.state == .made else {
            // Closed by a handler as it joined: the descriptor is another's by now.
            self.loop.forget(watcher)
            return
        }
        self.loop.hand(over: watcher, to: self)
        self.becomeActive()
    }

    private func becomeActive() {
        self.state = .active
        self.activity.store(true, ordering: .relaxed)
        self.pipeline.fireChannelRegistered()
        self.pipeline.fireChannelActive()
        if self.state == .active, self.pending.hasFlushed { self.writeOut() }
        self.readOn()
    }

    override func ready(_ events: UInt32) {
        guard self.state == .active else { return }
        if events & EventQueue.writable != 0, self.isBlocked {
            self.isBlocked = false
            self.writeOut()
        }
        let ends = EventQueue.ended | EventQueue.failed
        guard events & (EventQueue.readable | ends) != 0, self.state == .active else { return }
        self.isReadable = true
        if events & ends != 0 { self.hasPeerEnded = true }
        if events & EventQueue.failed != 0 {
            // Whether anybody reads or not, the connection is gone: what it left is taken, and then its end.
            self.endBroken(StreamSocket.wasReset, isTold: false)
        } else if self.isReadWanted {
            self.readOnce()
        }
    }

    override func readNow() {
        self.isInLine = false
        guard self.state == .active, self.isReadWanted, self.isReadable else { return }
        self.readOnce()
    }

    override func loopEnds() {
        self.close0(error: ChannelError.eof, mode: .all, promise: nil)
    }

    // What any thread may ask.

    /// The loop where the channel lives.
    package var eventLoop: any EventLoop { self.loop }
    /// Makes buffers.
    package var allocator: ByteBufferAllocator { ByteBufferAllocator() }
    /// Succeeds when the channel is closed.
    package var closeFuture: EventLoopFuture<Void> { self.closePromise.futureResult }
    /// The channel's handlers.
    package var pipeline: ChannelPipeline { self.madePipeline.unsafelyUnwrapped }
    /// Where it was dialled.
    package var localAddress: SocketAddress? { self.local.socketAddress }
    /// Who is at the far end.
    package var remoteAddress: SocketAddress? { self.peer.socketAddress }
    /// Nobody.
    package var parent: (any Channel)? { nil }
    /// Whether the channel takes more.
    package var isWritable: Bool { self.writability.load(ordering: .relaxed) }
    /// Whether it is connected.
    package var isActive: Bool { self.activity.load(ordering: .relaxed) }
    // SwiftNIO's name for it.
    // swift-format-ignore: NoLeadingUnderscores
    /// What the pipeline ends in.
    package var _channelCore: any ChannelCore { self }
}

extension PeerAddress {
    /// The same in SwiftNIO's words; nil for a Unix domain socket.
    fileprivate var socketAddress: SocketAddress? {
        self.address.flatMap { try? SocketAddress(ipAddress: $0.description, port: Int(self.port)) }
    }
}
