import HTTPTypes

/// Why the admin site does not answer as asked.
enum AdminRefusal: Error, Hashable, Sendable, CaseIterable {
    /// The visitor is on another machine.
    case remoteVisitor
    /// A proxy on this machine passed the request on.
    case forwardedVisitor
    /// Nothing is at the path.
    case notFound
    /// The path can only be read.
    case methodNotAllowed
    /// The relay failed.
    case failed

    var status: HTTPResponse.Status {
        switch self {
        case .remoteVisitor, .forwardedVisitor: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .failed: .internalServerError
        }
    }

    /// What happened, in one line.
    var title: String {
        switch self {
        case .remoteVisitor, .forwardedVisitor: "Only from the relay's own machine"
        case .notFound: "Nothing here"
        case .methodNotAllowed: "This can only be read"
        case .failed: "The relay failed"
        }
    }

    /// What to do about it.
    var advice: String {
        switch self {
        case .remoteVisitor:
            "The relay shows its status to visitors from a loopback address only. Open this page on the machine that "
                + "runs the relay, or forward a port to it with ssh."
        case .forwardedVisitor:
            "The request says that a proxy passed it on, so it may come from anywhere. Ask the relay itself, on its "
                + "own machine, without the proxy."
        case .notFound:
            "The admin site has no page at this address. The status is at its root."
        case .methodNotAllowed:
            "Use GET or HEAD."
        case .failed:
            "The relay's log says more."
        }
    }
}
