import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import Testing

@Suite
struct CertificateLoaderTests {
    private let loader = CertificateLoader(ticketKey: TicketKey())

    private func source(_ label: String, _ pair: KeyPair) -> CertificateSource {
        CertificateSource(label: label, chainPEM: pair.chainPEM, keyPEM: pair.keyPEM)
    }

    private func load(
        _ sources: [CertificateSource],
        default name: String? = nil,
        at now: Int? = nil
    ) throws -> CertificateLoader.Outcome {
        let certificate = try Certificate(chainPEM: TestCertificates.ecdsa.chainPEM)
        return self.loader.load(
            sources,
            defaultName: name.flatMap { Hostname($0) },
            at: now ?? (certificate.notBefore + certificate.notAfter) / 2
        )
    }

    private func store(_ outcome: CertificateLoader.Outcome) throws -> CertificateStore {
        guard case .loaded(let store, let warnings) = outcome else {
            throw Unexpected(text: "\(outcome)")
        }
        #expect(warnings == [])
        return store
    }

    private func problems(_ outcome: CertificateLoader.Outcome) -> [CertificateProblem] {
        switch outcome {
        case .loaded(_, let warnings): warnings
        case .refused(let problems): problems
        }
    }

    struct Unexpected: Error {
        let text: String
    }

    @Test
    func namesFindTheirCertificate() throws {
        let store = try self.store(
            self.load([self.source("a", TestCertificates.ecdsa), self.source("b", TestCertificates.other)])
        )
        for (name, isCovered) in [
            ("localhost", true), ("a.example.test", true), ("other.test", true), ("127.0.0.1", true), ("::1", true),
            ("a.b.example.test", false), ("example.test", false), ("a.other.test", false), ("127.0.0.2", false),
        ] {
            let hostname = try #require(Hostname(name))
            #expect(store.covers(hostname) == isCovered, "\(name)")
            #expect((store.context(for: hostname) != nil) == isCovered, "\(name)")
        }
        #expect(store.context(for: Hostname("localhost")) === store.context(for: Hostname("b.example.test")))
        #expect(store.context(for: Hostname("localhost")) !== store.context(for: Hostname("other.test")))
        #expect(store.context(for: nil) == nil)
        #expect(store.fallback == nil)
        #expect(store.entries.map(\.label) == ["a", "b"])
        #expect(store.entries.first?.certificate.keyKind == .ecdsa)
    }

    @Test
    func theDefaultServesWhatNothingCovers() throws {
        let store = try self.store(
            self.load(
                [self.source("a", TestCertificates.ecdsa), self.source("b", TestCertificates.other)],
                default: "other.test"
            )
        )
        #expect(store.fallback === store.context(for: Hostname("other.test")))
        #expect(store.fallback != nil)
    }

    @Test
    func aDefaultThatNothingCoversIsAProblem() throws {
        let outcome = try self.load([self.source("a", TestCertificates.ecdsa)], default: "nobody.test")
        guard case .refused(let problems) = outcome else { throw Unexpected(text: "\(outcome)") }
        #expect(problems == [.defaultNotCovered(try #require(Hostname("nobody.test")))])
    }

    @Test
    func ecdsaAndRSAServeSideBySide() throws {
        let store = try self.store(
            self.load([self.source("a", TestCertificates.ecdsa), self.source("b", TestCertificates.rsa)])
        )
        let context = try #require(store.context(for: Hostname("localhost")))
        for (algorithms, kind) in [("ECDSA+SHA256", Certificate.KeyKind.ecdsa), ("RSA-PSS+SHA256", .rsa)] {
            let client = try TLSContext(
                trusting: .nothing,
                applicationProtocols: ["http/1.1"],
                signatureAlgorithms: algorithms
            )
            let pair = try EnginePair(server: context, client: client)
            try pair.handshake()
            #expect(pair.client.peerKeyKind == kind)
        }
    }

    @Test
    func ofTwoOfAKindTheLongerServes() throws {
        let longer = TestCertificates.selfSigned(.ecdsa, names: ["DNS:localhost"], days: 60)
        let outcome = try self.load([self.source("long", longer), self.source("short", TestCertificates.ecdsa)])
        guard case .loaded(let store, let warnings) = outcome else { throw Unexpected(text: "\(outcome)") }
        #expect(warnings == [.replaced(label: "short", name: "localhost", by: "long")])
        #expect(store.context(for: Hostname("localhost")) !== store.context(for: Hostname("a.example.test")))
    }

    @Test
    func theKeyMayStandInTheChain() throws {
        let pair = TestCertificates.ecdsa
        let joined = CertificateSource(label: "a", chainPEM: pair.chainPEM + pair.keyPEM, keyPEM: [])
        #expect(try self.store(self.load([joined])).entries.count == 1)
    }

    @Test
    func everyProblemIsFoundAndNamesItsFile() throws {
        let good = TestCertificates.ecdsa
        let chained = TestCertificates.chained
        let backwards = TestCertificates.authority + chained.chainPEM
        let outcome = try self.load([
            self.source("good.pem", TestCertificates.other),
            CertificateSource(label: "empty.pem", chainPEM: [], keyPEM: good.keyPEM),
            CertificateSource(label: "mixed.pem", chainPEM: good.chainPEM, keyPEM: TestCertificates.other.keyPEM),
            CertificateSource(label: "order.pem", chainPEM: backwards, keyPEM: chained.keyPEM),
            CertificateSource(label: "keyless.pem", chainPEM: good.chainPEM, keyPEM: []),
        ])
        guard case .refused(let problems) = outcome else { throw Unexpected(text: "\(outcome)") }
        #expect(problems.count == 4)
        #expect(problems.first == .unusable(label: "empty.pem", OpenSSLError(cause: .noCertificate)))
        #expect(problems.dropFirst().first == .unusable(label: "mixed.pem", OpenSSLError(cause: .keyMismatch)))
        #expect(problems.contains(.chainOutOfOrder(label: "order.pem", position: 1)))
        for (problem, file) in zip(problems, ["empty.pem", "mixed.pem", "order.pem", "keyless.pem"]) {
            #expect(problem.isFatal)
            #expect(problem.description.hasPrefix(file + ": "))
        }
    }

    @Test
    func anExpiredCertificateIsServedWithAWarning() throws {
        let certificate = try Certificate(chainPEM: TestCertificates.ecdsa.chainPEM)
        let late = try self.load([self.source("a", TestCertificates.ecdsa)], at: certificate.notAfter + 1)
        #expect(self.problems(late) == [.expired(label: "a", notAfter: certificate.notAfter)])
        let early = try self.load([self.source("a", TestCertificates.ecdsa)], at: certificate.notBefore - 1)
        #expect(self.problems(early) == [.notYetValid(label: "a", notBefore: certificate.notBefore)])
        guard case .loaded(let store, _) = late else { throw Unexpected(text: "\(late)") }
        #expect(store.covers(try #require(Hostname("localhost"))))
    }

    @Test
    func namesThatNobodyCanAskForAreLeftOut() throws {
        let odd = TestCertificates.selfSigned(.ecdsa, names: ["DNS:a*.odd.test", "DNS:fine.test"])
        let outcome = try self.load([self.source("odd.pem", odd)])
        #expect(self.problems(outcome) == [.unusableName(label: "odd.pem", name: "a*.odd.test")])
        let nameless = TestCertificates.selfSigned(.ecdsa, names: ["DNS:*"])
        let refused = try self.load([self.source("nameless.pem", nameless)])
        #expect(self.problems(refused).contains(.noName(label: "nameless.pem")))
        guard case .refused = refused else { throw Unexpected(text: "\(refused)") }
    }

    @Test
    func withoutSubjectAlternativeNameTheCommonNameCounts() throws {
        let old = TestCertificates.selfSigned(.ecdsa, names: [])
        #expect(try self.store(self.load([self.source("old", old)])).covers(try #require(Hostname("test"))))
    }

    @Test
    func ticketsOutliveAReload() throws {
        let key = TicketKey()
        let client = try TLSContext(trusting: .nothing, applicationProtocols: ["http/1.1"])
        var session: TLSSession?
        for round in 0..<2 {
            let loader = CertificateLoader(ticketKey: key)
            let outcome = loader.load([self.source("a", TestCertificates.ecdsa)], defaultName: nil, at: 0)
            guard case .loaded(let store, _) = outcome else { throw Unexpected(text: "\(outcome)") }
            let context = try #require(store.context(for: Hostname("localhost")))
            let pair = try EnginePair(server: context, client: client, resuming: session)
            try pair.handshake()
            #expect(pair.server.summary?.isResumed == (round == 1))
            session = pair.client.session
        }
    }

    @Test
    func noSourcesGiveAnEmptyStore() throws {
        let store = try self.store(self.load([]))
        #expect(store.isEmpty)
        #expect(CertificateStore().fallback == nil)
    }
}
