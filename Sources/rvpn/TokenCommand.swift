import ArgumentParser

/// Makes and explains tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token, or explain one.",
        discussion: """
            A token says which names and ports a tunnel may serve. It is signed with a secret that the relay knows.

            Example: rvpn token create --domain app.example.com --expires 30d --secret-file secret
            """,
        subcommands: [TokenCreateCommand.self, TokenInspectCommand.self]
    )
}
