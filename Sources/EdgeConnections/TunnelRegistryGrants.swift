package import EdgeTypes

/// Names and public TCP ports that are granted to a tunnel, or taken back.
package struct TunnelRegistryGrants: Sendable, Hashable {
    /// The names.
    package var patterns: [HostnamePattern]
    /// The ports.
    package var ports: [UInt16]

    /// Creates grants.
    ///
    /// - Parameters:
    ///   - patterns: the names.
    ///   - ports: the ports.
    package init(patterns: [HostnamePattern] = [], ports: [UInt16] = []) {
        self.patterns = patterns
        self.ports = ports
    }
}
