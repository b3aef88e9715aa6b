import EdgeConfiguration
import EdgeRouting
import EdgeSniffing
import EdgeSystem
import EdgeTLS
import EdgeTokens
import EdgeTypes

/// Reads everything that a plan is made of, from the files that an operator wrote; says every problem, or makes a plan.
struct PlanReader {
    /// The configuration's file.
    let file: String
    /// The environment, for overrides.
    let environment: [String: String]
    /// Makes stores of certificates; its session tickets' keys are the same over every reload.
    let loader: CertificateLoader

    /// What was found: problems with their files, and a plan where none of them keeps the relay from starting.
    struct Reading {
        var plan: RelayPlan?
        var problems: [CheckProblem] = []
        var notes: [String] = []
        var paths: [String] = []
    }

    /// Reads.
    ///
    /// - Returns: a plan, or every problem.
    func read() -> Reading {
        var reading = Reading()
        guard let configuration = self.configuration(&reading) else { return reading }
        let keys = self.keys(configuration, &reading)
        var files = CertificateFiles()
        let global = self.store(configuration.certificates, &files, &reading)
        var own: [SocketEndpoint: CertificateStore] = [:]
        for listener in configuration.listeners {
            guard let certificates = listener.certificates else { continue }
            own[listener.address] = self.store(certificates, &files, &reading)
        }
        reading.problems += files.problems
        reading.paths += files.paths
        let routes = self.routes(configuration, &reading)
        if let global { self.checkOwnHosts(configuration, [global] + Array(own.values), &reading) }
        guard let global, let routes, !reading.problems.contains(where: { !$0.isWarning }) else { return reading }
        reading.plan = RelayPlan(
            configuration: configuration,
            routes: routes,
            certificates: global,
            listenerCertificates: own,
            verifier: TokenVerifier(
                keys: keys,
                leeway: configuration.timeouts.tokenLeeway,
                reserved: [configuration.adminHost] + configuration.tunnelHosts
            ),
            sniffer: Sniffer(limits: SniffingLimits(preface: configuration.limits.preface))
        )
        return reading
    }

    private func configuration(_ reading: inout Reading) -> Configuration? {
        let text: String
        do throws(SystemError) {
            text = String(decoding: try FileReading.read(path: self.file), as: UTF8.self)
        } catch {
            reading.problems.append(CheckProblem(file: self.file, message: "\(error)"))
            return nil
        }
        do throws(ConfigurationFailure) {
            let configuration = try ConfigurationDecoder(
                file: self.file,
                folder: Self.folder(of: self.file),
                environment: self.environment
            ).decode(text)
            reading.notes += configuration.notes
            reading.problems += configuration.warnings.map { Self.problem($0, isWarning: true) }
            return configuration
        } catch {
            reading.problems += error.errors.map { Self.problem($0, isWarning: false) }
            return nil
        }
    }

    private static func problem(_ error: ConfigurationError, isWarning: Bool) -> CheckProblem {
        CheckProblem(file: error.file, line: error.line, message: error.message, mend: error.mend, isWarning: isWarning)
    }

    private static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    private func keys(_ configuration: Configuration, _ reading: inout Reading) -> [SigningKey] {
        var keys: [SigningKey] = []
        for (index, entry) in configuration.secrets.enumerated() {
            guard let secret = self.secret(entry, &reading) else { continue }
            let key = SigningKey(
                id: entry.kid ?? "secret \(index + 1)",
                kid: entry.kid,
                secret: secret.bytes,
                algorithms: Set(entry.algorithms.compactMap { TokenAlgorithm(rawValue: $0.rawValue) }),
                domains: entry.domains,
                // Whose names are bounded has no say over ports that nobody gave away.
                ports: entry.ports
                    ?? [entry.domains.isEmpty ? SecretConfiguration.ordinaryPorts : configuration.ports.pool]
            )
            if key.isShort {
                let message =
                    "the secret is short (\(secret.bytes.count) bytes, \(SigningKey.recommendedLength) or more are safe)"
                reading.problems.append(
                    CheckProblem(
                        file: entry.inline == nil ? entry.file : self.file,
                        message: message,
                        mend: "make a longer one: openssl rand -base64 48",
                        isWarning: true
                    )
                )
            }
            keys.append(key)
        }
        return keys
    }

    private func secret(_ entry: SecretConfiguration, _ reading: inout Reading) -> Secret? {
        if let inline = entry.inline { return inline }
        do throws(SystemError) {
            let secret = Secret(fileContents: try FileReading.read(path: entry.file))
            reading.paths.append(entry.file)
            if let mode = try FileReading.modeIfOpenToOthers(path: entry.file) {
                let octal = String(mode & 0o7777, radix: 8)
                reading.problems.append(
                    CheckProblem(
                        file: entry.file,
                        message: "others can read this secret (mode 0\(octal))",
                        mend: "chmod 600 \(entry.file)",
                        isWarning: true
                    )
                )
            }
            guard !secret.isEmpty else {
                reading.problems.append(CheckProblem(file: entry.file, message: "the secret is empty"))
                return nil
            }
            return secret
        } catch {
            reading.problems.append(CheckProblem(file: entry.file, message: "\(error)"))
            return nil
        }
    }

    private func store(
        _ certificates: CertificateConfiguration,
        _ files: inout CertificateFiles,
        _ reading: inout Reading
    ) -> CertificateStore? {
        let sources = files.read(certificates)
        var name = certificates.defaultName
        if !reading.notes.isEmpty, let uncovered = name { name = self.servedDefault(sources, uncovered) }
        switch self.loader.load(sources, defaultName: name, at: UnixClock.seconds) {
        case .loaded(let store, let warnings):
            reading.problems += warnings.map { CheckProblem(file: self.file, message: "\($0)", isWarning: true) }
            return store
        case .refused(let problems):
            reading.problems += problems.map {
                CheckProblem(file: self.file, message: "\($0)", isWarning: !$0.isFatal)
            }
            return nil
        }
    }

    /// The ancestor served its one certificate whatever it was for: where that does not cover the tunnel's host, a name
    /// that it does cover stands for it.
    private func servedDefault(_ sources: [CertificateSource], _ name: Hostname) -> Hostname {
        guard case .loaded(let store, _) = self.loader.load(sources, defaultName: nil, at: UnixClock.seconds),
            !store.covers(name)
        else { return name }
        return store.entries.lazy.flatMap(\.names).compactMap { Hostname($0) }.first ?? name
    }

    private func routes(_ configuration: Configuration, _ reading: inout Reading) -> RouteTable? {
        do throws(RoutingError) {
            return try RouteTable.build(
                adminHost: configuration.adminHost,
                tunnelHosts: configuration.tunnelHosts,
                routes: configuration.routes
            )
        } catch {
            reading.problems.append(CheckProblem(file: self.file, message: "\(error)"))
            return nil
        }
    }

    /// TLS of the relay's own hosts ends here, so a certificate must be there for them.
    private func checkOwnHosts(_ configuration: Configuration, _ stores: [CertificateStore], _ reading: inout Reading) {
        for host in [configuration.adminHost] + configuration.tunnelHosts
        where !stores.contains(where: { $0.covers(host) }) {
            let served = stores.contains { $0.fallback != nil } || configuration.insecureTunnel
            reading.problems.append(
                CheckProblem(
                    file: self.file,
                    message: "no certificate covers \(host)",
                    mend: "add one under certificates, or a default",
                    isWarning: served
                )
            )
        }
    }
}
