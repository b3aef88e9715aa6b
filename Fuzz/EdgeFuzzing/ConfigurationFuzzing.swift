import EdgeConfiguration

/// What operators write: the files of relay, ancestor and agent, and variables of the environment.
enum ConfigurationFuzzing {
    /// Feeds bytes.
    ///
    /// - Parameter bytes: the first says whose file it is and whether the text begins with a good one; what stands behind
    ///   a zero byte are values of variables.
    /// - Throws: the promise that was broken.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        guard let first = bytes.first else { return }
        let parts = bytes.dropFirst().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let text = (first & 2 == 0 ? "" : self.least) + (parts.first ?? "")
        var environment: [String: String] = [:]
        for (name, value) in zip(self.variables, parts.dropFirst()) { environment[name] = value }
        if first & 1 == 0 {
            try self.checkRelay(text, environment)
        } else {
            try self.checkAgent(text, environment)
        }
    }

    private static let least = """
        admin_host: rvpn.example.com
        tunnel_host: tunnel.example.com
        listeners: ["[::]:443", "[::]:80"]

        """

    private static let variables = [
        "RVPN_LISTENERS", "RVPN_LIMITS__MEMORY", "RVPN_TIMEOUTS", "RVPN_SECRETS", "RVPN_ADMIN_HOST", "RVPN_PORTS__POOL",
        "RVPN_LOCAL", "RVPN_RELAY", "RVPN_TOKEN__FILE", "RVPN_NOTHING",
    ]

    private static func checkRelay(_ text: String, _ environment: [String: String]) throws(FuzzFinding) {
        let decoder = ConfigurationDecoder(file: "rvpn.yaml", folder: "/etc/rvpn", environment: environment)
        let first = Result { () throws(ConfigurationFailure) in try decoder.decode(text) }
        let second = Result { () throws(ConfigurationFailure) in try decoder.decode(text) }
        try FuzzFinding.unless(first == second, "two readings of one text")
        switch first {
        case .success(let configuration): try self.checkPlaces(configuration.warnings)
        case .failure(let failure): try self.check(failure)
        }
    }

    private static func checkAgent(_ text: String, _ environment: [String: String]) throws(FuzzFinding) {
        let decoder = AgentConfigurationDecoder(file: "rvpn.yaml", folder: "/etc/rvpn", environment: environment)
        switch Result(catching: { () throws(ConfigurationFailure) in try decoder.decode(text) }) {
        case .success(let configuration): try self.checkPlaces(configuration.warnings)
        case .failure(let failure): try self.check(failure)
        }
    }

    private static func check(_ failure: ConfigurationFailure) throws(FuzzFinding) {
        try FuzzFinding.unless(!failure.errors.isEmpty, "a failure without a reason")
        try self.checkPlaces(failure.errors)
    }

    /// A problem says where it is: in a line that is one, or in a variable.
    private static func checkPlaces(_ problems: [ConfigurationError]) throws(FuzzFinding) {
        for problem in problems {
            try FuzzFinding.unless(
                problem.file == "rvpn.yaml" || problem.file.hasPrefix("RVPN_"),
                "no place: \(problem)"
            )
            try FuzzFinding.unless(!problem.message.isEmpty, "a problem without words")
            try FuzzFinding.unless((problem.line ?? 1) >= 1 && (problem.column ?? 1) >= 1, "a line before the first")
        }
    }
}
