import EdgeSystem
import Glibc
import Testing

@Suite
struct DescriptorsTests {
    @Test
    func theSoftLimitIsRaisedToTheHardOne() throws {
        let before = try Descriptors.limit()
        let after = try Descriptors.raiseLimit()
        #expect(after.soft == before.hard)
        #expect(after.hard == before.hard)
        #expect(try Descriptors.limit() == after)
    }

    @Test
    func openDescriptorsAreCounted() throws {
        // Other tests open and close theirs meanwhile; the three standard ones are always there.
        #expect(try Descriptors.count() >= 3)
    }
}
