/// One claim in a token's JSON: a value, or an array of values.
///
/// Arrays in arrays are not looked into, so no depth of nesting costs any stack here.
enum ClaimValue: Decodable {
    /// What is no array.
    case scalar(ClaimScalar)
    /// An array's first values, and how many it has.
    case list([ClaimScalar], count: Int)

    /// How many values of an array are read: one more than any claim may have.
    private static let readLimit = max(TokenClaims.maximumDomains, TokenClaims.maximumPorts) + 1

    init(from decoder: any Decoder) throws {
        guard var container = try? decoder.unkeyedContainer() else {
            self = .scalar(try ClaimScalar(from: decoder))
            return
        }
        var values: [ClaimScalar] = []
        while !container.isAtEnd, values.count < Self.readLimit {
            values.append(try container.decode(ClaimScalar.self))
        }
        self = .list(values, count: max(values.count, container.count ?? 0))
    }
}
