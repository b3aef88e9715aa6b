import EdgeTypes
import Testing

@Suite
struct ByteCountTests {
    @Test(arguments: [
        ("0", 0), ("1", 1), ("16000B", 16000), ("500kB", 500_000), ("500KB", 500_000), ("2MB", 2_000_000),
        ("1GB", 1_000_000_000), ("64KiB", 65536), ("10MiB", 10_485_760), ("1GiB", 1_073_741_824), ("64 KiB", 65536),
        ("9223372036854775807B", Int.max),
    ])
    func aCountIsReadWithItsUnit(written: String, bytes: Int) {
        #expect(ByteCount(written)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "B", "KiB", "-1", "+1", "1.5MiB", "64kib", "64K", "64 Ki B", "64KiB ", " 64KiB", "1TiB", "\u{661}B",
        "9223372036854775808", "9007199254740992MiB",
    ])
    func whatIsNoCountIsRefused(written: String) {
        #expect(ByteCount(written) == nil)
    }

    @Test(arguments: [
        (0, "0B"), (1, "1B"), (1023, "1023B"), (1024, "1KiB"), (1500, "1500B"), (65536, "64KiB"), (1 << 20, "1MiB"),
        (3 << 30, "3GiB"), ((1 << 20) + 1024, "1025KiB"),
    ])
    func aCountIsPrintedExactlyWithTheLargestUnitThatDividesIt(bytes: Int, expected: String) {
        let count = ByteCount(bytes)
        #expect(count.description == expected)
        #expect(ByteCount(count.description) == count)
    }

    @Test
    func aCountIsNeverNegative() {
        #expect(ByteCount(-1).bytes == 0)
        #expect(ByteCount(Int.min).bytes == 0)
    }

    @Test
    func aSumWithoutANumberIsTheLargestCount() {
        #expect((ByteCount(2) + ByteCount(3)).bytes == 5)
        #expect((ByteCount(Int.max) + ByteCount(1)).bytes == Int.max)
    }

    @Test
    func binaryUnitsAreSortedByBytes() {
        #expect(ByteCount.kibibytes(64).bytes == 65536)
        #expect(ByteCount.mebibytes(1).bytes == 1_048_576)
        #expect(ByteCount.kibibytes(1023) < ByteCount.mebibytes(1))
        #expect(!(ByteCount.kibibytes(1024) < ByteCount.mebibytes(1)))
    }
}
