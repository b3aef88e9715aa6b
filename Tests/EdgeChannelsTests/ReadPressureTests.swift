import EdgeChannels
import NIOCore
import Testing

@Suite("Reads for a tunnel that takes no more")
struct ReadPressureTests {
    @Test
    func readsAreSmallWhileThePressureIsRaisedAndOnlyThen() {
        let pool = BufferPool(capacity: 65_536, headroom: LoopBuffers.headroom, keep: 1)
        let pressure = ReadPressure()
        var allocator = PooledReceiveAllocator(pool: pool, pressure: pressure)
        _ = allocator.record(actualReadBytes: 10)
        let channelAllocator = ByteBufferAllocator()
        #expect(allocator.buffer(allocator: channelAllocator).storageCapacity == 65_536)
        pressure.set(true)
        #expect(pressure.isRaised)
        let small = allocator.buffer(allocator: channelAllocator)
        #expect(small.storageCapacity == 2048 && small.readerIndex == LoopBuffers.headroom)
        #expect(small.writableBytes > 1000 && small.readableBytes == 0)
        pressure.set(false)
        #expect(allocator.buffer(allocator: channelAllocator).storageCapacity == 65_536)
    }

    @Test
    func tenThousandVisitorsWhoAllSpeakCostTwentyMegabytes() {
        let pool = LoopBuffers().streams
        let pressure = ReadPressure()
        pressure.set(true)
        let allocator = PooledReceiveAllocator(pool: pool, pressure: pressure)
        let held = (0..<10_000).map { _ in allocator.buffer(allocator: ByteBufferAllocator()) }
        #expect(held.reduce(0) { $0 + $1.storageCapacity } <= 20_480_000)
    }

    @Test
    func aSmallBufferDoesNotComeIntoThePool() {
        let pool = BufferPool(capacity: 65_536, headroom: 288, keep: 4)
        let pressure = ReadPressure()
        pressure.set(true)
        let allocator = PooledReceiveAllocator(pool: pool, first: 0, pressure: pressure)
        pool.give(allocator.buffer(allocator: ByteBufferAllocator()))
        pressure.set(false)
        #expect(allocator.buffer(allocator: ByteBufferAllocator()).storageCapacity == 65_536)
    }
}
