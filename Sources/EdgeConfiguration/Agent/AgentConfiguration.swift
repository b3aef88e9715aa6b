/// Everything that an operator may say to a client in a file (`rvpn connect --config FILE`).
package struct AgentConfiguration: Sendable, Hashable {
    /// `relay`: where the tunnel leads, `wss://HOST[:PORT][/PATH]`; `ws://` goes without TLS.
    package var relay: String?
    /// `token: { file }`: the file that holds a token.
    package var tokenFile: String?
    /// `secret: { file }`: the file that holds a secret to sign a token with.
    package var secretFile: String?
    /// `ca`: the file with the authorities that the relay's certificate may be signed by; the system's by default.
    package var ca: String?
    /// `local`: the services that are shown to the world.
    package var local: [LocalService]
    /// `resolve`: addresses that stand for names.
    package var resolve: [HostAddress]
    /// What is allowed and probably not meant.
    package var warnings: [ConfigurationError]

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - relay: where the tunnel leads.
    ///   - tokenFile: the file that holds a token.
    ///   - secretFile: the file that holds a secret to sign a token with.
    ///   - ca: the file with the authorities.
    ///   - local: the services that are shown to the world.
    ///   - resolve: addresses that stand for names.
    ///   - warnings: what is allowed and probably not meant.
    package init(
        relay: String? = nil,
        tokenFile: String? = nil,
        secretFile: String? = nil,
        ca: String? = nil,
        local: [LocalService] = [],
        resolve: [HostAddress] = [],
        warnings: [ConfigurationError] = []
    ) {
        self.relay = relay
        self.tokenFile = tokenFile
        self.secretFile = secretFile
        self.ca = ca
        self.local = local
        self.resolve = resolve
        self.warnings = warnings
    }
}
