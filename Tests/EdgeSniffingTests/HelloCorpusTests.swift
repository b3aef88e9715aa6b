import EdgeSniffing
import EdgeTypes
import Testing

@Suite(.enabled(if: HelloCorpus.isPresent, "the hellos of real programs are not beside the project"))
struct HelloCorpusTests {
    /// What the index says of a hello must be what the sniffer says.
    private func check(_ bytes: [UInt8], _ entry: HelloCorpus.Entry, length: Int, records: Int = 1) {
        let step: SniffingStep
        do throws(SniffingError) {
            step = try sniff(bytes, limit: 120 * 1024)
        } catch {
            Issue.record("\(entry.file): \(error)")
            return
        }
        if entry.legacyVersion == 0x0300 {
            #expect(step == .detected(.obsoleteTLS(ObsoleteTLS(framing: .records, version: 0x0300))))
            return
        }
        guard case .detected(.tls(let hello)) = step else {
            Issue.record("\(entry.file): \(step)")
            return
        }
        let name = entry.serverName.flatMap { Hostname($0) }
        let expected = ClientHello(
            serverName: name,
            rawServerName: name == nil ? entry.serverName : nil,
            applicationProtocols: entry.applicationProtocols,
            versions: entry.versions.isEmpty ? [entry.legacyVersion] : entry.versions,
            legacyVersion: entry.legacyVersion,
            hasGREASE: hello.hasGREASE,  // the index looks at versions alone
            hasPostQuantumKeyShare: entry.hasPostQuantumKeyShare,
            hasEncryptedClientHello: entry.hasEncryptedClientHello,
            length: length,
            recordCount: records
        )
        #expect(hello == expected, "\(entry.file)")
    }

    @Test
    func everyHelloSaysWhatItsIndexSays() throws {
        let entries = try HelloCorpus.entries()
        #expect(entries.count > 200)
        for entry in entries {
            self.check(entry.bytes, entry, length: entry.bytes.count)
        }
    }

    @Test
    func everyPrefixAsksForMoreAndNoneForMoreThanThereIs() throws {
        for entry in try HelloCorpus.entries() {
            let hasty = prefixesThatDoNotWait(entry.bytes, whole: entry.bytes.count)
            #expect(hasty.isEmpty, "\(entry.file): \(hasty.prefix(5))")
        }
    }

    @Test
    func bytesBehindTheHelloChangeNothing() throws {
        for entry in try HelloCorpus.entries() {
            let early = entry.bytes + [0x17, 3, 3, 0, 2, 9, 9]
            self.check(early, entry, length: entry.bytes.count)
        }
    }

    @Test(arguments: [1, 16, 64, 100])
    func anyCutIntoRecordsGivesTheSameHello(recordLength: Int) throws {
        for entry in try HelloCorpus.entries() {
            let message = HelloBuilder.fragments(of: entry.bytes)
            let recut = HelloBuilder.records(message, length: recordLength)
            let records = (message.count + recordLength - 1) / recordLength
            self.check(recut, entry, length: recut.count, records: records)
            for cut in stride(from: 0, to: recut.count, by: max(1, recut.count / 40)) {
                let early = try sniff(recut[..<cut], limit: 120 * 1024)
                guard case .needsBytes(let wanted) = early, wanted > cut, wanted <= recut.count else {
                    Issue.record("\(entry.file) cut at \(cut): \(early)")
                    break
                }
            }
        }
    }

    @Test
    func aCutIntoTwoRecordsAtEveryOffsetGivesTheSameHello() throws {
        for entry in try HelloCorpus.entries().prefix(60) {
            let message = HelloBuilder.fragments(of: entry.bytes)
            for cut in stride(from: 1, to: message.count, by: 1) {
                let first = HelloBuilder.records(Array(message[..<cut]), length: 1 << 14)
                let second = HelloBuilder.records(Array(message[cut...]), length: 1 << 14)
                let early = try sniff(first)
                guard case .needsBytes = early else {
                    Issue.record("\(entry.file) cut at \(cut): \(early)")
                    break
                }
                self.check(first + second, entry, length: first.count + second.count, records: 2)
            }
        }
    }

    @Test
    func anEndInsideAHelloIsABreach() throws {
        for entry in try HelloCorpus.entries() {
            #expect(throws: SniffingError.malformedHello(.endedEarly), "\(entry.file)") {
                _ = try sniff(entry.bytes.dropLast(), ended: true)
            }
        }
    }
}
