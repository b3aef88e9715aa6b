import FoundationEssentials

/// Which configuration file a command reads.
enum ConfigurationFile {
    /// Where a relay's configuration is looked for, first one first.
    static let places = ["rvpn.yaml", "/etc/rvpn/rvpn.yaml"]

    /// Finds the file.
    ///
    /// - Parameter given: what the command line names, which comes before every other place.
    /// - Returns: a path.
    /// - Throws: a ``CommandFailure`` that names the places where nothing is.
    static func find(_ given: String?) throws(CommandFailure) -> String {
        let candidates = given.map { [$0] } ?? Self.places
        for path in candidates where FileManager.default.fileExists(atPath: path) { return path }
        throw CommandFailure(
            ExitCodes.configuration,
            "there is no \(candidates.joined(separator: " and no ")); --config names another file"
        )
    }
}
