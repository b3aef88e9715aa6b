import EdgeChannels
import NIOCore
import NIOEmbedded
import Testing

@Suite("Buffers that a loop lends")
struct BufferPoolTests {
    @Test
    func aLentBufferIsEmptyAndStandsBehindItsHeadroom() {
        let pool = BufferPool(capacity: 1024, headroom: 100, keep: 2)
        let buffer = pool.take()
        #expect(buffer.readableBytes == 0 && buffer.readerIndex == 100)
        #expect(buffer.writableBytes == 924 && buffer.storageCapacity == 1024)
    }

    @Test
    func aBufferThatCameBackIsLentAgainWithoutItsBytes() {
        let pool = BufferPool(capacity: 1024, headroom: 100, keep: 2)
        var buffer = pool.take()
        buffer.writeRepeatingByte(7, count: 500)
        let address = buffer.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        pool.give(buffer)
        buffer = ByteBuffer()
        let again = pool.take()
        #expect(again.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) } == address)
        #expect(again.readableBytes == 0 && again.readerIndex == 100 && again.writableBytes == 924)
    }

    @Test
    func bytesThatSomebodyStillHoldsAreNeverWrittenOver() {
        let pool = BufferPool(capacity: 1024, headroom: 0, keep: 2)
        var buffer = pool.take()
        buffer.writeRepeatingByte(7, count: 500)
        let slice = buffer.getSlice(at: 100, length: 50)
        pool.give(buffer)
        buffer = ByteBuffer()
        var again = pool.take()
        again.writeRepeatingByte(9, count: 1024)
        #expect(slice == ByteBuffer(repeating: 7, count: 50))
        #expect(again == ByteBuffer(repeating: 9, count: 1024))
    }

    @Test
    func aSmallerBufferAndOneTooManyAreLetGo() {
        let pool = BufferPool(capacity: 1024, headroom: 0, keep: 1)
        pool.give(ByteBufferAllocator().buffer(capacity: 512))
        #expect(pool.take().storageCapacity == 1024)
        var one = pool.take()
        var two = pool.take()
        let kept = one.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        pool.give(one)
        pool.give(two)
        one = ByteBuffer()
        two = ByteBuffer()
        let first = pool.take()
        let second = pool.take()
        #expect(first.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) } == kept)
        #expect(second.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) } != kept)
    }

    @Test
    func aBufferThatGrewComesBackWithAllItsRoom() {
        let pool = BufferPool(capacity: 1024, headroom: 0, keep: 1)
        var buffer = pool.take()
        buffer.writeRepeatingByte(1, count: 5000)
        pool.give(buffer)
        buffer = ByteBuffer()
        #expect(pool.take().writableBytes >= 5000)
    }

    @Test
    func theHeadroomOfALoopHoldsEveryHeader() {
        let buffers = LoopBuffers()
        #expect(buffers.streams.headroom >= 2 + 255 + 14)
        #expect((buffers.streams.capacity - buffers.streams.headroom) <= 65_536)
        #expect(buffers.tunnels.headroom == 0)
        #expect(buffers.streams.capacity.nonzeroBitCount == 1 && buffers.tunnels.capacity.nonzeroBitCount == 1)
    }

    @Test
    func aChannelsFirstReadIsSmallAndTheNextOnesComeFromThePool() {
        let pool = BufferPool(capacity: 65_536, headroom: 288, keep: 1)
        var allocator = PooledReceiveAllocator(pool: pool)
        let first = allocator.buffer(allocator: ByteBufferAllocator())
        #expect(first.writableBytes >= 2048 && first.readerIndex == 288 && first.readableBytes == 0)
        let mayGrow = allocator.record(actualReadBytes: 10)
        #expect(mayGrow)
        let next = allocator.buffer(allocator: ByteBufferAllocator())
        #expect(next.storageCapacity == 65_536 && next.readerIndex == 288)
        #expect(allocator.nextBufferSize() == nil)
    }

    @Test
    func aChannelMayBeginWithThePool() {
        let pool = BufferPool(capacity: 65_536, headroom: 288, keep: 1)
        let allocator = PooledReceiveAllocator(pool: pool, first: 0)
        #expect(allocator.buffer(allocator: ByteBufferAllocator()).storageCapacity == 65_536)
    }

    @Test
    func aChannelWithoutASocketIsLeftAsItIs() throws {
        let channel = EmbeddedChannel()
        ResetOnClose.arm(channel)
        #expect(try channel.finish().isClean)
    }
}
