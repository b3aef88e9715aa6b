/// What one client generation can read and says, decided at the upgrade and never mixed.
package enum ClientProfile: String, Sendable, Hashable, CaseIterable {
    /// Our own client.
    case own
    /// `stunnel.js` 0.8 and 0.10.
    case stunnel
    /// `telebit.js`.
    case telebitJS = "telebit_js"
    /// `telebit` in Go.
    case telebitGo = "telebit_go"
    /// `go-rvpn-client`.
    case rvpnGo = "rvpn_go"

    /// Tells the generations apart by what they say at the upgrade.
    ///
    /// - Parameters:
    ///   - userAgent: the `User-Agent`, where there is one.
    ///   - hasBearer: whether `Authorization` is of the scheme `Bearer`.
    ///   - hasVersions: whether the query has `versions`.
    ///   - hasAccessToken: whether the query has `access_token`, or `Authorization` is of the scheme `Basic`.
    /// - Returns: the generation; the tests are made in the order of their certainty.
    package static func classify(
        userAgent: String?,
        hasBearer: Bool,
        hasVersions: Bool,
        hasAccessToken: Bool
    ) -> ClientProfile {
        if let userAgent, userAgent.hasPrefix("rvpn/") { return .own }
        if hasBearer || hasVersions { return .telebitGo }
        if let userAgent, userAgent.hasPrefix("Go-http-client/") { return .rvpnGo }
        return hasAccessToken ? .stunnel : .telebitJS
    }

    /// Whether the client is greeted; the Go clients leave over a greeting.
    package var sendsHello: Bool {
        switch self {
        case .own, .stunnel, .telebitJS: true
        case .telebitGo, .rvpnGo: false
        }
    }

    /// How many fields the client's headers have.
    package var headerFields: TunnelLabel.FieldCount {
        switch self {
        case .own, .telebitJS, .telebitGo: .seven
        case .stunnel, .rvpnGo: .five
        }
    }

    /// How many bytes (spaces) the body of `end` and `error` has; the oldest packer loses its framing over an empty one.
    package var endBodyLength: Int {
        switch self {
        case .stunnel: 1
        case .own, .telebitJS, .telebitGo, .rvpnGo: 0
        }
    }

    /// Whether `pause` and `resume` may be sent at once.
    package var understandsPauseFromTheStart: Bool {
        switch self {
        case .own: true
        case .stunnel, .telebitJS, .telebitGo, .rvpnGo: false
        }
    }

    /// Whether `pause` and `resume` may be sent once the client has answered the greeting without a fault; to a client
    /// that does not know them they are data.
    package var understandsPauseAfterReply: Bool {
        switch self {
        case .own, .stunnel, .telebitJS: true
        case .telebitGo, .rvpnGo: false
        }
    }

    /// Whether a `connection` packet opens every stream.
    package var opensWithConnection: Bool {
        switch self {
        case .own: true
        case .stunnel, .telebitJS, .telebitGo, .rvpnGo: false
        }
    }

    /// Whether the client loses or reorders what follows a stream's first packet at once.
    package var needsGate: Bool {
        switch self {
        case .stunnel, .telebitJS: true
        case .own, .telebitGo, .rvpnGo: false
        }
    }

    /// Whether `end` ends one direction only.
    package var halfCloses: Bool {
        switch self {
        case .own: true
        case .stunnel, .telebitJS, .telebitGo, .rvpnGo: false
        }
    }

    /// Whether the client shows its user what `grant` lists.
    package var takesGrants: Bool {
        switch self {
        case .own, .telebitJS: true
        case .stunnel, .telebitGo, .rvpnGo: false
        }
    }

    /// Whether the client may come without a token and show it after the upgrade.
    package var mayAuthenticateLater: Bool {
        switch self {
        case .telebitJS: true
        case .own, .stunnel, .telebitGo, .rvpnGo: false
        }
    }

    /// Whether the client stops reading its tunnel once a local service has refused it: it pauses the connection for the
    /// dial and lets it go on only when the dial succeeds.
    package var goesDeafAfterRefusal: Bool {
        switch self {
        case .telebitJS: true
        case .own, .stunnel, .telebitGo, .rvpnGo: false
        }
    }

    /// What a visitor's service is called towards the client: a word that a client does not know wedges `telebit.js`.
    ///
    /// - Parameter service: what the visitor speaks.
    /// - Returns: the word that the client is told.
    package func service(for service: TunnelService) -> TunnelService {
        switch self {
        case .telebitJS: service == .ssh ? .tcp : service
        case .own, .stunnel, .telebitGo, .rvpnGo: service
        }
    }
}
