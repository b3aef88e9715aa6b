import EdgeTypes

/// What a visitor asked for, by which its tunnel is found.
enum StreamTarget: Sendable, Hashable {
    /// A name: SNI, `Host`, or the one that a listener's fallback says.
    case name(Hostname)
    /// A public TCP port that is lent to tunnels.
    case port(UInt16)

    /// The name, where there is one.
    var name: Hostname? {
        switch self {
        case .name(let name): name
        case .port: nil
        }
    }

    /// Picks the tunnel whose turn it is.
    ///
    /// - Parameters:
    ///   - rooms: where tunnels are found.
    ///   - plan: the plan in force when the visitor came.
    /// - Returns: a tunnel, or nil where none serves it.
    func choose(_ rooms: RelayRooms, _ plan: RelayPlan) -> TunnelMember? {
        switch self {
        case .name(let name): rooms.chooseTunnel(name, plan)
        case .port(let port): rooms.chooseTunnel(port: port)
        }
    }
}
