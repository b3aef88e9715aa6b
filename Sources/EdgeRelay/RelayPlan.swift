import EdgeConfiguration
import EdgeRouting
import EdgeSniffing
import EdgeSystem
import EdgeTLS
import EdgeTokens
import EdgeTypes
import Synchronization

/// Everything that a reload replaces: immutable, swapped whole; one reference, since every arrival takes it.
final class RelayPlan: Sendable {
    /// What the operator wrote.
    let configuration: Configuration
    /// From names to what becomes of them.
    let routes: RouteTable
    /// The certificates of listeners without their own.
    let certificates: CertificateStore
    /// The certificates of listeners that have their own, by configured address.
    let listenerCertificates: [SocketEndpoint: CertificateStore]
    /// Who may sign tokens.
    let verifier: TokenVerifier
    /// The first bytes' reader.
    let sniffer: Sniffer

    init(
        configuration: Configuration,
        routes: RouteTable,
        certificates: CertificateStore,
        listenerCertificates: [SocketEndpoint: CertificateStore],
        verifier: TokenVerifier,
        sniffer: Sniffer
    ) {
        self.configuration = configuration
        self.routes = routes
        self.certificates = certificates
        self.listenerCertificates = listenerCertificates
        self.verifier = verifier
        self.sniffer = sniffer
    }

    /// The certificates that a listener serves.
    ///
    /// - Parameter address: the listener's configured address.
    /// - Returns: its own, or the global ones.
    func certificates(of address: SocketEndpoint) -> CertificateStore {
        self.listenerCertificates[address] ?? self.certificates
    }

    /// Where the plan in force is kept.
    ///
    /// Read once an arrival, never on the path of a byte.
    final class Holder: Sendable {
        private let plan: Mutex<RelayPlan>

        init(_ plan: RelayPlan) {
            self.plan = Mutex(plan)
        }

        var current: RelayPlan { self.plan.withLock { $0 } }

        func replace(with plan: RelayPlan) {
            self.plan.withLock { $0 = plan }
        }
    }
}
