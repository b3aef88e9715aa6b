/// To the body of a `control` packet.
extension ControlMessage {
    /// The message as JSON, without spaces, as every implementation writes it.
    package var json: String {
        switch self {
        case .hello(let id, let versions, let commands):
            "[\(id),\"hello\",[\(Self.list(versions.map(String.init)))],[\(Self.list(commands.map(JSONText.quoted)))]]"
        case .addToken(let id, let token):
            "[\(id),\"add_token\",\(JSONText.quoted(token.text))]"
        case .deleteToken(let id, let token):
            "[\(id),\"delete_token\",\(JSONText.quoted(token?.text ?? "*"))]"
        case .auth(let id, let request):
            "[\(id),\"auth\",\(request.json)]"
        case .grant(let id, let grants):
            "[\(id),\"grant\",[\(Self.list(grants.map(\.json)))]]"
        case .accessToken(let id, let token):
            "[\(id),\"access_token\",{\"jwt\":\(JSONText.quoted(token.text))}]"
        case .reply(let id, let fault, _):
            "[-\(id),\(fault?.json ?? "null")]"
        case .fault(let fault):
            "[0,\(fault.json)]"
        case .unknown(let id, let command):
            "[\(id),\(JSONText.quoted(command))]"
        case .malformed(let text):
            text
        }
    }

    private static func list(_ items: [String]) -> String {
        items.joined(separator: ",")
    }
}

extension AuthenticationRequest {
    /// The request as an object; what is empty is left out.
    var json: String {
        let fields: [(Key, String)] = [
            (.subject, self.subject), (.subjectScheme, self.subjectScheme), (.scope, self.scope),
            (.oneTimePassword, self.oneTimePassword.text), (.hostname, self.hostname),
        ]
        let members = fields.filter { !$0.1.isEmpty }.map { "\"\($0.0.rawValue)\":\(JSONText.quoted($0.1))" }
        return "{\(members.joined(separator: ","))}"
    }
}
