import EdgeTypes

/// The answers that the relay gives by itself (every refusal has its token).
extension HTTPPage {
    /// 400: the request's head breaks RFC 9112.
    static let malformed = HTTPPage(
        status: 400,
        title: "Bad Request",
        text: "The request could not be understood. Check the request line and its header fields.",
        reason: .malformedRequest
    )

    /// 408: the first bytes did not come in time.
    static let tooSlow = HTTPPage(
        status: 408,
        title: "Request Timeout",
        text: "The request did not arrive in time. Try again.",
        reason: .sniffTimeout
    )

    /// 431: the request's head is larger than the relay reads.
    static let headTooLarge = HTTPPage(
        status: 431,
        title: "Request Header Fields Too Large",
        text: "The request's header is larger than this relay reads. Send fewer or smaller cookies.",
        reason: .prefaceTooLarge
    )

    /// 503: a limit was reached.
    static let full = HTTPPage(
        status: 503,
        title: "Service Unavailable",
        text: "This relay serves as many connections as it may. Try again in a moment.",
        reason: .limit,
        fields: [("Retry-After", "5")]
    )

    /// 404: nobody has the name.
    ///
    /// - Parameter name: the name that was asked for, if there was one.
    /// - Returns: the page.
    static func unknownName(_ name: Hostname?) -> HTTPPage {
        HTTPPage(
            status: 404,
            title: "Not Found",
            text: name.map { "Nobody serves \($0) here. Check the name, or start a tunnel client for it." }
                ?? "The request names no host that is served here.",
            reason: .unknownName
        )
    }

    /// 502: the name's tunnel is not connected.
    ///
    /// - Parameters:
    ///   - name: the name that was asked for.
    ///   - lastSeen: when its tunnel was last there, as RFC 9110 dates are written.
    /// - Returns: the page.
    static func away(_ name: Hostname, lastSeen: String) -> HTTPPage {
        HTTPPage(
            status: 502,
            title: "Bad Gateway",
            text:
                "The tunnel for \(name) is not connected (last seen \(lastSeen)). Start its client, or wait for it to return.",
            reason: .tunnelAway
        )
    }

    /// 502: the fixed upstream did not answer.
    ///
    /// - Parameters:
    ///   - name: the name that was asked for.
    ///   - reason: why there is no connection.
    /// - Returns: the page.
    static func upstreamFailed(_ name: Hostname?, reason: CloseReason) -> HTTPPage {
        HTTPPage(
            status: 502,
            title: "Bad Gateway",
            text: "The service behind \(name?.text ?? "this address") does not accept connections.",
            reason: reason
        )
    }

    /// 308: the same over https (RFC 9110 §15.4.9).
    ///
    /// - Parameters:
    ///   - name: the host to go to.
    ///   - port: the port to go to; 443 is not written.
    ///   - target: the request's path and query.
    /// - Returns: the page.
    static func secure(_ name: Hostname, port: UInt16, target: String) -> HTTPPage {
        let host = name.text.contains(":") ? "[\(name.text)]" : name.text
        let authority = port == 443 ? host : "\(host):\(port)"
        let path = target.hasPrefix("/") ? target : "/"
        return HTTPPage(
            status: 308,
            title: "Permanent Redirect",
            text: "This name is served over https.",
            reason: .answered,
            fields: [("Location", "https://\(authority)\(path)")]
        )
    }
}
