/// One figure: a load, and what is made of its result.
struct Measure {
    /// What is divided by what.
    enum Unit: String, Codable {
        /// CPU for a GiB that was moved.
        case secondsPerGiB = "CPU s/GiB"
        /// CPU for a request.
        case microsecondsPerRequest = "CPU us/request"
        /// CPU for a connection.
        case microsecondsPerConnection = "CPU us/conn"
        /// CPU for a handshake.
        case microsecondsPerHandshake = "CPU us/handshake"
        /// Memory for an idle connection.
        case kibibytesPerConnection = "KiB/conn"
    }

    /// Where the load goes.
    enum Way: String, Codable {
        /// A tunnel, TLS passed through or plain HTTP.
        case tunnel
        /// The place where tunnels connect.
        case tunnelHost
        /// TLS ends, a fixed backend gets plain HTTP.
        case edge
        /// TLS passes through to a fixed backend.
        case passThrough
    }

    /// Its name in the table, unique in its work.
    let name: String
    /// Its unit.
    let unit: Unit
    /// Where the load goes.
    let way: Way
    /// The load; ports, names and lengths are filled in when it runs.
    let plan: LoadPlan

    /// The figure, or a word that says why there is none.
    ///
    /// - Parameter result: what came of the load.
    /// - Returns: a number in ``unit``.
    func figure(of result: LoadPlan.Result) -> Figure {
        switch self.unit {
        case .kibibytesPerConnection:
            guard result.open == self.plan.connections else { return .word("\(result.open) open") }
            guard result.memory.count == 2 else { return .word("no memory") }
            return .number(Double(result.memory[1] - result.memory[0]) / Double(result.open))
        case .secondsPerGiB:
            guard !result.isLate, result.errors == 0, result.bytes > 1 << 20 else { return .word("stalled") }
            return .number(result.cpu / Double(result.bytes) * Double(1 << 30))
        case .microsecondsPerRequest, .microsecondsPerConnection, .microsecondsPerHandshake:
            guard !result.isLate, result.repetitions > 0 else { return .word("timeout") }
            guard result.errors * 100 <= result.repetitions else { return .word("\(result.errors) errors") }
            if self.plan.resumes, result.resumed * 10 < result.repetitions * 9 { return .word("not resumed") }
            return .number(result.cpu * 1e6 / Double(result.repetitions))
        }
    }
}
