package import EdgeTypes

/// One service of this machine that a client shows to the world: `[SERVICE:]NAME:TARGET`, `tcp:PUBLICPORT:TARGET` or
/// `tcp:*:TARGET`.
package struct LocalService: Sendable, Hashable, CustomStringConvertible {
    /// What the service speaks, as the tunnel calls it.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Plain HTTP; the default.
        case http
        /// TLS, untouched.
        case https
        /// SSH.
        case ssh
        /// Whatever comes to a public port.
        case tcp
    }

    /// What visitors ask for.
    package enum Exposure: Sendable, Hashable {
        /// Names.
        case names(HostnamePattern)
        /// A port of the relay.
        case port(UInt16)
        /// Any port that the relay lends from its pool.
        case pool
    }

    /// What it speaks.
    package let kind: Kind
    /// What visitors ask for: names for `http`, `https` and `ssh`, a port or the pool for `tcp`.
    package let exposure: Exposure
    /// Where it is on this machine or near it.
    package let target: SocketEndpoint

    /// Reads one service.
    ///
    /// - Parameter text: `[SERVICE:]NAME:TARGET`, `tcp:PUBLICPORT:TARGET` or `tcp:*:TARGET`. SERVICE is `http`, `https`
    ///   or `ssh`; NAME may be a wildcard or an address; TARGET is `PORT`, `HOST:PORT` or `unix:PATH`.
    /// - Throws: which part cannot be read.
    package init(_ text: some StringProtocol) throws(LocalServiceError) {
        let whole = String(text)
        let head = whole.prefix { $0 != ":" }
        let kind = Kind(rawValue: head.lowercased())
        let rest = kind == nil ? whole[...] : whole[head.endIndex...].dropFirst()
        let (subject, target) = try Self.split(rest, whole)
        self.kind = kind ?? .http
        guard let endpoint = SocketEndpoint(target), endpoint.isDialled, !target.hasPrefix(":") else {
            throw .unknownTarget(String(target), in: whole)
        }
        self.target = endpoint
        switch self.kind {
        case .http, .https, .ssh:
            guard let pattern = HostnamePattern(subject) else { throw .unknownName(String(subject), in: whole) }
            self.exposure = .names(pattern)
        case .tcp where subject == "*":
            self.exposure = .pool
        case .tcp:
            guard let port = UInt16(subject), port > 0 else { throw .unknownPort(String(subject), in: whole) }
            self.exposure = .port(port)
        }
    }

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - kind: what it speaks.
    ///   - exposure: what visitors ask for; a port or the pool for `tcp`, names for all others.
    ///   - target: where it is.
    package init(kind: Kind, exposure: Exposure, target: SocketEndpoint) {
        self.kind = kind
        self.exposure = exposure
        self.target = target
    }

    /// Reads a list in the old spelling.
    ///
    /// - Parameter text: services, separated by commas.
    /// - Returns: the services in the order in which they are written.
    /// - Throws: which part of the first that cannot be read.
    package static func list(_ text: some StringProtocol) throws(LocalServiceError) -> [LocalService] {
        var services: [LocalService] = []
        for part in text.split(separator: ",") {
            let trimmed = String(part).trimmingPrefix { $0 == " " }
            let service = try LocalService(String(trimmed.reversed().drop { $0 == " " }.reversed()))
            try Self.add(service, to: &services)
        }
        return services
    }

    /// Adds a service to others.
    ///
    /// - Parameters:
    ///   - service: the service.
    ///   - services: the others; the service becomes the last.
    /// - Throws: that two of them are for the pool: nobody could say whose a port is.
    package static func add(
        _ service: LocalService,
        to services: inout [LocalService]
    ) throws(LocalServiceError) {
        if service.exposure == .pool, let other = services.first(where: { $0.exposure == .pool }) {
            throw .secondPool("\(service)", beside: "\(other)")
        }
        services.append(service)
    }

    /// The names, or nil for public ports.
    package var pattern: HostnamePattern? {
        switch self.exposure {
        case .names(let pattern): pattern
        case .port, .pool: nil
        }
    }

    /// The public port, or nil for names and for the pool.
    package var publicPort: UInt16? {
        switch self.exposure {
        case .names, .pool: nil
        case .port(let port): port
        }
    }

    /// The service as it is written.
    package var description: String {
        switch self.exposure {
        case .names(.exact(let name)) where name.text.contains(":"): "\(self.kind.rawValue):[\(name)]:\(self.target)"
        case .names(let pattern): "\(self.kind.rawValue):\(pattern):\(self.target)"
        case .port(let port): "\(self.kind.rawValue):\(port):\(self.target)"
        case .pool: "\(self.kind.rawValue):*:\(self.target)"
        }
    }

    /// Cuts `NAME:TARGET` in two; an IPv6 address stands in brackets.
    private static func split(
        _ rest: Substring,
        _ whole: String
    ) throws(LocalServiceError) -> (subject: Substring, target: Substring) {
        let end: Substring.Index?
        if rest.hasPrefix("["), let bracket = rest.firstIndex(of: "]") {
            let after = rest.index(after: bracket)
            end = after < rest.endIndex && rest[after] == ":" ? after : nil
        } else {
            end = rest.firstIndex(of: ":")
        }
        guard let end, end > rest.startIndex else { throw .incomplete(whole) }
        return (rest[..<end], rest[rest.index(after: end)...])
    }
}
