/// A client's file to an ``AgentConfiguration``, or to everything that is wrong with it.
package struct AgentConfigurationDecoder: Sendable {
    /// What the file is called in errors.
    package let file: String
    /// What relative paths are relative to.
    package let folder: String
    /// The environment, whose `RVPN_` variables come before the file.
    package let environment: [String: String]

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - file: what the file is called in errors.
    ///   - folder: what relative paths are relative to; empty for the process's own.
    ///   - environment: variables whose names begin with `RVPN_` are keys; `RVPN_TOKEN` and `RVPN_SECRET` are not.
    package init(file: String, folder: String, environment: [String: String] = [:]) {
        self.file = file
        self.folder = folder
        self.environment = environment
    }

    /// Reads a configuration; nothing in it must be there, since flags may say the rest.
    ///
    /// - Parameter text: what the file holds; empty where there is none.
    /// - Returns: the configuration, with warnings.
    /// - Throws: every error that was found, in the order of the lines.
    package func decode(_ text: String) throws(ConfigurationFailure) -> AgentConfiguration {
        var yaml = YAMLReader(file: self.file)
        var root = try yaml.read(text)
        var reader = NodeReader(keys: .agent, folder: self.folder)
        _ = EnvironmentOverrides(keys: .agent, environment: self.environment).apply(to: &root, &reader)
        if case .null = root.content { root.content = .mapping([]) }
        var configuration = reader.agentConfiguration(root)
        guard reader.errors.isEmpty else {
            throw ConfigurationFailure(errors: NodeReader.sorted(reader.errors))
        }
        configuration.warnings = NodeReader.sorted(reader.warnings)
        return configuration
    }
}
