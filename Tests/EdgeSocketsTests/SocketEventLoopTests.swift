import EdgeSockets
import EdgeTestKit
import NIOCore
import NIOPosix
import Testing

/// Tasks, timers and the end of a loop.
@Suite
struct SocketEventLoopTests {
    private func withLoop(_ body: (SocketEventLoop) throws -> Void) throws {
        let loop = try SocketEventLoop()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        threads.submit { _ in loop.run() }
        try body(loop)
        try loop.syncShutdownGracefully()
        try threads.syncShutdownGracefully()
    }

    @Test
    func tasksRunInOrderOnItsThread() throws {
        try self.withLoop { loop in
            let order = Watched<[Int]>([])
            for number in 0..<1000 {
                loop.execute {
                    order.change { $0.append(loop.inEventLoop ? number : -1) }
                }
            }
            let all = order.wait { $0.count == 1000 ? $0 : nil }
            #expect(all == Array(0..<1000))
            #expect(!loop.inEventLoop)
        }
    }

    @Test
    func timersRunWhenTheyAreDueTheSoonestFirst() throws {
        try self.withLoop { loop in
            let order = Watched<[String]>([])
            let begin = NIODeadline.now()
            let late = loop.scheduleTask(in: .milliseconds(40)) { order.change { $0.append("late") } }
            let soon = loop.scheduleTask(in: .milliseconds(20)) { order.change { $0.append("soon") } }
            try late.futureResult.wait()
            try soon.futureResult.wait()
            #expect(order.current == ["soon", "late"])
            #expect(NIODeadline.now() - begin >= .milliseconds(40), "none runs before its time")
        }
    }

    @Test
    func aTimerThatIsCancelledDoesNotRun() throws {
        try self.withLoop { loop in
            let ran = Watched(false)
            let timer = loop.scheduleTask(in: .milliseconds(20)) { ran.change { $0 = true } }
            timer.cancel()
            #expect(throws: EventLoopError.cancelled) { try timer.futureResult.wait() }
            try loop.scheduleTask(in: .milliseconds(40)) {}.futureResult.wait()
            #expect(!ran.current)
        }
    }

    @Test
    func cancelledTimersAreForgotten() throws {
        try self.withLoop { loop in
            try loop.submit {
                for _ in 0..<10_000 { loop.scheduleTask(in: .hours(1)) {}.cancel() }
            }.wait()
            #expect(try loop.submit { loop.timerCount }.wait() < 1000)
        }
    }

    @Test
    func whatFailsIsToldToWhoAsked() throws {
        try self.withLoop { loop in
            #expect(throws: ChannelError.eof) { try loop.submit { throw ChannelError.eof }.wait() }
        }
    }

    @Test
    func itsEndClosesChannelsAndKeepsNobodyWaiting() throws {
        let site = try SocketSite()
        let log = site.log
        // Told on the loop, before it is over.
        site.loop.scheduleTask(in: .hours(1)) {}.futureResult.whenFailure { error in
            log.change { $0.append(error as? EventLoopError == .shutdown ? "timer given up" : "\(error)") }
        }
        site.channel.closeFuture.whenSuccess { log.change { $0.append("closed") } }
        try site.stop()
        #expect(
            log.current.filter { !["active", "input over"].contains($0) }.sorted() == [
                "closed", "inactive", "removed", "timer given up",
            ]
        )
    }
}
