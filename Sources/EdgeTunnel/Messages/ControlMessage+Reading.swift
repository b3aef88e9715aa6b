import FoundationEssentials

/// From the body of a `control` packet.
extension ControlMessage {
    /// How much of a message that is none, or of a command that is unknown, goes into the answer, in characters.
    private static let longestEcho = 200

    /// Reads a message; what is no message is ``malformed(text:)``.
    ///
    /// - Parameter body: the packet's body.
    package init(parsing body: [UInt8]) {
        if let envelope = try? JSONDecoder().decode(ControlEnvelope.self, from: Data(body)) {
            self = envelope.message
        } else {
            let text = String(decoding: body.prefix(Self.longestEcho * 4), as: UTF8.self)
            self = .malformed(text: Self.echo(text))
        }
    }

    /// The beginning of a text of the peer.
    static func echo(_ text: String) -> String {
        String(text.unicodeScalars.prefix(Self.longestEcho))
    }
}

/// The array around every message.
///
/// Values are read by what their place says, so nothing in it nests.
private struct ControlEnvelope: Decodable {
    /// How many entries of a grant are read: more than a token can name.
    private static let mostGrants = 1024

    let message: ControlMessage

    private struct NotAMessage: Error {}

    private struct UpgradedToken: Decodable {
        let jwt: String
    }

    init(from decoder: any Decoder) throws {
        var items = try decoder.unkeyedContainer()
        let id = try items.decode(Int.self)
        if id == 0 {
            self.message = .fault((try? items.decode(ControlFault.self)) ?? ControlFault(message: "", code: ""))
        } else if id < 0 {
            guard let request = Int(exactly: id.magnitude) else { throw NotAMessage() }
            self.message = Self.reply(to: request, &items)
        } else {
            self.message = Self.request(id, &items)
        }
    }

    private static func reply(to id: Int, _ items: inout any UnkeyedDecodingContainer) -> ControlMessage {
        if items.isAtEnd { return .reply(id: id, fault: nil, hasResult: false) }
        if (try? items.decodeNil()) == true {
            let hasResult = !items.isAtEnd && (try? items.decodeNil()) == false
            return .reply(id: id, fault: nil, hasResult: hasResult)
        }
        let fault = (try? items.decode(ControlFault.self)) ?? ControlFault(message: "", code: "")
        return .reply(id: id, fault: fault, hasResult: !items.isAtEnd)
    }

    private static func request(_ id: Int, _ items: inout any UnkeyedDecodingContainer) -> ControlMessage {
        guard let command = try? items.decode(String.self) else { return .unknown(id: id, command: "") }
        switch command {
        case "hello":
            let versions = (try? items.decode([Int].self)) ?? []
            return .hello(id: id, versions: versions, commands: (try? items.decode([String].self)) ?? [])
        case "add_token":
            return .addToken(id: id, token: AccessToken((try? items.decode(String.self)) ?? ""))
        case "delete_token":
            let text = (try? items.decode(String.self)) ?? ""
            return .deleteToken(id: id, token: text == "*" ? nil : AccessToken(text))
        case "auth":
            return .auth(id: id, (try? items.decode(AuthenticationRequest.self)) ?? AuthenticationRequest())
        case "grant":
            return .grant(id: id, self.grants(&items))
        case "access_token":
            return .accessToken(id: id, token: AccessToken((try? items.decode(UpgradedToken.self))?.jwt ?? ""))
        default:
            return .unknown(id: id, command: ControlMessage.echo(command))
        }
    }

    private static func grants(_ items: inout any UnkeyedDecodingContainer) -> [ControlGrant] {
        guard var entries = try? items.nestedUnkeyedContainer() else { return [] }
        var grants: [ControlGrant] = []
        while !entries.isAtEnd, grants.count < Self.mostGrants, let grant = try? entries.decode(ControlGrant.self) {
            grants.append(grant)
        }
        return grants
    }
}
