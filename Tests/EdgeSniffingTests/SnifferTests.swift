import EdgeSniffing
import EdgeTypes
import Testing

@Suite
struct SnifferTests {
    /// A hello of SSL 2.0: two suites, no session, a challenge of 16 bytes.
    private func ssl2Hello(version: UInt16) -> [UInt8] {
        let suites: [UInt8] = [1, 0, 0x80, 7, 0, 0xC0]
        let fields = [1] + HelloBuilder.uint16(version) + [0, 6, 0, 0, 0, 16]
        return [0x80, UInt8(fields.count + 6 + 16)] + fields + suites + Array(repeating: 3, count: 16)
    }

    @Test
    func nothingIsWaitedForUntilItEnds() throws {
        #expect(try sniff([]) == .needsBytes(atLeast: 1))
        #expect(try sniff([], ended: true) == .detected(.opaque))
    }

    @Test
    func thePrefaceOfHTTP2IsWaitedForWhole() throws {
        let bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        #expect(bytes.count == 24)
        #expect(prefixesThatDoNotWait(bytes, whole: 24).isEmpty)
        #expect(try sniff(bytes) == .detected(.http2Preface))
        #expect(try sniff(bytes + [0, 0, 0, 4]) == .detected(.http2Preface))
        #expect(Detection.http2Preface.applicationProtocol == .http2)
        #expect(try sniff(bytes.dropLast(), ended: true) == .detected(.opaque))
        #expect(try sniff("PRI * HTTP/2.0\r\n\r\nSM\r\n\rx") == .detected(.opaque))
        #expect(try sniff(bytes[..<13]) == .needsBytes(atLeast: 24))
        #expect(try sniff("P") == .needsBytes(atLeast: 2))
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2\r\n", "2.0", "SSH-2.0-OpenSSH_9.2"), ("SSH-1.99-x y\n", "1.99", "SSH-1.99-x y"),
        ("SSH-2.0-", "2.0", "SSH-2.0-"), ("SSH-1.5-old", "1.5", "SSH-1.5-old"),
        ("SSH-2.0-a\r\nmore", "2.0", "SSH-2.0-a"),
    ])
    func aBannerIsKnownByItsVersion(text: String, version: String, line: String) throws {
        let banner = SSHBanner(protocolVersion: version, text: line)
        #expect(try sniff(text) == .detected(.ssh(banner)))
        #expect(Detection.ssh(banner).applicationProtocol == .ssh)
        let certain = "SSH-\(version)-".utf8.count
        #expect(prefixesThatDoNotWait(Array(text.utf8), whole: certain).isEmpty)
    }

    @Test
    func aBannerIsShownUpToItsLongest() throws {
        guard case .detected(.ssh(let banner)) = try sniff("SSH-2.0-" + String(repeating: "a", count: 1000)) else {
            Issue.record("no banner")
            return
        }
        #expect(banner.text.utf8.count == SSHBanner.maximumLength)
    }

    @Test(arguments: ["SSH-x", "SSH--", "SSH-2.0 ", "ssh-2.0-a", "SSH-123456789"])
    func whatOnlyBeginsLikeABannerIsOpaque(text: String) throws {
        #expect(try sniff(text + "\r\n") == .detected(.opaque))
    }

    @Test
    func anEndInsideABannerIsOpaque() throws {
        #expect(try sniff("SSH-2", ended: true) == .detected(.opaque))
    }

    @Test
    func aHelloOfSSL2IsObsoleteAndAnsweredInItsOwnTongue() throws {
        let bytes = self.ssl2Hello(version: 0x0002)
        let expected = ObsoleteTLS(framing: .ssl2, version: 0x0002)
        #expect(try sniff(bytes) == .detected(.obsoleteTLS(expected)))
        #expect(prefixesThatDoNotWait(bytes, whole: 11).isEmpty)
        #expect(expected.refusal == [0x80, 0x03, 0x00, 0x00, 0x01])
        #expect(Detection.obsoleteTLS(expected).applicationProtocol == .opaque)
        #expect(try sniff(bytes[..<10], ended: true) == .detected(.opaque))
    }

    @Test
    func aLaterVersionInTheHelloOfSSL2IsAnsweredWithARecord() throws {
        for (version, answered) in [(0x0300, 0x0300), (0x0301, 0x0301), (0x0304, 0x0303)] as [(UInt16, UInt16)] {
            let expected = ObsoleteTLS(framing: .ssl2, version: version)
            #expect(try sniff(self.ssl2Hello(version: version)) == .detected(.obsoleteTLS(expected)))
            #expect(expected.refusal == [0x15] + HelloBuilder.uint16(answered) + [0, 2, 2, 70])
        }
    }

    @Test
    func whatOnlyBeginsLikeAHelloOfSSL2IsOpaque() throws {
        let hello = self.ssl2Hello(version: 0x0301)
        for (offset, value) in [(1, 0xFF), (2, 2), (3, 4), (4, 9), (6, 7), (6, 0), (8, 40), (10, 15)] as [(Int, UInt8)]
        {
            var bytes = hello
            bytes[offset] = value
            let isVersion = offset == 4
            #expect((try sniff(bytes) == .detected(.opaque)) != isVersion, "offset \(offset)")
        }
        #expect(try sniff([0x80, 0, 0]) == .detected(.opaque))
        #expect(try sniff([0xFF]) == .needsBytes(atLeast: 3))
    }

    @Test
    func aHelloOfSSL3IsObsoleteAndAnsweredWithItsVersion() throws {
        var builder = HelloBuilder()
        builder.legacyVersion = 0x0300
        builder.hasExtensions = false
        let expected = ObsoleteTLS(framing: .records, version: 0x0300)
        #expect(try sniff(builder.bytes()) == .detected(.obsoleteTLS(expected)))
        #expect(expected.refusal == [0x15, 3, 0, 0, 2, 2, 0x46])
    }

    @Test
    func whatOnlyBeginsLikeARecordIsOpaque() throws {
        #expect(try sniff([0x16, 0x41]) == .detected(.opaque))
        #expect(try sniff([0x15, 3, 1, 0, 2]) == .detected(.opaque))
        #expect(try sniff([0x16, 3, 1], ended: true) == .detected(.opaque))
    }

    @Test
    func aRequestCarriesItsProtocol() throws {
        guard case .detected(let detection) = try sniff("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n") else { return }
        #expect(detection.applicationProtocol == .http)
        #expect(Detection.tls(ClientHello()).applicationProtocol == .tls)
        #expect(Detection.opaque.applicationProtocol == .opaque)
    }
}
