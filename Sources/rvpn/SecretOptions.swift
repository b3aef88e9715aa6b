import ArgumentParser
import EdgeSystem
import EdgeTokens
import FoundationEssentials

/// The secret that tokens are signed and verified with.
struct SecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file that holds the secret; - is standard input. Without it RVPN_SECRET is used.",
            valueName: "file"
        ),
        completion: .file()
    )
    var secretFile: String?

    /// Reads the secret.
    ///
    /// - Parameter kid: the `kid` of tokens that it signs.
    /// - Returns: the key, or nil where no secret is given.
    /// - Throws: a ``CommandFailure`` for a secret that cannot be read.
    func key(kid: String? = nil) throws(CommandFailure) -> SigningKey? {
        let source = try SecretSource.read(
            file: self.secretFile,
            variable: SecretSource.secretVariable,
            environment: ProcessInfo.processInfo.environment
        )
        guard let source else { return nil }
        let key = SigningKey(id: source.name, kid: kid, secret: source.bytes)
        if key.isShort {
            StandardStreams.warn(
                "the secret in \(source.name) has \(source.bytes.count) bytes; "
                    + "\(SigningKey.recommendedLength) or more cannot be guessed"
            )
        }
        return key
    }
}
