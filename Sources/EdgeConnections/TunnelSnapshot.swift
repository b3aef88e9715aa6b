package import EdgeTypes

/// A registered tunnel at an instant.
package struct TunnelSnapshot<Member: Sendable>: Sendable {
    /// The tunnel.
    package let id: TunnelID
    /// Who the client is, where it says so.
    package let identity: String?
    /// The names that it holds, in the order they were granted.
    package let patterns: [HostnamePattern]
    /// The public TCP ports that it holds, in ascending order.
    package let ports: [UInt16]
    /// When it registered, in Unix seconds.
    package let since: Int
    /// What a lookup answers with.
    package let member: Member
}
