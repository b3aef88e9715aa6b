import EdgeSniffing
import EdgeTypes
import Testing

@Suite
struct ClientHelloParserTests {
    /// A hello as browsers of today send it.
    private func modern() -> HelloBuilder {
        var builder = HelloBuilder()
        builder.suites = [0x3A3A, 0x1301, 0x1302]
        builder.add(0x7A7A, [])
        builder.add(serverName: "App.Example.com")
        builder.add(groups: [0x4A4A, 0x11EC, 0x001D])
        builder.add(applicationProtocols: [Array("h2".utf8), Array("http/1.1".utf8)])
        builder.add(keyShares: [(0x4A4A, 1), (0x11EC, 1216), (0x001D, 32)])
        builder.add(versions: [0x5A5A, 0x0304, 0x0303])
        builder.add(0xFE0D, Array(repeating: 1, count: 250))
        builder.add(0xBABA, [0])
        return builder
    }

    @Test
    func aModernHelloIsReadWhole() throws {
        let bytes = self.modern().bytes()
        let expected = ClientHello(
            serverName: Hostname("app.example.com"),
            applicationProtocols: ["h2", "http/1.1"],
            versions: [0x0304, 0x0303],
            legacyVersion: 0x0303,
            hasGREASE: true,
            hasPostQuantumKeyShare: true,
            hasEncryptedClientHello: true,
            length: bytes.count,
            recordCount: 1
        )
        #expect(hello(try sniff(bytes)) == expected)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 9, 40, 1000])
    func everyPrefixOfAHelloInRecordsAsksForMore(recordLength: Int) throws {
        let bytes = self.modern().bytes(recordLength: recordLength)
        #expect(prefixesThatDoNotWait(bytes, whole: bytes.count).isEmpty)
        let found = try #require(hello(try sniff(bytes)))
        #expect(found.serverName == Hostname("app.example.com"))
        #expect(found.length == bytes.count)
    }

    @Test
    func whatIsWantedIsTheNextPlaceWhereTheAnswerMayChange() throws {
        let bytes = self.modern().bytes()
        #expect(try sniff([]) == .needsBytes(atLeast: 1))
        #expect(try sniff(bytes[..<1]) == .needsBytes(atLeast: 2))
        #expect(try sniff(bytes[..<2]) == .needsBytes(atLeast: 5))
        #expect(try sniff(bytes[..<5]) == .needsBytes(atLeast: 9))
        #expect(try sniff(bytes[..<9]) == .needsBytes(atLeast: bytes.count))
    }

    @Test(arguments: [0x0200, 0x0201, 0x0202, 0x11EB, 0x11EC, 0x11ED, 0x6399, 0x639A] as [UInt16])
    func aPostQuantumKeyShareIsKnown(group: UInt16) throws {
        var builder = HelloBuilder.named("a.test")
        builder.add(keyShares: [(0x001D, 32), (group, 100)])
        #expect(hello(try sniff(builder.bytes()))?.hasPostQuantumKeyShare == true)
    }

    @Test
    func aPostQuantumGroupWithoutAShareIsNone() throws {
        var builder = HelloBuilder.named("a.test")
        builder.add(groups: [0x11EC, 0x001D])
        builder.add(keyShares: [(0x001D, 32)])
        let found = try #require(hello(try sniff(builder.bytes())))
        #expect(!found.hasPostQuantumKeyShare)
        #expect(!found.hasGREASE)
        #expect(!found.hasEncryptedClientHello)
    }

    @Test
    func greaseAmongApplicationProtocolsIsNotedAndLeftOut() throws {
        var builder = HelloBuilder.named("a.test")
        builder.add(applicationProtocols: [[0x1A, 0x1A], Array("h2".utf8), [0xFF, 0x41]])
        let found = try #require(hello(try sniff(builder.bytes())))
        #expect(found.applicationProtocols == ["h2", "\u{FFFD}A"])
        #expect(found.hasGREASE)
    }

    @Test
    func aHelloWithoutExtensionsIsRead() throws {
        var builder = HelloBuilder()
        builder.legacyVersion = 0x0301
        builder.hasExtensions = false
        let found = try #require(hello(try sniff(builder.bytes())))
        #expect(found.serverName == nil)
        #expect(found.rawServerName == nil)
        #expect(found.versions == [0x0301])
    }

    @Test(arguments: ["bad name.test", "a..b", "ex\u{E4}mple.test", String(repeating: "a", count: 300)])
    func aNameThatIsNoneIsKeptAsItWasSent(name: String) throws {
        let found = try #require(hello(try sniff(HelloBuilder.named(name).bytes())))
        #expect(found.serverName == nil)
        #expect(found.rawServerName == name)
    }

    @Test(arguments: ["_x.example.com", "192.0.2.7", "xn--bcher-kva.example", "example.com."])
    func aNameInUseIsRead(name: String) throws {
        let found = try #require(hello(try sniff(HelloBuilder.named(name).bytes())))
        #expect(found.serverName == Hostname(name))
        #expect(found.serverName != nil)
        #expect(found.rawServerName == nil)
    }

    @Test
    func anEmptyNameCountsAsNone() throws {
        for content in [[], [0, 0], [0, 3, 0, 0, 0]] as [[UInt8]] {
            var builder = HelloBuilder()
            builder.add(0, content)
            let found = try #require(hello(try sniff(builder.bytes())))
            #expect(found.serverName == nil)
            #expect(found.rawServerName == nil)
        }
    }

    @Test
    func aNameOfAnotherTypeIsSteppedOver() throws {
        var builder = HelloBuilder()
        builder.add(0, HelloBuilder.vector16([9, 0, 1, 0x78, 0] + HelloBuilder.vector16(Array("a.test".utf8))))
        #expect(hello(try sniff(builder.bytes()))?.serverName == Hostname("a.test"))
    }

    @Test
    func recordsUpToTheirLongestAreTakenAndJoined() throws {
        var builder = HelloBuilder.named("big.test")
        builder.add(21, Array(repeating: 0, count: 40_000))
        let bytes = builder.bytes()
        let found = try #require(hello(try sniff(bytes)))
        #expect(found.serverName == Hostname("big.test"))
        #expect(found.recordCount == 3)
        #expect(found.length == bytes.count)
    }

    @Test
    func aHelloAtTheLimitIsTakenAndOneAboveItIsRefusedOnceItsLengthIsKnown() throws {
        var builder = HelloBuilder.named("limit.test")
        builder.add(21, Array(repeating: 0, count: 1000))
        let bytes = builder.bytes()
        #expect(hello(try sniff(bytes, limit: bytes.count)) != nil)
        let error = SniffingError.prefaceTooLarge(actual: bytes.count, limit: bytes.count - 1)
        #expect(throws: error) { _ = try sniff(bytes, limit: bytes.count - 1) }
        #expect(throws: error) { _ = try sniff(bytes[..<9], limit: bytes.count - 1) }
    }

    @Test
    func aHelloOfSixteenMegabytesIsRefusedAfterNineBytes() {
        let error = SniffingError.prefaceTooLarge(actual: 5 + 4 + 0xFF_FFFF + 5, limit: 64 * 1024)
        #expect(throws: error) { _ = try sniff([0x16, 3, 1, 0x40, 0, 1, 0xFF, 0xFF, 0xFF]) }
    }

    @Test
    func anyMinorVersionOfARecordIsTaken() throws {
        let message = HelloBuilder.message(HelloBuilder.named("a.test").body)
        for version in [0x0300, 0x0301, 0x0303, 0x0304, 0x037F] as [UInt16] {
            let bytes = HelloBuilder.records(message, length: 60, version: version)
            #expect(hello(try sniff(bytes))?.serverName == Hostname("a.test"))
        }
    }
}
