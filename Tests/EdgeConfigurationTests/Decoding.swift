import EdgeConfiguration
import EdgeTypes
import Testing

/// The least that a relay needs.
let leastText = """
    admin_host: rvpn.example.com
    tunnel_host: tunnel.example.com
    listeners: ["[::]:443", "[::]:80"]
    certificates: { directory: certs }
    secrets: [{ file: secret }]

    """

/// Reads a configuration as if it stood in `/etc/rvpn/rvpn.yaml`.
func decode(_ text: String, environment: [String: String] = [:]) throws(ConfigurationFailure) -> Configuration {
    try ConfigurationDecoder(file: "rvpn.yaml", folder: "/etc/rvpn", environment: environment).decode(text)
}

/// Everything that is wrong with a configuration.
func errors(of text: String, environment: [String: String] = [:]) -> [ConfigurationError] {
    do throws(ConfigurationFailure) {
        _ = try decode(text, environment: environment)
        return []
    } catch {
        return error.errors
    }
}

/// A host name that a test is sure of.
func name(_ text: String) throws -> Hostname {
    try #require(Hostname(text))
}

/// A pattern that a test is sure of.
func pattern(_ text: String) throws -> HostnamePattern {
    try #require(HostnamePattern(text))
}

/// The project's own folder.
let packageRoot = String(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })
