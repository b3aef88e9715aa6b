import EdgeChannels
import EdgeSockets
import EdgeSystem
import EdgeTestKit
import EdgeTypes
import NIOCore
import NIOPosix
import Testing

/// Connecting to the first address that answers.
@Suite
struct SocketDialerTests {
    private static let loopback = NetworkAddress(ipv4: 0x7F00_0001)

    /// Leaves as it comes: the visitor is gone.
    private final class Leaver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func handlerAdded(context: ChannelHandlerContext) { context.close(promise: nil) }

        func channelActive(context: ChannelHandlerContext) { Issue.record("a closed channel has become active") }
    }

    /// Dials on a loop of its own, and gives what came of it.
    private func dial(
        _ targets: [SocketDialer.Target],
        timeout: TimeAmount = .seconds(20),
        begins: Bool = false,
        leaves: Bool = false
    ) throws -> Result<SocketAddress?, any Error> {
        let loop = try SocketEventLoop()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        threads.submit { _ in loop.run() }
        let channel = loop.flatSubmit {
            let dialer = SocketDialer(
                on: loop,
                settings: SocketChannel.Settings(
                    receive: PooledReceiveAllocator(pool: LoopBuffers().streams),
                    marks: .init(low: 1, high: 2)
                ),
                timeout: timeout
            ) { channel in
                if leaves { try channel.pipeline.syncOperations.addHandler(Leaver()) }
            }
            if begins { dialer.begin() } else { dialer.dial(targets) }
            return dialer.result
        }
        let result = Result {
            let channel = try channel.wait()
            #expect(channel.isActive != leaves)
            return channel.remoteAddress
        }
        try loop.syncShutdownGracefully()
        try threads.syncShutdownGracefully()
        return result
    }

    @Test
    func theFirstAddressThatAnswersWins() throws {
        let listener = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        defer { listener.close() }
        guard case .tcp(_, let port) = listener.endpoint else { return }
        let silent = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        guard case .tcp(_, let closed) = silent.endpoint else { return }
        silent.close()
        let result = try self.dial([.tcp(Self.loopback, port: closed), .tcp(Self.loopback, port: port)])
        #expect(try result.get()?.port == Int(port))
    }

    @Test
    func aHandlerThatClosesAsItJoinsIsObeyed() throws {
        let listener = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        defer { listener.close() }
        guard case .tcp(_, let port) = listener.endpoint else { return }
        _ = try self.dial([.tcp(Self.loopback, port: port)], leaves: true).get()
    }

    @Test
    func whereNobodyListensTheFailureIsTheKernels() throws {
        let silent = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        guard case .tcp(_, let closed) = silent.endpoint else { return }
        silent.close()
        let result = try self.dial([.tcp(Self.loopback, port: closed)])
        #expect(throws: IOError.self) { try result.get() }
    }

    @Test
    func aPathWithoutASocketFailsAtOnce() throws {
        let result = try self.dial([.path("/nonexistent/socket")])
        #expect(throws: SystemError.self) { try result.get() }
    }

    @Test
    func aNameThatIsNeverFoundTakesAsLongAsItMay() throws {
        let result = try self.dial([], timeout: .milliseconds(10), begins: true)
        #expect(throws: ChannelError.connectTimeout(.milliseconds(10))) { try result.get() }
    }

    @Test
    func noAddressAtAllFails() throws {
        let result = try self.dial([])
        #expect(throws: ChannelError.operationUnsupported) { try result.get() }
    }
}
