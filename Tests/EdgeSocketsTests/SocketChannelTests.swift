import EdgeChannels
import EdgeSockets
import EdgeTestKit
import Glibc
import NIOCore
import Testing

/// A channel over a real connection: what its handlers are told, and in which order.
@Suite
struct SocketChannelTests {
    @Test
    func whatThePeerSaidComesBeforeItsEnd() throws {
        let site = try SocketSite()
        site.say(100_000)
        _ = shutdown(site.far, Int32(SHUT_WR))
        #expect(site.isTold("input over"))
        let log = site.log.current
        #expect(log.first == "active")
        #expect(SocketSite.bytesRead(log) == 100_000)
        #expect(log.last == "input over")
        #expect(site.channel.isActive, "our half stays open")
        try site.stop()
    }

    @Test
    func nothingIsReadAndNoEndIsToldWhileNobodyWantsIt() throws {
        let site = try SocketSite(reads: false)
        site.say(5)
        _ = shutdown(site.far, Int32(SHUT_WR))
        #expect(site.isTold("held"))
        // A turn of the loop after the kernel has told everything.
        try site.channel.writeAndFlush(ByteBuffer(string: "here")).wait()
        #expect(site.hear(4) == 4)
        #expect(SocketSite.bytesRead(site.log.current) == 0)
        #expect(!site.log.current.contains("input over"))
        site.reads.change { $0 = true }
        site.channel.read()
        #expect(site.isTold("input over"))
        #expect(SocketSite.bytesRead(site.log.current) == 5)
        try site.stop()
    }

    @Test
    func aResetIsToldThoughNobodyReads() throws {
        let site = try SocketSite(reads: false)
        site.say(7)
        #expect(site.isTold("held"))
        site.resetFar()
        #expect(site.isTold("removed"))
        let log = site.log.current
        #expect(SocketSite.bytesRead(log) == 7, "what it said before is taken")
        #expect(log.contains("error \(ECONNRESET)"))
        #expect(log.suffix(2) == ["inactive", "removed"])
        #expect(!site.channel.isActive)
        try site.stop()
    }

    @Test
    func aResetAfterThePeersEndIsNoSecondEnd() throws {
        let site = try SocketSite()
        _ = shutdown(site.far, Int32(SHUT_WR))
        #expect(site.isTold("input over"))
        site.resetFar()
        #expect(site.isTold("removed"))
        #expect(site.log.current.filter { $0 == "input over" }.count == 1)
        #expect(site.log.current.contains { $0.hasPrefix("error") })
        try site.stop()
    }

    @Test
    func everythingThatWasFlushedArrivesBeforeOurEnd() throws {
        let site = try SocketSite(receiveBuffer: 128 << 10)
        let size = 3 << 20
        let written = site.channel.writeAndFlush(ByteBuffer(repeating: 0x62, count: size))
        let ended = site.channel.eventLoop.makePromise(of: Void.self)
        site.channel.close(mode: .output, promise: ended)
        #expect(site.hear(size) == size)
        #expect(site.hear(1) == 0, "then the end")
        try written.wait()
        try ended.futureResult.wait()
        #expect(site.isTold("output over"))
        #expect(site.channel.isActive, "the peer may go on")
        site.say(3)
        #expect(site.isTold("read 3"))
        try site.stop()
    }

    @Test
    func ourEndAfterThePeersClosesTheConnection() throws {
        let site = try SocketSite()
        _ = shutdown(site.far, Int32(SHUT_WR))
        #expect(site.isTold("input over"))
        try site.channel.writeAndFlush(ByteBuffer(string: "last")).wait()
        try site.channel.close(mode: .output).wait()
        #expect(site.hear(10) == 4)
        try site.channel.closeFuture.wait()
        #expect(site.isTold("removed"))
        try site.stop()
    }

    @Test
    func itSaysWhenItIsFullAndWhenItTakesMore() throws {
        let site = try SocketSite(receiveBuffer: 128 << 10)
        let block = ByteBuffer(repeating: 0x63, count: 1 << 20)
        for _ in 0..<8 { site.channel.write(block, promise: nil) }
        #expect(site.isTold("full"))
        #expect(!site.channel.isWritable)
        site.channel.flush()
        #expect(site.hear(8 << 20) == 8 << 20)
        #expect(site.isTold("writable"))
        #expect(site.channel.isWritable)
        let channel = site.channel
        let backlog = try site.loop.submit { channel.backlog }.wait()
        #expect(backlog == 0)
        try site.stop()
    }

    @Test
    func manySmallWritesGoInOrder() throws {
        let site = try SocketSite()
        for number in 0..<1000 { site.channel.write(ByteBuffer(integer: UInt32(number)), promise: nil) }
        site.channel.flush()
        var bytes = [UInt8](repeating: 0, count: 4000)
        var got = 0
        while got < 4000 {
            let some = bytes.withUnsafeMutableBytes { recv(site.far, $0.baseAddress.map { $0 + got }, 4000 - got, 0) }
            guard some > 0 else { break }
            got += some
        }
        var buffer = ByteBuffer(bytes: bytes)
        #expect((0..<1000).allSatisfy { buffer.readInteger(as: UInt32.self) == UInt32($0) })
        try site.stop()
    }

    @Test
    func whatIsWrittenAfterTheCloseFails() throws {
        let site = try SocketSite()
        try site.channel.close().wait()
        #expect(throws: ChannelError.ioOnClosedChannel) {
            try site.channel.writeAndFlush(ByteBuffer(string: "late")).wait()
        }
        #expect(throws: ChannelError.alreadyClosed) { try site.channel.close().wait() }
        #expect(site.hear(1) == 0)
        try site.stop()
    }

    @Test
    func aCloseThatIsArmedResets() throws {
        let site = try SocketSite()
        let channel = site.channel
        try site.loop.submit {
            ResetOnClose.arm(channel)
            channel.close(promise: nil)
        }.wait()
        var byte: UInt8 = 0
        #expect(recv(site.far, &byte, 1, 0) == -1)
        #expect(errno == ECONNRESET)
        try site.stop()
    }

    @Test
    func optionsHoldFromTheNextLine() throws {
        let site = try SocketSite()
        let channel = site.channel
        // On the loop nothing waits for the loop's next turn.
        let after = try site.loop.submit {
            _ = channel.setOption(.autoRead, value: false)
            return try channel.syncOptions?.getOption(.autoRead)
        }.wait()
        #expect(after == false)
        #expect(try site.channel.getOption(.bufferedWritableBytes).wait() == 0)
        #expect(throws: ChannelError.operationUnsupported) {
            try site.channel.setOption(.connectTimeout, value: .seconds(1)).wait()
        }
        try site.stop()
    }
}
