package import EdgeTypes

/// Where an arrival goes.
package enum RoutingDecision: Sendable, Hashable {
    /// TLS ends here (or has ended), and the admin site answers.
    case serveAdmin
    /// TLS ends here (or has ended, or is not wanted where insecure), and a WebSocket becomes a tunnel.
    case upgradeTunnel(insecure: Bool)
    /// The name's tunnel gets the TLS untouched, as service `https`.
    case passThrough(Hostname)
    /// TLS ends here with a certificate for the name that the visitor asked for, and the tunnel gets it as service `http`,
    /// or `ssh` where that is what is inside.
    case terminate(Hostname)
    /// The name's tunnel gets the plain HTTP, as service `http`.
    case forward(Hostname)
    /// As `forward`, but for this one request alone: the route sends all others to https.
    case forwardChallenge(Hostname)
    /// The address gets it, after TLS ended here or as it is.
    case upstream(SocketEndpoint, terminateTLS: Bool)
    /// TLS ends here with the default certificate; what is inside is asked about once more.
    case decideInside
    /// A page with status 404, after TLS ended here with the default certificate or in the clear.
    case notFoundPage(terminateTLS: Bool)
    /// Status 308 to https under the name.
    case redirect(toHost: Hostname)
    /// A page with status 502 that says when the tunnel was last seen (Unix seconds), after TLS ended here or in the
    /// clear. Where no certificate is there to say it with, the decision is `refuse(.tunnelAway)`.
    case unavailable(Hostname, lastSeen: Int, terminateTLS: Bool)
    /// The tunnel that the listener names for everything else gets it, as service `ssh` or `tcp`.
    case tunnelByFallback(Hostname, asSSH: Bool)
    /// Nobody gets it. TLS is answered with the alert unrecognized_name (RFC 6066 §3), anything else with silence.
    case refuse(CloseReason)
}
