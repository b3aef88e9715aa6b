/// How a listening socket is made.
package struct ListenerOptions: Sendable, Hashable {
    /// Connections that the kernel keeps for us until they are accepted; it lowers this to `net.core.somaxconn`.
    package var backlog: Int32
    /// Whether the kernel hands a connection over only when its first bytes are there (`TCP_DEFER_ACCEPT`).
    ///
    /// Not for a listener that also serves peers that wait for the other side to speak first.
    package var deferAccept: Bool
    /// Whether other sockets of the same user may listen at the same endpoint (`SO_REUSEPORT`).
    package var reusePort: Bool
    /// Whether an IPv6 socket leaves IPv4 to others; when not, `[::]` takes both.
    package var ipv6Only: Bool
    /// Whether and how the kernel asks silent peers whether they are there; accepted sockets take it over.
    package var keepAlive: KeepAlive?
    /// Permission bits of a Unix socket's file.
    package var mode: UInt32

    /// Creates options.
    ///
    /// - Parameters:
    ///   - backlog: connections kept until accepted; 4096 is Linux's own upper bound unless it was raised.
    ///   - deferAccept: whether to wait for first bytes in the kernel.
    ///   - reusePort: whether others may share the endpoint.
    ///   - ipv6Only: whether an IPv6 socket takes IPv6 alone.
    ///   - keepAlive: the rule for silent peers; nil asks nothing.
    ///   - mode: permission bits of a Unix socket's file; the default lets owner and group connect.
    package init(
        backlog: Int32 = 4096,
        deferAccept: Bool = false,
        reusePort: Bool = false,
        ipv6Only: Bool = false,
        keepAlive: KeepAlive? = KeepAlive(),
        mode: UInt32 = 0o660
    ) {
        self.backlog = backlog
        self.deferAccept = deferAccept
        self.reusePort = reusePort
        self.ipv6Only = ipv6Only
        self.keepAlive = keepAlive
        self.mode = mode
    }
}
