import ArgumentParser
import CSystemCalls
import EdgeTestKit
import Foundation
import Glibc

/// The comparison: starts everything, measures, prints the table.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Start relay, client, backend and load, and print one table.",
        discussion: """
            Works: tunnel-bulk, tunnel-requests, tunnel-connections, edge-handshakes, edge-bulk, edge-requests, pass-through, \
            idle-memory. Figures are CPU of the relay's processes alone, or its memory. docs/Performance.md explains the table.
            """
    )

    @Flag(help: "Short windows and one round: does it all work? About two minutes; figures are rough.")
    var quick = false

    @Option(help: "Rounds; 3, or 1 with --quick.")
    var rounds: Int?

    @Option(help: "Length of a timed window in seconds; 4, or 1 with --quick.")
    var seconds: Double?

    @Option(help: "Idle connections whose memory is read; 1000, or 200 with --quick.")
    var idle: Int?

    @Option(help: ArgumentHelp("Works to run, separated by commas.", valueName: "works"))
    var work: String?

    @Option(help: ArgumentHelp("Who is measured, separated by commas: rvpn, haproxy, nginx.", valueName: "peers"))
    var peers = "rvpn,haproxy,nginx"

    @Option(help: "Event loops of the relay, threads of HAProxy, workers of nginx.")
    var loops = 1

    @Option(help: ArgumentHelp("The relay.", valueName: "program"))
    var relay = ".build/release/rvpn"

    @Option(help: ArgumentHelp("Write every figure to a file.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Show ratios to what --json wrote earlier.", valueName: "file"))
    var compare: String?

    func validate() throws {
        guard self.loops > 0, self.rounds ?? 1 > 0, self.seconds ?? 1 > 0, (1...15_000).contains(self.idle ?? 1) else {
            throw ValidationError("--loops, --rounds and --seconds are above zero, --idle is 1 to 15000")
        }
        let known = Set(self.allWorks.map(\.name))
        for name in self.names(self.work) where !known.contains(name) {
            throw ValidationError("no work is called \(name)")
        }
        for name in self.names(self.peers) where !["rvpn", "haproxy", "nginx"].contains(name) {
            throw ValidationError("no peer is called \(name)")
        }
    }

    func run() throws {
        let earlier = try self.compare.map { try Document.read($0) }
        let descriptors = self.raiseDescriptorLimit()
        Interruption.watch()
        let lab = try Lab(loops: self.loops, descriptors: descriptors)
        defer { lab.stop() }
        let wanted = self.names(self.work)
        let works = self.allWorks.filter { wanted.isEmpty || wanted.contains($0.name) }
        let (peers, missing) = try self.foundPeers(lab)
        for line in missing { Self.say(line) }
        var comparison = Comparison(
            peers: peers,
            works: works,
            rounds: self.rounds ?? (self.quick ? 1 : 3),
            lab: lab
        )
        comparison.results.notes += missing
        var interruption: Int32?
        do {
            try comparison.run(Self.say)
        } catch let interrupted as Interruption.Interrupted {
            interruption = interrupted.signal
            Self.say("interrupted; what was measured until then:")
        }
        let results = comparison.results
        let table = Table(results: results, earlier: earlier)
        print(table.text)
        print(table.gauge)
        for note in results.notes where !missing.contains(note) { Self.say(note) }
        if let json { try Document(results).write(to: json) }
        if let interruption { throw ExitCode(128 + interruption) }
        if results.failed("rvpn") { throw ExitCode.failure }
    }

    private var allWorks: [Work] {
        Work.all(
            seconds: self.seconds ?? (self.quick ? 1 : 4),
            idle: self.idle ?? (self.quick ? 200 : 1_000),
            settle: self.quick ? 1 : 3
        )
    }

    private func names(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Who can be measured here, and a line for each of those that cannot.
    private func foundPeers(_ lab: Lab) throws -> (peers: [any Peer], missing: [String]) {
        var peers: [any Peer] = []
        var missing: [String] = []
        for name in self.names(self.peers) {
            switch name {
            case "rvpn":
                let path = URL(filePath: self.relay).resolvingSymlinksInPath().path
                guard FileManager.default.isExecutableFile(atPath: path) else {
                    throw BenchmarkFailure("\(self.relay) is no program: build it, or name another with --relay")
                }
                peers.append(RelayPeer(program: path, lab: lab))
            case "haproxy":
                if let program = Self.find(name) { peers.append(HAProxyPeer(program: program, lab: lab)) }
            default:
                let module = NginxPeer.findStreamModule()
                guard let program = Self.find(name) else { break }
                peers.append(NginxPeer(program: program, lab: lab, streamModule: module))
                if module == nil { missing.append("nginx has no stream module: it is left out of pass-through") }
            }
            if peers.last?.name != name { missing.append("\(name) is not installed: left out") }
        }
        return (peers, missing)
    }

    /// Where a program lies; servers are often not on the PATH of users.
    private static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/sbin", "/usr/local/sbin"]).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Raises the limit as far as is allowed and of use; what is started inherits it.
    private func raiseDescriptorLimit() -> Int {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        guard CSystemCalls_get_descriptor_limit(&soft, &hard) == 0 else { return 1_024 }
        let wanted = min(hard, 65_536)
        return Int(CSystemCalls_set_descriptor_limit(wanted, hard) == 0 ? wanted : soft)
    }

    private static func say(_ line: String) {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }
}
