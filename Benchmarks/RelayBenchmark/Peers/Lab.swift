import EdgeTestKit
import Foundation
import Glibc

/// What all peers share: a folder, a certificate, the backend, and the way to start programs.
struct Lab {
    /// Names that visitors ask for.
    static let tunnelName = "a.bench.test"
    /// The name whose TLS ends at the peer.
    static let edgeName = "edge.bench.test"
    /// The name whose TLS passes through.
    static let passThroughName = "pass.bench.test"
    /// The name where tunnels connect.
    static let tunnelHost = "tunnel.bench.test"

    /// Where everything is written; gone at the end.
    let folder: TemporaryFolder
    /// The authority that signed the certificate.
    let authority: String
    /// The certificate for all names.
    let certificate: TestCertificates.Pair
    /// Certificate and key in one file.
    let bundle: String
    /// What signs tokens.
    let secret = TestToken.secret
    /// Threads or workers of each peer.
    let loops: Int
    /// Connections that a proxy may hold: two descriptors each, and some to spare.
    let mostConnections: Int
    /// The backend's process.
    let backend: ChildProcess
    /// The backend's port for plain HTTP.
    let plainPort: UInt16
    /// The backend's port for HTTPS.
    let securePort: UInt16

    /// Makes certificates and starts the backend.
    ///
    /// - Parameters:
    ///   - loops: threads or workers of each peer.
    ///   - descriptors: how many descriptors a process may open.
    /// - Throws: where that cannot be.
    init(loops: Int, descriptors: Int) throws {
        self.loops = loops
        self.mostConnections = min(20_000, max(64, descriptors / 2 - 64))
        self.folder = try TemporaryFolder()
        let certificates = try TestCertificates.ofThisProcess.get()
        self.authority = certificates.authority
        self.certificate = try certificates.pair(for: ["*.bench.test", "localhost"])
        let texts = try [self.certificate.chain, self.certificate.key].map { try Data(contentsOf: URL(filePath: $0)) }
        self.bundle = try self.folder.write("bundle.pem", Array(texts[0] + texts[1]))
        try self.folder.write("secret", TestToken.secret)
        self.backend = try Self.start(
            [Self.ownPath, "backend", "--chain", self.certificate.chain, "--key", self.certificate.key]
        )
        let ports = self.backend.record.wait { record -> [UInt16]? in
            if let line = record.outputLines.first { return line.split(separator: " ").compactMap { UInt16($0) } }
            return record.status == nil ? nil : []
        }
        guard let ports, ports.count == 2 else { throw self.backend.failure("named no ports") }
        (self.plainPort, self.securePort) = (ports[0], ports[1])
    }

    /// This program.
    static let ownPath: String =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]

    /// Starts a program that ends when this one does, however that happens.
    ///
    /// - Parameters:
    ///   - words: program and arguments.
    ///   - folder: where it starts.
    /// - Returns: its process.
    /// - Throws: where it cannot be started.
    static func start(_ words: [String], in folder: String? = nil) throws -> ChildProcess {
        try ChildProcess(Self.ownPath, ["leashed", "--parent", "\(getpid())", "--"] + words, folder: folder)
    }

    /// Waits until a program accepts connections.
    ///
    /// - Parameters:
    ///   - ports: where.
    ///   - process: the program.
    /// - Throws: where it does not within 20 seconds.
    static func wait(for ports: [UInt16], of process: ChildProcess) throws {
        let deadline = Deadline(.seconds(20))
        for port in ports {
            while !Loopback.answers(port) {
                try Interruption.check()
                guard process.record.current.status == nil, deadline.remaining > .zero else {
                    throw process.failure("does not listen on port \(port)")
                }
                usleep(20_000)
            }
        }
    }

    /// Ends the backend.
    func stop() {
        self.backend.send(SIGKILL)
        _ = try? self.backend.waitForEnd(within: .seconds(5))
    }
}
