package import EdgeOpenSSL
package import EdgeTypes

/// Makes a store of certificates, or says everything that is wrong with them.
package struct CertificateLoader: Sendable {
    /// What loading came to.
    package enum Outcome: Sendable {
        /// All can be served; with warnings.
        case loaded(CertificateStore, warnings: [CertificateProblem])
        /// At least one problem is fatal; all that were found, warnings too.
        case refused([CertificateProblem])
    }

    /// A source that was read.
    private struct Candidate {
        let source: CertificateSource
        let certificate: Certificate
        let names: [CertificateName]
    }

    private let applicationProtocols: [String]
    private let ticketKey: TicketKey

    /// Creates a loader.
    ///
    /// Stores of one loader, and of loaders with the same ticket key, accept each other's tickets for the same names.
    ///
    /// - Parameters:
    ///   - applicationProtocols: ALPN names in order of preference.
    ///   - ticketKey: what session tickets are sealed with; a new one unless it is given.
    package init(applicationProtocols: [String] = ["http/1.1"], ticketKey: TicketKey = TicketKey()) {
        self.applicationProtocols = applicationProtocols
        self.ticketKey = ticketKey
    }

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - sources: chains and keys. Those whose names overlap serve side by side, one for each kind of key.
    ///   - defaultName: whose certificate serves where no name matches, or nil for none.
    ///   - now: the time, in Unix seconds.
    /// - Returns: the store, or every problem.
    package func load(_ sources: [CertificateSource], defaultName: Hostname?, at now: Int) -> Outcome {
        var problems: [CertificateProblem] = []
        let candidates = sources.compactMap { self.read($0, at: now, &problems) }
        let winners = self.winners(among: candidates, &problems)
        var contexts: [CertificateName: TLSContext] = [:]
        var made: [[Int]: TLSContext] = [:]
        for (name, indices) in winners {
            if made[indices] == nil {
                let members = indices.map { candidates[$0] }
                let names = winners.filter { $0.value == indices }.map(\.key)
                made[indices] = self.context(of: members, serving: names, &problems)
            }
            contexts[name] = made[indices]
        }
        let entries = candidates.map { CertificateStore.Entry(label: $0.source.label, certificate: $0.certificate) }
        var store = CertificateStore(entries: entries, contexts: contexts, fallback: nil)
        if let defaultName {
            let fallback = store.context(for: defaultName)
            if fallback == nil { problems.append(.defaultNotCovered(defaultName)) }
            store = CertificateStore(entries: entries, contexts: contexts, fallback: fallback)
        }
        if problems.contains(where: \.isFatal) { return .refused(problems) }
        return .loaded(store, warnings: problems)
    }

    /// Reads a source, or says what is wrong with it; each is tried by itself, so that a problem names its file.
    private func read(
        _ source: CertificateSource,
        at now: Int,
        _ problems: inout [CertificateProblem]
    ) -> Candidate? {
        let label = source.label
        let certificate: Certificate
        do throws(OpenSSLError) {
            certificate = try Certificate(chainPEM: source.pair.chainPEM)
            if let position = try Certificate.breakInChain(source.pair.chainPEM) {
                problems.append(.chainOutOfOrder(label: label, position: position))
                return nil
            }
            _ = try TLSContext(serving: [source.pair], applicationProtocols: [], ticketKey: nil)
        } catch {
            problems.append(.unusable(label: label, error))
            return nil
        }
        var names: [CertificateName] = []
        for text in certificate.names {
            if let name = CertificateName(text) {
                names.append(name)
            } else {
                problems.append(.unusableName(label: label, name: text))
            }
        }
        guard !names.isEmpty else {
            problems.append(.noName(label: label))
            return nil
        }
        if certificate.notAfter < now { problems.append(.expired(label: label, notAfter: certificate.notAfter)) }
        if certificate.notBefore > now {
            problems.append(.notYetValid(label: label, notBefore: certificate.notBefore))
        }
        return Candidate(source: source, certificate: certificate, names: names)
    }

    /// For each name the certificates that serve it: of each kind of key the one that is valid longest.
    private func winners(
        among candidates: [Candidate],
        _ problems: inout [CertificateProblem]
    ) -> [CertificateName: [Int]] {
        var winners: [CertificateName: [Int]] = [:]
        for (index, candidate) in candidates.enumerated() {
            for name in Set(candidate.names) {
                let serving = winners[name] ?? []
                let rival = serving.first {
                    candidates[$0].certificate.keyKind == candidate.certificate.keyKind
                }
                guard let rival else {
                    winners[name] = serving + [index]
                    continue
                }
                let isLonger = candidate.certificate.notAfter > candidates[rival].certificate.notAfter
                let (winner, loser) = isLonger ? (index, rival) : (rival, index)
                winners[name] = serving.filter { $0 != rival } + [winner]
                problems.append(
                    .replaced(
                        label: candidates[loser].source.label,
                        name: name.description,
                        by: candidates[winner].source.label
                    )
                )
            }
        }
        return winners.mapValues { $0.sorted() }
    }

    private func context(
        of members: [Candidate],
        serving names: [CertificateName],
        _ problems: inout [CertificateProblem]
    ) -> TLSContext? {
        // A ticket counts for the same set of names, also under renewed certificates, and for no other.
        let scope = Array(names.map(\.description).sorted().joined(separator: "\n").utf8)
        do throws(OpenSSLError) {
            return try TLSContext(
                serving: members.map(\.source.pair),
                applicationProtocols: self.applicationProtocols,
                ticketKey: self.ticketKey,
                sessionScope: MessageDigest.sha256(scope.span.bytes)
            )
        } catch {
            let label = members.map(\.source.label).joined(separator: " with ")
            problems.append(.unusable(label: label, error))
            return nil
        }
    }
}
