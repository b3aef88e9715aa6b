import EdgeOpenSSL
import Testing

@Suite
struct RandomBytesTests {
    @Test
    func asManyBytesComeAsAreAskedFor() {
        for count in [1, 32, 4096] { #expect(RandomBytes.make(count: count).count == count) }
    }

    @Test
    func noneAndFewerThanNoneGiveNothing() {
        #expect(RandomBytes.make(count: 0).isEmpty)
        #expect(RandomBytes.make(count: -1).isEmpty)
    }

    @Test
    func twoDrawsDiffer() {
        #expect(RandomBytes.make(count: 32) != RandomBytes.make(count: 32))
    }
}
