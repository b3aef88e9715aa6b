/// Every figure, by measure and peer, in the order of the rounds.
struct Results {
    /// A line of the table.
    struct Row {
        let work: String
        let measure: String
        let unit: Measure.Unit
        /// The figures of each peer, one a round.
        var figures: [String: [Figure]] = [:]
    }

    /// The peers, in the order of the columns.
    let peers: [String]
    /// The lines, in the order of the works.
    private(set) var rows: [Row]
    /// What could not be done.
    var notes: [String] = []
    /// How steady the machine was.
    var gauge = NoiseGauge()
    /// The most of one processor that the load itself took in a window.
    private(set) var busiestLoad = 0.0

    /// Prepares the lines.
    ///
    /// - Parameters:
    ///   - peers: the columns.
    ///   - works: the lines.
    init(peers: [String], works: [Work]) {
        self.peers = peers
        self.rows = works.flatMap { work in
            work.measures.map { Row(work: work.name, measure: $0.name, unit: $0.unit) }
        }
    }

    /// Takes a figure.
    ///
    /// - Parameters:
    ///   - figure: the figure.
    ///   - work: the work's name.
    ///   - measure: the measure's name.
    ///   - peer: the peer's name.
    mutating func note(_ figure: Figure, _ work: String, _ measure: String, _ peer: String) {
        guard let index = self.rows.firstIndex(where: { $0.work == work && $0.measure == measure }) else { return }
        self.rows[index].figures[peer, default: []].append(figure)
    }

    /// Takes what a load said about itself.
    ///
    /// - Parameter result: what came of it.
    mutating func noteLoad(_ result: LoadPlan.Result) {
        guard result.seconds > 0 else { return }
        self.busiestLoad = max(self.busiestLoad, result.ownCPU / result.seconds)
    }

    /// Whether a peer has a word in place of a number somewhere.
    ///
    /// - Parameter peer: its name.
    /// - Returns: true when something failed.
    func failed(_ peer: String) -> Bool {
        self.rows.contains { row in row.figures[peer]?.contains { $0.number == nil } ?? false }
    }
}
