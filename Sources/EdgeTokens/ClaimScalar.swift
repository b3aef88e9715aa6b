/// One value in a token's JSON, of whatever kind it is, without looking into arrays and objects.
enum ClaimScalar: Decodable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case null
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = container.decodeNil() ? .null : .other
        }
    }
}
