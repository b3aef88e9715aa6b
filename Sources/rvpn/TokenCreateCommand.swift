import ArgumentParser
import EdgeTokens
import EdgeTypes

/// Mints a token.
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token; it is printed alone on its line.",
        discussion: """
            Example: rvpn token create --domain app.example.com '*.app.example.com' --expires 30d --secret-file secret
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("A name that the token grants, or a pattern like *.example.com.", valueName: "name")
    )
    var domain: [HostnamePattern] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("A TCP port that the token grants, or a range like 20000-20010.", valueName: "port")
    )
    var port: [PortRange] = []

    @Option(
        help: ArgumentHelp("How long the token lasts: 90s, 15m, 12h, 30d, 2w. For ever if absent.", valueName: "time")
    )
    var expires: Lifetime?

    @Option(help: ArgumentHelp("Whom the token speaks of.", valueName: "text"))
    var subject: String?

    @Option(help: ArgumentHelp("The name of the secret, as the relay's configuration has it.", valueName: "name"))
    var kid: String?

    @Option(help: ArgumentHelp("HS256, HS384 or HS512.", valueName: "name"))
    var algorithm: TokenAlgorithm = .hs256

    @OptionGroup
    var secret: SecretOptions

    func validate() throws {
        guard !self.domain.isEmpty || !self.port.isEmpty else {
            throw ValidationError("A token that grants nothing is refused: give --domain or --port.")
        }
    }

    func run() throws {
        guard let key = try self.secret.key(kid: self.kid) else {
            throw CommandFailure(ExitCodes.usage, "no secret to sign with: give --secret-file or set RVPN_SECRET")
        }
        let now = UnixTime.now
        let claims = TokenClaims(
            domains: self.domain,
            ports: self.port.map(\.bounds),
            subject: self.subject,
            expiry: self.expires.map { now + $0.seconds },
            issuedAt: now
        )
        do throws(TokenError) {
            let token = try TokenSigner.sign(claims, with: key, algorithm: self.algorithm)
            // What the relay would refuse is told here, not there.
            _ = try TokenVerifier(keys: [key], leeway: .zero).verify(token, at: now)
            print(token)
        } catch {
            throw CommandFailure(ExitCodes.refused, error.description)
        }
    }
}

extension HostnamePattern: ExpressibleByArgument {
    /// Reads a pattern from the command line.
    ///
    /// - Parameter argument: a name, `*.name` or `*`.
    package init?(argument: String) {
        self.init(argument)
    }
}

extension PortRange: ExpressibleByArgument {
    /// Reads a port or a range from the command line.
    ///
    /// - Parameter argument: `2222` or `20000-20010`.
    package init?(argument: String) {
        self.init(argument)
    }
}

extension TokenAlgorithm: ExpressibleByArgument {}
