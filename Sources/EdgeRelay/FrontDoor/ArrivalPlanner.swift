import EdgeRouting
import EdgeSniffing
import EdgeSystem
import EdgeTypes

/// From first bytes to an action: pure, so that every row of the routing table can be asked without a socket.
///
///     peeked --needs bytes--> wait --more, FIN, time--> peeked
///        |
///        +--detected--> decision --> a journey, or a refusal with its answer
struct ArrivalPlanner {
    /// The routes in force.
    let routes: RouteTable
    /// The reader of first bytes.
    let sniffer: Sniffer
    /// What the listener does with what is neither TLS nor HTTP.
    let fallback: Fallback
    /// Whether a WebSocket without TLS may reach the tunnel host.
    let insecureTunnel: Bool
    /// Whether the listener's certificates have a default.
    let hasDefaultCertificate: Bool
    /// Whether one of them covers a name.
    let covers: (Hostname) -> Bool
    /// Who holds a name.
    let presence: (Hostname) -> NamePresence

    /// Decides.
    ///
    /// - Parameters:
    ///   - bytes: what was peeked so far.
    ///   - signal: why it is asked now.
    ///   - insideTLS: whether TLS ended here and these are its first plaintext bytes.
    /// - Returns: what to do.
    func plan(_ bytes: RawSpan, signal: ArrivalSignal, insideTLS: Bool = false) -> ArrivalAction {
        do throws(SniffingError) {
            switch try self.sniffer.sniff(bytes, ended: signal != .bytes) {
            case .detected(let detection): return self.action(for: detection, insideTLS: insideTLS)
            case .needsBytes(let count): return .wait(atLeast: count)
            }
        } catch {
            return self.refusal(of: error, isLate: signal == .timedOut)
        }
    }

    private func action(for detection: Detection, insideTLS: Bool) -> ArrivalAction {
        var facts = ArrivalFacts(applicationProtocol: detection.applicationProtocol)
        var question = RoutingQuestion(
            protocol: detection.applicationProtocol,
            isInsideTLS: insideTLS,
            hasDefaultCertificate: self.hasDefaultCertificate,
            insecureTunnel: self.insecureTunnel,
            fallback: self.fallback
        )
        switch detection {
        case .tls(let hello):
            facts.hello = hello
            facts.name = hello.serverName
        case .http(let preface):
            facts.preface = preface
            facts.name = preface.host
            question.isACMEChallenge = preface.isACMEChallenge
        case .obsoleteTLS(let hello):
            return .refuse(hello.refusal, .obsoleteProtocol, facts)
        case .http2Preface, .ssh, .opaque:
            break
        }
        question.name = facts.name
        if let name = facts.name {
            question.presence = self.presence(name)
            question.sshOwner = self.sshOwner(of: name, question.presence)
            question.certificateCovers = self.covers(name)
        }
        return .go(self.routes.decide(question), facts)
    }

    private func sshOwner(of name: Hostname, _ presence: NamePresence) -> Hostname? {
        guard presence != .held, let owner = SSHName.owner(of: name), self.presence(owner) == .held else { return nil }
        return owner
    }

    /// What a breach earns; one that is a breach only because the time is over is a matter of time.
    private func refusal(of error: SniffingError, isLate: Bool) -> ArrivalAction {
        let reason = isLate ? .sniffTimeout : error.closeReason
        var facts = ArrivalFacts.nothing
        if let alert = error.alert {
            facts.applicationProtocol = .tls
            return .refuse(alert.record(), reason, facts)
        }
        facts.applicationProtocol = .http
        let page: HTTPPage = isLate ? .tooSlow : error.statusCode == 431 ? .headTooLarge : .malformed
        return .refuse(page.bytes(asJSON: false), reason, facts)
    }
}
