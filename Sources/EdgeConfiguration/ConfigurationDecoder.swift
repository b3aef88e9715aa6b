import EdgeRouting
import EdgeTypes

/// A relay's file to a ``Configuration``, or to everything that is wrong with it.
///
/// Reads no file and no environment: both are given. An ancestor's file is recognised by its one key, `rvpn`.
package struct ConfigurationDecoder: Sendable {
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
    ///   - environment: variables whose names begin with `RVPN_` are keys; others are not looked at.
    package init(file: String, folder: String, environment: [String: String] = [:]) {
        self.file = file
        self.folder = folder
        self.environment = environment
    }

    /// Reads a configuration.
    ///
    /// - Parameter text: what the file holds.
    /// - Returns: the configuration, with warnings and notes.
    /// - Throws: every error that was found, in the order of the lines.
    package func decode(_ text: String) throws(ConfigurationFailure) -> Configuration {
        var yaml = YAMLReader(file: self.file)
        var root = try yaml.read(text)
        var reader = NodeReader(keys: .relay, folder: self.folder)
        var ancestor: AncestorConfiguration?
        if AncestorConfiguration.isAncestor(root) {
            let translated = AncestorConfiguration(root, file: self.file)
            reader.add(translated.errors)
            root = translated.root
            ancestor = translated
        }
        let overrides = EnvironmentOverrides(keys: .relay, environment: self.environment)
        let replaced = overrides.apply(to: &root, &reader)
        if case .null = root.content { root.content = .mapping([]) }
        let configuration = reader.configuration(root)
        guard var configuration, reader.errors.isEmpty else {
            throw ConfigurationFailure(errors: NodeReader.sorted(reader.errors))
        }
        if let ancestor {
            if !replaced.contains("secrets") { configuration.secrets = ancestor.secrets }
            configuration.notes = ancestor.notes
        }
        if configuration.secrets.isEmpty {
            let place = ConfigurationNode.Place(file: self.file)
            reader.warn("there are no secrets: nobody can connect a tunnel", at: place, mend: "add secrets")
        }
        configuration.warnings = NodeReader.sorted(reader.warnings)
        return configuration
    }
}
