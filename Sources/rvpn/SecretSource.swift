import EdgeSystem

/// Where a secret or a token comes from: a file, the environment or standard input; by default never the command line,
/// which every user of the machine can read.
struct SecretSource {
    /// The longest secret or token in a file, in bytes: four times the longest token, and no disk read by mistake.
    static let maximumLength = 64 * 1024

    /// The variable that holds a secret.
    static let secretVariable = "RVPN_SECRET"
    /// The variable that holds a token.
    static let tokenVariable = "RVPN_TOKEN"

    /// The bytes, without the line end that a file or a shell puts after them.
    let bytes: [UInt8]
    /// What messages call the source: a path or a variable's name; never the secret.
    let name: String

    /// Reads a secret or a token.
    ///
    /// - Parameters:
    ///   - file: a path, or `-` for standard input; it comes before the variable.
    ///   - variable: the name of the environment's variable.
    ///   - environment: the process's environment.
    /// - Returns: what was found, or nil where neither is given.
    /// - Throws: a ``CommandFailure`` for a file that cannot be read, or for an empty secret.
    static func read(
        file: String?,
        variable: String,
        environment: [String: String]
    ) throws(CommandFailure) -> SecretSource? {
        if let file {
            let content = try StandardStreams.contents(file, limit: Self.maximumLength + 1)
            let name = file == "-" ? "standard input" : file
            guard content.bytes.count <= Self.maximumLength else {
                throw CommandFailure(ExitCodes.configuration, "\(name) is longer than \(Self.maximumLength) bytes")
            }
            if content.isRegularFile, content.mode & Self.readableByOthers != 0 {
                StandardStreams.warn("others can read \(name) (mode \(Self.octal(content.mode))); chmod 600 mends it")
            }
            return try SecretSource(content.bytes, name: name)
        }
        guard let value = environment[variable] else { return nil }
        return try SecretSource([UInt8](value.utf8), name: variable)
    }

    /// Takes a secret that stands on the command line, as the ancestors' clients had it, and warns.
    ///
    /// - Parameters:
    ///   - value: the secret.
    ///   - option: the option's name.
    /// - Returns: the secret.
    /// - Throws: a ``CommandFailure`` for an empty one.
    static func fromCommandLine(_ value: String, option: String) throws(CommandFailure) -> SecretSource {
        StandardStreams.warn("the process list shows \(option) to every user; use a file or the environment instead")
        return try SecretSource([UInt8](value.utf8), name: option)
    }

    /// The text, where the bytes are UTF-8.
    ///
    /// - Returns: the text without white space around it.
    /// - Throws: a ``CommandFailure`` that names the source.
    func text() throws(CommandFailure) -> String {
        guard let text = String(validating: self.bytes, as: UTF8.self) else {
            throw CommandFailure(ExitCodes.configuration, "\(self.name) does not hold text")
        }
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private init(_ bytes: [UInt8], name: String) throws(CommandFailure) {
        var rest = bytes[...]
        if rest.last == 0x0A { rest = rest.dropLast() }
        if rest.last == 0x0D { rest = rest.dropLast() }
        guard !rest.isEmpty else { throw CommandFailure(ExitCodes.configuration, "\(name) is empty") }
        self.bytes = [UInt8](rest)
        self.name = name
    }

    /// The permission that matters: group access is how a service is given a file, access for all is a mistake.
    private static let readableByOthers: UInt32 = 0o004

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
