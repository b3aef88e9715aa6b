import EdgeChannels
import EdgeSockets
import EdgeSystem
import EdgeTestKit
import EdgeTypes
import Glibc
import NIOCore
import NIOPosix

/// A loop on a thread, and a channel of it over a TCP connection whose far end is the test's.
final class SocketSite {
    /// What the channel's handler was told, one word each: `read 5`, `ended`.
    typealias Log = Watched<[String]>

    /// Notes what it is told; reads by itself unless it is told not to.
    final class Recorder: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer

        private let log: Log
        private let reads: Watched<Bool>

        init(_ log: Log, reads: Watched<Bool>) {
            self.log = log
            self.reads = reads
        }

        func read(context: ChannelHandlerContext) {
            if self.reads.current { context.read() } else { self.note("held") }
        }

        func channelActive(context: ChannelHandlerContext) { self.note("active") }

        func channelInactive(context: ChannelHandlerContext) { self.note("inactive") }

        func handlerRemoved(context: ChannelHandlerContext) { self.note("removed") }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.note("read \(self.unwrapInboundIn(data).readableBytes)")
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            self.note(context.channel.isWritable ? "writable" : "full")
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent { self.note(event == .inputClosed ? "input over" : "output over") }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.note("error \((error as? IOError)?.errnoCode ?? 0)")
        }

        private func note(_ word: String) { self.log.change { $0.append(word) } }
    }

    let loop: SocketEventLoop
    let channel: SocketChannel
    let log = Log([])
    /// Whether the handler lets the channel read.
    let reads: Watched<Bool>
    /// The far end: blocking.
    let far: Int32
    private let threads = NIOThreadPool(numberOfThreads: 1)

    init(reads: Bool = true, receiveBuffer: Int32? = nil) throws {
        let loop = try SocketEventLoop()
        self.loop = loop
        self.reads = Watched(reads)
        self.threads.start()
        self.threads.submit { _ in loop.run() }
        let (near, far) = try Self.connected(receiveBuffer)
        self.far = far
        let (log, mayRead) = (self.log, self.reads)
        self.channel = try loop.submit {
            let channel = SocketChannel(
                StreamSocket(descriptor: near),
                on: loop,
                settings: SocketChannel.Settings(
                    receive: PooledReceiveAllocator(pool: LoopBuffers().streams),
                    marks: .init(low: 64 << 10, high: 256 << 10)
                ),
                peer: .local,
                local: .local
            )
            try channel.pipeline.syncOperations.addHandler(Recorder(log, reads: mayRead))
            try channel.start()
            return channel
        }.wait()
    }

    /// Ends the loop, and its thread with it.
    func stop() throws {
        _ = close(self.far)
        try self.loop.syncShutdownGracefully()
        try self.threads.syncShutdownGracefully()
    }

    /// Waits until the handler was told a word so many times.
    func isTold(_ word: String, times: Int = 1) -> Bool {
        self.log.wait { $0.filter { $0 == word }.count >= times ? true : nil } ?? false
    }

    /// Bytes that the handler was given so far.
    static func bytesRead(_ log: [String]) -> Int {
        log.compactMap { $0.hasPrefix("read ") ? Int($0.dropFirst(5)) : nil }.reduce(0, +)
    }

    /// Says something at the far end.
    func say(_ count: Int) {
        let bytes = [UInt8](repeating: 0x61, count: count)
        var sent = 0
        while sent < count {
            let some = bytes[sent...].withUnsafeBytes { send(self.far, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard some > 0 else { return }
            sent += some
        }
    }

    /// Reads at the far end: so many bytes, or until the end.
    func hear(_ count: Int) -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var got = 0
        while got < count {
            let some = recv(self.far, &buffer, min(buffer.count, count - got), 0)
            guard some > 0 else { break }
            got += some
        }
        return got
    }

    /// Resets the connection from the far end.
    func resetFar() {
        var never = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(self.far, SOL_SOCKET, SO_LINGER, &never, socklen_t(MemoryLayout<linger>.size))
        _ = close(self.far)
    }

    private static func connected(_ receiveBuffer: Int32?) throws -> (near: Int32, far: Int32) {
        let listener = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        defer { listener.close() }
        guard case .tcp(_, let port) = listener.endpoint else { throw ChannelError.operationUnsupported }
        let near = try StreamSocket.connecting(to: NetworkAddress(ipv4: 0x7F00_0001), port: port)
        var waiting = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, 10_000)
        let far = accept(listener.descriptor, nil, nil)
        guard far >= 0 else { throw ChannelError.connectPending }
        var seconds = timeval(tv_sec: 20, tv_usec: 0)
        _ = setsockopt(far, SOL_SOCKET, SO_RCVTIMEO, &seconds, socklen_t(MemoryLayout<timeval>.size))
        _ = setsockopt(far, SOL_SOCKET, SO_SNDTIMEO, &seconds, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer {
            _ = setsockopt(far, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        waiting = pollfd(fd: near.descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, 10_000)
        return (near.descriptor, far)
    }
}
