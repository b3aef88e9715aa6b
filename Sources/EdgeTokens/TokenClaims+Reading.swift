import EdgeTypes
import FoundationEssentials

extension TokenClaims {
    /// Reads claims.
    ///
    /// Claims that are not ``TokenClaimName`` are skipped. A claim that is `null` counts as absent. Of a claim that
    /// stands there twice, one is read (RFC 7519 §4 leaves which to the JSON parser).
    ///
    /// - Parameter json: the payload's bytes.
    /// - Throws: which claim is wrong, and how.
    package init(json: [UInt8]) throws(TokenError) {
        let payload: TokenPayload
        do {
            payload = try JSONDecoder().decode(TokenPayload.self, from: Data(json))
        } catch {
            throw .malformedClaims
        }
        self.init(
            domains: try Self.domains(payload),
            ports: try Self.ports(payload),
            allowsTCP: try Self.flag(payload, .tcp),
            device: try Self.device(payload),
            subject: try Self.text(payload, .subject),
            expiry: try Self.instant(payload, .expiry),
            notBefore: try Self.instant(payload, .notBefore),
            issuedAt: try? Self.instant(payload, .issuedAt),
            audience: Self.audience(payload)
        )
    }

    /// `domains`, or else the one `name` of old clients.
    private static func domains(_ payload: TokenPayload) throws(TokenError) -> [HostnamePattern] {
        let texts: [String]
        if let values = try Self.list(payload, .domains, limit: Self.maximumDomains) {
            var strings: [String] = []
            for value in values {
                guard case .text(let text) = value else { throw .malformedClaim(.domains) }
                strings.append(text)
            }
            texts = strings
        } else if let name = try Self.scalar(payload, .name) {
            guard case .text(let text) = name else { throw .malformedClaim(.name) }
            texts = [text]
        } else {
            texts = []
        }
        var domains: [HostnamePattern] = []
        var seen: Set<HostnamePattern> = []
        for text in texts {
            guard let pattern = HostnamePattern(text) else { throw .invalidName(TokenError.quote(text)) }
            if seen.insert(pattern).inserted { domains.append(pattern) }
        }
        return domains
    }

    private static func ports(_ payload: TokenPayload) throws(TokenError) -> [ClosedRange<UInt16>] {
        var ports: [ClosedRange<UInt16>] = []
        for value in try Self.list(payload, .ports, limit: Self.maximumPorts) ?? [] {
            let text: String
            switch value {
            case .text(let written): text = written
            case .number(let number): text = Int(exactly: number).map(String.init) ?? "\(number)"
            case .flag, .null, .other: throw .malformedClaim(.ports)
            }
            guard let range = PortRange(text)?.bounds else { throw .invalidPort(TokenError.quote(text)) }
            if !ports.contains(range) { ports.append(range) }
        }
        return ports
    }

    private static func device(_ payload: TokenPayload) throws(TokenError) -> TokenDevice? {
        guard let fields = payload.device else {
            guard try Self.scalar(payload, .device) == nil else { throw .malformedClaim(.device) }
            return nil
        }
        let id = try Self.text(fields.id, of: .device)
        let hostname = try Self.text(fields.hostname, of: .device)
        return id == nil && hostname == nil ? nil : TokenDevice(id: id, hostname: hostname)
    }

    /// The values of an array; nil where the claim is absent.
    private static func list(
        _ payload: TokenPayload,
        _ claim: TokenClaimName,
        limit: Int
    ) throws(TokenError) -> [ClaimScalar]? {
        switch payload.claims[claim] {
        case nil, .scalar(.null): return nil
        case .scalar: throw .malformedClaim(claim)
        case .list(let values, let count):
            guard count <= limit else { throw .tooMany(claim, actual: count, limit: limit) }
            return values
        }
    }

    /// A value that is no array; nil where the claim is absent.
    private static func scalar(
        _ payload: TokenPayload,
        _ claim: TokenClaimName
    ) throws(TokenError) -> ClaimScalar? {
        switch payload.claims[claim] {
        case nil, .scalar(.null): return nil
        case .scalar(let value): return value
        case .list: throw .malformedClaim(claim)
        }
    }

    private static func text(_ payload: TokenPayload, _ claim: TokenClaimName) throws(TokenError) -> String? {
        try Self.text(try Self.scalar(payload, claim), of: claim)
    }

    private static func text(_ value: ClaimScalar?, of claim: TokenClaimName) throws(TokenError) -> String? {
        switch value {
        case nil, .null: return nil
        case .text(let text):
            guard text.utf8.count <= Self.maximumTextLength else {
                throw .claimTooLong(claim, actual: text.utf8.count, limit: Self.maximumTextLength)
            }
            return text
        case .number, .flag, .other: throw .malformedClaim(claim)
        }
    }

    private static func flag(_ payload: TokenPayload, _ claim: TokenClaimName) throws(TokenError) -> Bool {
        switch try Self.scalar(payload, claim) {
        case nil: return false
        case .flag(let flag): return flag
        case .text, .number, .null, .other: throw .malformedClaim(claim)
        }
    }

    /// Whole Unix seconds.
    ///
    /// Clocks here count whole seconds, so a fraction is rounded up: `now < exp` and `now >= nbf`
    /// then say the same as with the fraction (RFC 7519 §2, NumericDate).
    private static func instant(_ payload: TokenPayload, _ claim: TokenClaimName) throws(TokenError) -> Int? {
        guard let value = try Self.scalar(payload, claim) else { return nil }
        guard case .number(let number) = value, number.isFinite else { throw .malformedClaim(claim) }
        return Int(exactly: number.rounded(.up)) ?? (number < 0 ? Int.min : Int.max)
    }

    private static func audience(_ payload: TokenPayload) -> [String] {
        let values: [ClaimScalar]
        switch payload.claims[.audience] {
        case nil: values = []
        case .scalar(let value): values = [value]
        case .list(let list, _): values = list
        }
        return values.compactMap { value in
            guard case .text(let text) = value else { return nil }
            return text
        }
    }
}
