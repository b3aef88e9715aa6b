/// What the client is told on its command line; what stands there comes before what stands in its file.
package struct AgentOptions: Sendable {
    /// What proves who the client is.
    package enum Credential: Sendable {
        /// A token that somebody else signed.
        case token(String)
        /// A secret to sign one with, and what messages call it.
        case secret([UInt8], name: String)
    }

    /// The client's configuration file.
    package var configurationFile: String?
    /// The relay: `wss://HOST[:PORT]`.
    package var relay: String?
    /// What is served: `[SERVICE:]NAME:TARGET`, `tcp:PUBLICPORT:TARGET` or `tcp:*:TARGET`.
    package var locals: [String]
    /// What proves who the client is; nil where the file says it.
    package var credential: Credential?
    /// A file of certificates to trust instead of the system's.
    package var certificateAuthorityFile: String?
    /// Whether any certificate is accepted.
    package var isInsecure: Bool
    /// Where names are reached, `HOST:ADDRESS`, instead of asking DNS.
    package var resolve: [String]
    /// Whether one attempt is all.
    package var runsOnce: Bool
    /// The environment, for overrides of the file.
    package var environment: [String: String]
    /// Told once of each public address, or of the line that reaches it, when a tunnel is up.
    package var announce: @Sendable (String) -> Void

    /// Creates options.
    ///
    /// - Parameters:
    ///   - configurationFile: the client's configuration file.
    ///   - relay: the relay's URL.
    ///   - locals: what is served.
    ///   - credential: what proves who the client is.
    ///   - certificateAuthorityFile: a file of certificates to trust instead of the system's.
    ///   - isInsecure: whether any certificate is accepted.
    ///   - resolve: where names are reached.
    ///   - runsOnce: whether one attempt is all.
    ///   - environment: the environment.
    ///   - announce: told once of each public address.
    package init(
        configurationFile: String? = nil,
        relay: String? = nil,
        locals: [String] = [],
        credential: Credential? = nil,
        certificateAuthorityFile: String? = nil,
        isInsecure: Bool = false,
        resolve: [String] = [],
        runsOnce: Bool = false,
        environment: [String: String] = [:],
        announce: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.configurationFile = configurationFile
        self.relay = relay
        self.locals = locals
        self.credential = credential
        self.certificateAuthorityFile = certificateAuthorityFile
        self.isInsecure = isInsecure
        self.resolve = resolve
        self.runsOnce = runsOnce
        self.environment = environment
        self.announce = announce
    }
}
