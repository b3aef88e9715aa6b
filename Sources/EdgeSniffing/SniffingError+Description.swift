extension SniffingError: CustomStringConvertible {
    /// A sentence for people.
    package var description: String {
        switch self {
        case .prefaceTooLarge(let actual, let limit): "the hello takes \(actual) bytes, and \(limit) are allowed"
        case .headTooLarge(let actual, let limit): "the head takes at least \(actual) bytes, and \(limit) are allowed"
        case .malformedHello(let breach): "malformed hello: \(breach.description)"
        case .malformedRequest(let breach): "malformed request: \(breach.description)"
        }
    }
}

extension HelloBreach: CustomStringConvertible {
    /// The breach in words.
    package var description: String {
        switch self {
        case .endedEarly: "it ends early"
        case .foreignRecord(let type): "a record of type \(type) inside"
        case .foreignRecordVersion(let major): "a record of the major version \(major) inside"
        case .emptyRecord: "an empty record"
        case .recordTooLong(let actual, let limit): "a record of \(actual) bytes, and \(limit) are allowed"
        case .notAClientHello(let type): "a handshake message of type \(type)"
        case .lengthMismatch: "lengths that do not add up"
        case .duplicateExtension(let type): "extension \(type) twice"
        case .severalServerNames: "several server names"
        case .emptyApplicationProtocol: "an empty application protocol"
        }
    }
}

extension RequestBreach: CustomStringConvertible {
    /// The breach in words.
    package var description: String {
        switch self {
        case .endedEarly: "it ends early"
        case .requestLine: "a request line that has not three parts"
        case .requestTarget: "a request target of no known form"
        case .fieldName: "a field line without a valid name"
        case .folding: "a field line that begins with white space"
        case .forbiddenOctet: "a carriage return or a zero byte inside a line"
        case .severalHosts: "two Host fields that differ"
        }
    }
}
