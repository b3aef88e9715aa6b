import EdgeTestKit
import Foundation

/// The relay of this project, with its own client as tunnel.
struct RelayPeer: Peer {
    let name = "rvpn"
    let ways: Set<Measure.Way> = [.tunnel, .tunnelHost, .edge, .passThrough]
    /// The program.
    let program: String
    /// What is shared.
    let lab: Lab

    func start(needsClient: Bool) throws -> RunningPeer {
        let port = try Loopback.freePorts(1)[0]
        let path = try self.lab.folder.write("rvpn.yaml", self.configuration(port))
        let relay = try Lab.start([self.program, "serve", "--config", path])
        try Lab.wait(for: [port], of: relay)
        let ports = Dictionary(uniqueKeysWithValues: self.ways.map { ($0, port) })
        let client = needsClient ? [try self.connect(port)] : []
        return RunningPeer(process: relay, beside: client, ports: ports)
    }

    private func configuration(_ port: UInt16) -> String {
        """
        admin_host: rvpn.bench.test
        tunnel_host: \(Lab.tunnelHost)
        listeners: ["127.0.0.1:\(port)"]
        secrets: [{ file: secret }]
        certificates: { entries: [{ chain: "\(self.lab.certificate.chain)", key: "\(self.lab.certificate.key)" }] }
        routes:
          - { host: \(Lab.edgeName), tls: terminate, upstream: "127.0.0.1:\(self.lab.plainPort)" }
          - { host: \(Lab.passThroughName), tls: pass_through, upstream: "127.0.0.1:\(self.lab.securePort)" }
        loops: \(self.lab.loops)
        log: { level: warning }

        """
    }

    /// The project's client, serving the backend's two ports.
    private func connect(_ port: UInt16) throws -> ChildProcess {
        let words = [
            self.program, "connect", "--relay", "wss://\(Lab.tunnelHost):\(port)",
            "--resolve", "\(Lab.tunnelHost):127.0.0.1", "--ca", self.lab.authority,
            "--secret-file", self.lab.folder.path + "/secret",
            "--local", "https:\(Lab.tunnelName):\(self.lab.securePort)",
            "--local", "http:\(Lab.tunnelName):\(self.lab.plainPort)",
        ]
        let client = try Lab.start(words)
        let count = client.record.wait { record -> Int? in
            let count = record.outputLines.count { $0.contains("://") }
            return count >= 2 || record.status != nil ? count : nil
        }
        guard let count, count >= 2 else { throw client.failure("did not connect") }
        return client
    }
}
