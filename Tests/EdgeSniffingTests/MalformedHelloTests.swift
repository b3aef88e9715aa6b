import EdgeSniffing
import EdgeTypes
import Testing

@Suite
struct MalformedHelloTests {
    private func expect(_ breach: HelloBreach, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(throws: SniffingError.malformedHello(breach), sourceLocation: sourceLocation) { _ = try sniff(bytes) }
    }

    private func expect(_ breach: HelloBreach, body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        let bytes = HelloBuilder.records(HelloBuilder.message(body), length: 1 << 14)
        self.expect(breach, bytes, sourceLocation: sourceLocation)
    }

    private func expect(_ breach: HelloBreach, _ type: UInt16, _ content: [UInt8]) {
        var builder = HelloBuilder()
        builder.add(type, content)
        self.expect(breach, builder.bytes())
    }

    @Test
    func recordsThatBreakTheirRulesAreRefused() {
        let fragments = HelloBuilder.named("a.test").bytes(recordLength: 50)
        self.expect(.emptyRecord, [0x16, 3, 1, 0, 0])
        self.expect(.emptyRecord, fragments[..<55] + [0x16, 3, 1, 0, 0])
        self.expect(.recordTooLong(actual: 16_385, limit: 16_384), [0x16, 3, 1, 0x40, 0x01])
        self.expect(.foreignRecord(type: 0x15), fragments[..<55] + [0x15])
        self.expect(.foreignRecordVersion(major: 2), fragments[..<55] + [0x16, 2])
        self.expect(.notAClientHello(type: 2), [0x16, 3, 1, 0, 4, 2])
    }

    @Test
    func oneExtensionTwiceIsRefused() {
        var builder = HelloBuilder.named("a.test")
        builder.add(serverName: "b.test")
        self.expect(.duplicateExtension(0), builder.bytes())
        var unknown = HelloBuilder.named("a.test")
        unknown.add(0xFFFF, [])
        unknown.add(0x1234, [1])
        unknown.add(0xFFFF, [])
        self.expect(.duplicateExtension(0xFFFF), unknown.bytes())
    }

    @Test
    func twoNamesOfOneTypeAreRefused() {
        let name = [0] + HelloBuilder.vector16(Array("a.test".utf8))
        self.expect(.severalServerNames, 0, HelloBuilder.vector16(name + name))
    }

    @Test
    func lengthsThatDoNotAddUpAreRefused() {
        let body = HelloBuilder.named("a.test").body
        self.expect(.lengthMismatch, body: [])
        self.expect(.lengthMismatch, body: body + [0])
        for count in 1..<body.count where count != body.count - 17 {
            self.expect(.lengthMismatch, body: Array(body[..<count]))
        }
        var odd = body
        odd[67 + 1] += 1
        self.expect(.lengthMismatch, body: odd)
    }

    @Test
    func aSessionAboveItsLengthIsRefused() {
        var session = HelloBuilder()
        session.session = Array(repeating: 1, count: 33)
        self.expect(.lengthMismatch, session.bytes())
    }

    @Test
    func emptyListsThatDoNotConcernRoutingAreLeftToOthers() throws {
        var builder = HelloBuilder.named("a.test")
        builder.suites = []
        builder.compression = []
        #expect(hello(try sniff(builder.bytes()))?.serverName == Hostname("a.test"))
    }

    @Test
    func extensionsWhoseLengthsDoNotAddUpAreRefused() {
        for content in [[0], [0, 1], [0, 4, 0, 0, 2, 0x61], [0, 2, 0, 0], [0, 0, 9]] as [[UInt8]] {
            self.expect(.lengthMismatch, 0, content)
        }
        for content in [[], [0, 1, 0], [0, 3, 0, 1], [0, 2, 0, 1, 5]] as [[UInt8]] {
            self.expect(.lengthMismatch, 10, content)
        }
        for content in [[], [0], [0, 3, 5, 0x61, 0x61], [0, 2, 1, 0x61, 0]] as [[UInt8]] {
            self.expect(.lengthMismatch, 16, content)
        }
        self.expect(.emptyApplicationProtocol, 16, [0, 1, 0])
        for content in [[], [3, 3, 4, 3], [2, 3], [2, 3, 4, 0]] as [[UInt8]] {
            self.expect(.lengthMismatch, 43, content)
        }
        for content in [[], [0, 4, 0, 29, 0, 1], [0, 3, 0, 29, 0], [0, 0, 1]] as [[UInt8]] {
            self.expect(.lengthMismatch, 51, content)
        }
    }

    @Test
    func thousandsOfExtensionsAreReadInOneGo() throws {
        var builder = HelloBuilder.named("a.test")
        for type in UInt16(1000)..<16_000 { builder.add(type, []) }
        #expect(hello(try sniff(builder.bytes()))?.serverName == Hostname("a.test"))
    }

    @Test
    func changedBytesNeverTrap() throws {
        var generator = SeededGenerator(seed: 20_260)
        var builder = HelloBuilder.named("mutation.example.com")
        builder.add(applicationProtocols: [Array("h2".utf8)])
        builder.add(versions: [0x0304, 0x0303])
        builder.add(keyShares: [(0x001D, 32)])
        builder.add(groups: [0x001D])
        var outcomes: Set<String> = []
        for round in 0..<6000 {
            var bytes = builder.bytes(recordLength: [16_384, 100, 17][round % 3])
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if round.isMultiple(of: 5) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            do throws(SniffingError) {
                switch try sniff(bytes, ended: round.isMultiple(of: 2)) {
                case .needsBytes(let wanted):
                    #expect(wanted > bytes.count)
                    outcomes.insert("more")
                case .detected(let detection):
                    outcomes.insert(detection.applicationProtocol.rawValue)
                }
            } catch {
                outcomes.insert(error.closeReason.rawValue)
            }
        }
        #expect(outcomes.isSuperset(of: ["more", "tls", "opaque", "malformed_hello", "preface_too_large"]))
    }

    @Test
    func noiseNeverTraps() {
        var generator = SeededGenerator(seed: 7)
        let openings: [[UInt8]] = [
            [], [0x16, 3, 1], [0x80], Array("GET /".utf8), Array("SSH-".utf8), Array("PRI ".utf8),
        ]
        var answers = 0
        for round in 0..<6000 {
            let count = Int.random(in: 0..<80, using: &generator)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let step = try? sniff(openings[round % openings.count] + noise, ended: true)
            if case .needsBytes = step { Issue.record("a peer that ended is asked for more") }
            answers += step == nil ? 0 : 1
        }
        #expect(answers > 0)
    }
}
