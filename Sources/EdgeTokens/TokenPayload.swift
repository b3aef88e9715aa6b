/// A token's claims as they stand in its JSON, of whatever kind they are.
///
/// Claims that nobody reads are skipped.
struct TokenPayload: Decodable {
    /// The claims that are there.
    private(set) var claims: [TokenClaimName: ClaimValue] = [:]
    /// The device's fields, where `device` is an object.
    private(set) var device: (id: ClaimScalar?, hostname: ClaimScalar?)?

    private enum DeviceKey: String, CodingKey {
        case id
        case hostname
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: TokenClaimName.self)
        for claim in TokenClaimName.allCases where container.contains(claim) {
            self.claims[claim] = try container.decode(ClaimValue.self, forKey: claim)
        }
        guard container.contains(.device) else { return }
        if let nested = try? container.nestedContainer(keyedBy: DeviceKey.self, forKey: .device) {
            self.device = (
                id: try nested.decodeIfPresent(ClaimScalar.self, forKey: .id),
                hostname: try nested.decodeIfPresent(ClaimScalar.self, forKey: .hostname)
            )
        }
    }
}

extension TokenClaimName: CodingKey {}
