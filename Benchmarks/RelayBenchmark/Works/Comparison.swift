import EdgeTestKit
import Foundation
import Glibc

/// Runs works for peers, round by round, and gathers what comes.
///
/// The round is the outer loop and all peers of a work run right after one another, in changing order: what the machine
/// does meanwhile hits them alike.
struct Comparison {
    /// What came so far.
    var results: Results
    private let peers: [any Peer]
    private let works: [Work]
    private let rounds: Int
    private let lab: Lab

    /// Prepares.
    ///
    /// - Parameters:
    ///   - peers: who is measured.
    ///   - works: what is measured.
    ///   - rounds: how often.
    ///   - lab: what is shared.
    init(peers: [any Peer], works: [Work], rounds: Int, lab: Lab) {
        self.peers = peers
        self.works = works
        self.rounds = rounds
        self.lab = lab
        self.results = Results(peers: peers.map(\.name), works: works)
    }

    /// Measures everything.
    ///
    /// - Parameter progress: told what is under way.
    /// - Throws: ``Interruption/Interrupted``; what a peer cannot do is a word in the table.
    mutating func run(_ progress: (String) -> Void) throws {
        for round in 0..<self.rounds {
            for work in self.works {
                let able = self.peers.filter { peer in work.measures.contains { peer.ways.contains($0.way) } }
                let shift = able.isEmpty ? 0 : round % able.count
                for peer in able[shift...] + able[..<shift] {
                    try Interruption.check()
                    progress("round \(round + 1) of \(self.rounds): \(work.name): \(peer.name)")
                    try self.measure(work, peer)
                }
            }
        }
    }

    private mutating func measure(_ work: Work, _ peer: any Peer) throws {
        let measures = work.measures.filter { peer.ways.contains($0.way) }
        let parts = work.startsAfresh ? measures.map { [$0] } : [measures]
        for part in parts {
            do {
                let running = try peer.start(needsClient: part.contains { $0.way == .tunnel })
                defer { running.stop() }
                for measure in part {
                    let figure = try self.figure(measure, running)
                    self.results.note(figure, work.name, measure.name, peer.name)
                }
            } catch let interrupted as Interruption.Interrupted {
                throw interrupted
            } catch {
                try Interruption.check()
                let note = "\(peer.name): \(work.name): \(error)"
                if !self.results.notes.contains(where: { $0.hasPrefix("\(peer.name): ") }) {
                    self.results.notes.append(note)
                }
                for measure in part { self.results.note(.word("failed"), work.name, measure.name, peer.name) }
            }
        }
    }

    private mutating func figure(_ measure: Measure, _ running: RunningPeer) throws -> Figure {
        var plan = measure.plan
        guard let port = running.ports[measure.way] else { return .word("no port") }
        plan.port = port
        plan.charged = [running.process.identifier]
        plan.secret = self.lab.secret
        plan.name =
            switch measure.way {
            case .tunnel: Lab.tunnelName
            case .tunnelHost: Lab.tunnelHost
            case .edge: Lab.edgeName
            case .passThrough: Lab.passThroughName
            }
        if measure.unit == .kibibytesPerConnection, measure.way != .tunnelHost {
            // What a first visitor costs once is not what each costs.
            var first = plan
            first.kind = .requests
            first.answer = 1_024
            first.connections = 8
            first.closes = true
            first.seconds = 0.2
            _ = try self.load(first)
        }
        self.results.gauge.measure()
        let result = try self.load(plan)
        guard running.process.record.current.status == nil else { throw running.process.failure("ended by itself") }
        self.results.noteLoad(result)
        return measure.figure(of: result)
    }

    /// Runs a load in a process of its own.
    private func load(_ plan: LoadPlan) throws -> LoadPlan.Result {
        let text = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
        let child = try Lab.start([Lab.ownPath, "load", text])
        let deadline = Deadline(.seconds(plan.limit + plan.settle + 20))
        while child.record.wait(by: Deadline(.milliseconds(100)), for: { $0.status }) == nil {
            guard Interruption.received == nil, deadline.remaining > .zero else {
                child.send(SIGKILL)
                _ = try? child.waitForEnd(within: .seconds(5))
                try Interruption.check()
                throw child.failure("did not end")
            }
        }
        guard let line = child.record.current.outputLines.last,
            let result = try? JSONDecoder().decode(LoadPlan.Result.self, from: Data(line.utf8))
        else { throw child.failure("gave no result") }
        return result
    }
}
