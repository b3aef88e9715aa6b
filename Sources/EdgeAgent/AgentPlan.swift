import EdgeConfiguration
import EdgeTLS
import EdgeTokens
import EdgeTypes
import FoundationEssentials

/// What the client does, read from its options and its file, or refused with every reason.
struct AgentPlan: Sendable {
    /// How long a token that the client signs by itself is good for, in seconds; each attempt signs a new one.
    static let tokenLifetime = 86_400

    /// Where the relay is.
    let relay: RelayURL
    /// What is served.
    let services: [LocalService]
    /// What the relay's certificate is checked against.
    let client: TLSClient
    /// Where names are reached.
    let resolve: [HostAddress]
    /// Whether one attempt is all.
    let runsOnce: Bool

    private let credential: AgentOptions.Credential

    /// Reads.
    ///
    /// - Parameter options: the command line.
    /// - Throws: an ``AgentFailure`` of kind `configuration`.
    init(_ options: AgentOptions) throws(AgentFailure) {
        let file = try Self.file(options)
        guard let address = options.relay ?? file?.relay else {
            throw AgentFailure(.usage, "no relay is named; use --relay wss://HOST")
        }
        guard let relay = RelayURL(address) else {
            throw AgentFailure(
                .usage,
                "the relay must be wss://HOST or wss://HOST:PORT, not \(Self.redacted(address))"
            )
        }
        let services = try Self.services(options, file)
        self.relay = relay
        self.services = services
        self.resolve = try Self.resolve(options, file)
        self.runsOnce = options.runsOnce
        self.client = try Self.client(options, file)
        self.credential = try Self.credential(options, file)
    }

    /// A token for the next attempt.
    ///
    /// - Parameter now: the present, in Unix seconds.
    /// - Returns: the token that was given, or a new one.
    /// - Throws: an ``AgentFailure`` where it cannot be signed.
    func token(at now: Int) throws(AgentFailure) -> String {
        switch self.credential {
        case .token(let token):
            return token
        case .secret(let secret, let name):
            let claims = TokenClaims(
                domains: self.services.compactMap(\.pattern),
                ports: self.services.compactMap(\.publicPort).map { $0...$0 },
                allowsTCP: self.services.contains { $0.exposure == .pool },
                expiry: now + Self.tokenLifetime,
                issuedAt: now
            )
            do throws(TokenError) {
                return try TokenSigner.sign(claims, with: SigningKey(id: name, secret: secret))
            } catch {
                throw AgentFailure(.configuration, "no token can be signed with \(name): \(error)")
            }
        }
    }

    private static func file(_ options: AgentOptions) throws(AgentFailure) -> AgentConfiguration? {
        guard let path = options.configurationFile else { return nil }
        let text = String(decoding: try self.contents(path), as: UTF8.self)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let decoder = AgentConfigurationDecoder(file: path, folder: folder, environment: options.environment)
        do throws(ConfigurationFailure) {
            return try decoder.decode(text)
        } catch {
            throw AgentFailure(.configuration, "\(error)")
        }
    }

    private static func contents(_ path: String) throws(AgentFailure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AgentFailure(.configuration, "\(path) cannot be read")
        }
        return [UInt8](data)
    }

    private static func services(
        _ options: AgentOptions,
        _ file: AgentConfiguration?
    ) throws(AgentFailure) -> [LocalService] {
        var services: [LocalService] = []
        for text in options.locals {
            do throws(LocalServiceError) {
                try LocalService.add(try LocalService(text), to: &services)
            } catch {
                throw AgentFailure(.usage, "\(error)")
            }
        }
        if services.isEmpty { services = file?.local ?? [] }
        guard !services.isEmpty else {
            throw AgentFailure(.usage, "nothing is served; use --local http:NAME:PORT")
        }
        return services
    }

    private static func resolve(
        _ options: AgentOptions,
        _ file: AgentConfiguration?
    ) throws(AgentFailure) -> [HostAddress] {
        var resolve: [HostAddress] = []
        for text in options.resolve {
            guard let entry = HostAddress(text) else {
                throw AgentFailure(.usage, "--resolve takes HOST:ADDRESS, not \(text)")
            }
            resolve.append(entry)
        }
        return resolve + (file?.resolve ?? [])
    }

    private static func client(_ options: AgentOptions, _ file: AgentConfiguration?) throws(AgentFailure) -> TLSClient {
        let path = options.certificateAuthorityFile ?? file?.ca
        var trust = TLSClient.Trust.system
        if options.isInsecure {
            trust = .anything
        } else if let path {
            trust = .authorities(try self.contents(path))
        }
        do throws(TLSError) {
            return try TLSClient(trusting: trust)
        } catch {
            throw AgentFailure(.configuration, "\(path ?? "the system's certificates"): \(error)")
        }
    }

    private static func credential(
        _ options: AgentOptions,
        _ file: AgentConfiguration?
    ) throws(AgentFailure) -> AgentOptions.Credential {
        if let credential = options.credential { return credential }
        if let path = file?.tokenFile {
            let text = String(decoding: try self.contents(path), as: UTF8.self)
            return .token(text.trimmingCharacters(where: \.isWhitespace))
        }
        if let path = file?.secretFile {
            return .secret(Secret(fileContents: try self.contents(path)).bytes, name: path)
        }
        throw AgentFailure(
            .usage,
            "no token and no secret; use --token-file, RVPN_TOKEN, --secret-file or RVPN_SECRET"
        )
    }

    /// A URL as it may be shown: without user information and query.
    private static func redacted(_ text: String) -> String {
        let end = text.firstIndex { $0 == "?" || $0 == "#" } ?? text.endIndex
        let shown = text[..<end]
        guard let at = shown.lastIndex(of: "@") else { return String(shown) }
        return "…" + shown[at...]
    }
}

extension String {
    /// The text without the characters at its ends that a test names.
    fileprivate func trimmingCharacters(where isCut: (Character) -> Bool) -> String {
        let head = self.drop(while: isCut)
        guard let last = head.lastIndex(where: { !isCut($0) }) else { return "" }
        return String(head[...last])
    }
}
