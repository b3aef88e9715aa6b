import Foundation

/// The foreign visitor: `curl`.
package struct Curl: Sendable {
    /// What curl brought back.
    package struct Answer: Sendable {
        /// curl's own exit code.
        package let code: ExitStatus
        /// The heads it got, one after the other.
        package let head: HTTPHead
        /// The body.
        package let body: [UInt8]
        /// What curl says about itself.
        package let errors: String

        /// The body as text.
        package var text: String { String(decoding: self.body, as: UTF8.self) }
    }

    /// The port that every name leads to.
    package let port: UInt16

    /// Creates a visitor.
    ///
    /// - Parameter port: the relay's port on this machine.
    package init(port: UInt16) {
        self.port = port
    }

    /// Gets a URL whose names all lead to the relay.
    ///
    /// - Parameters:
    ///   - url: scheme, name and path; the port is put in.
    ///   - options: further words, such as `-k`.
    ///   - limit: how long it may take.
    /// - Returns: what came back.
    /// - Throws: ``JourneyFailure`` when curl does not end.
    package func get(
        _ url: String,
        _ options: [String] = [],
        within limit: Duration = Deadline.patience
    ) throws -> Answer {
        let folder = try TemporaryFolder()
        let authority = try TestCertificates.ofThisProcess.get().authority
        let process = try FinishedProcess(
            "curl",
            ["-sS", "--noproxy", "*", "--http1.1", "--max-time", "\(limit.components.seconds)", "--cacert", authority]
                + ["--connect-to", "::127.0.0.1:\(self.port)", "-D", "head", "-o", "body"] + options
                + [Self.withPort(url, self.port)],
            folder: folder.path,
            within: limit + .seconds(5)
        )
        let head = (try? folder.read("head")) ?? []
        return Answer(
            code: process.status,
            head: HTTPHead(String(decoding: head, as: UTF8.self)),
            body: (try? folder.read("body")) ?? [],
            errors: process.errors
        )
    }

    /// Puts a port behind the name of a URL that has none.
    private static func withPort(_ url: String, _ port: UInt16) -> String {
        let parts = url.components(separatedBy: "://")
        let rest = parts.dropFirst().joined(separator: "://")
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        return "\(parts[0])://\(rest[..<slash]):\(port)\(rest[slash...])"
    }
}
