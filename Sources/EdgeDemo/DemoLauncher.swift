import EdgeAgent
import EdgeRelay
import EdgeTypes
package import Logging
import ServiceLifecycle
import UnixSignals

/// Runs a relay, a client and a small site in one process, until it is told to stop.
///
///     visitor ──► relay ══ tunnel ══ client ──┬── app, secure ──────────────► site
///                                             └── site ──► relay with the ──► site
///                                                          site's own TLS
package enum DemoLauncher {
    /// After which time a part that does not stop is cancelled: Ctrl-C is answered within a second or two.
    private static let patience = Duration.seconds(3)

    /// Runs the demo; SIGTERM and SIGINT end it.
    ///
    /// - Parameters:
    ///   - options: the command line.
    ///   - logger: where the parts write.
    /// - Throws: ``DemoFailure``.
    package static func run(options: DemoOptions, logger: Logger) async throws(DemoFailure) {
        let certificates = try DemoCertificates(options.certificates)
        let folder = try DemoFolder()
        defer { folder.remove() }
        options.show("== demo: starting the relay, a client and a site")
        let configuration = DemoConfiguration(certificates: certificates, folder: folder)
        let relay = try self.relay(
            try folder.write("relay.yaml", configuration.relay(ports: [options.listen, options.plain])),
            logger
        )
        let secureSite = try self.relay(try folder.write("site.yaml", configuration.secureSite()), logger)
        let listen = self.port(options.listen, of: relay, not: options.plain)
        let plain = self.port(options.plain, of: relay, not: listen)

        let (parts, up) = AsyncStream.makeStream(of: DemoAnnouncer.Part.self)
        let site = DemoSite(socket: folder.site, logger: logger) { up.yield(.site) }
        let agent = try self.agent(port: listen, folder, certificates, logger) { address in
            for name in DemoName.served where address.contains("//\(name)") { up.yield(.name(name)) }
        }
        let lines = DemoLines(listen: listen, plain: plain, authority: certificates.authority)
        let announcer = DemoAnnouncer(parts: parts, lines: lines, show: options.show)
        // They stop from the last to the first, so that the relay can tell its visitors.
        try await self.run([relay, secureSite, site, agent, announcer], logger)
        options.show("== demo: stopped")
    }

    private static func relay(_ file: String, _ logger: Logger) throws(DemoFailure) -> Relay {
        do throws(RelayFailure) {
            return try RelayLauncher.start(configurationFile: file, environment: [:], logger: logger)
        } catch {
            switch error.kind {
            case .unavailable: throw .portTaken(reason: error.description)
            case .refused: throw .portForbidden(reason: error.description)
            case .configuration, .internalFault: throw .partFailed(reason: error.description)
            }
        }
    }

    /// The port that was asked for, or the one that the system gave where any would do.
    private static func port(_ wanted: UInt16, of relay: Relay, not other: UInt16) -> UInt16 {
        guard wanted == 0 else { return wanted }
        return relay.endpoints.compactMap(\.port).first { $0 != other } ?? other
    }

    private static func agent(
        port: UInt16,
        _ folder: DemoFolder,
        _ certificates: DemoCertificates,
        _ logger: Logger,
        announce: @escaping @Sendable (String) -> Void
    ) throws(DemoFailure) -> Agent {
        let options = AgentOptions(
            relay: "wss://\(DemoName.tunnel):\(port)",
            locals: [
                "http:\(DemoName.app):unix:\(folder.site)", "http:\(DemoName.secure):unix:\(folder.site)",
                "https:\(DemoName.site):unix:\(folder.secureSite)",
            ],
            credential: .secret(try certificates.secret(), name: certificates.path("secret")),
            certificateAuthorityFile: certificates.authority,
            resolve: ["\(DemoName.tunnel):127.0.0.1"],
            announce: announce
        )
        do throws(AgentFailure) {
            return try AgentLauncher.make(options: options, logger: logger)
        } catch {
            throw .partFailed(reason: error.description)
        }
    }

    private static func run(_ services: [any Service], _ logger: Logger) async throws(DemoFailure) {
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = self.patience
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            throw .partFailed(reason: "\(error)")
        }
    }
}
