/// What went wrong, as a control message says it: `{"message":"…","code":"…"}`.
package struct ControlFault: Sendable, Hashable {
    /// The fault for a person.
    package let message: String
    /// The fault for a program, such as `E_INVALID_TOKEN`; empty where the peer gave none.
    package let code: String
    /// After how many seconds to come back.
    package let retry: Int?

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - message: the fault for a person.
    ///   - code: the fault for a program.
    ///   - retry: after how many seconds to come back.
    package init(message: String, code: String, retry: Int? = nil) {
        self.message = message
        self.code = code
        self.retry = retry
    }

    /// The token is no good.
    package static let invalidToken = ControlFault(message: "invalid access token", code: "E_INVALID_TOKEN")
    /// The token grants no name that can be served.
    package static let invalidName = ControlFault(message: "invalid server name", code: "E_INVALID_NAME")
    /// The token that is to go was never added.
    package static let tokenNotPresent = ControlFault(
        message: "specified token not present",
        code: "E_INVALID_TOKEN"
    )
    /// Nobody knows the stream that a packet names.
    package static let noConnection = ControlFault(message: "no matching connection", code: "E_NO_CONN")

    /// Nobody knows the command.
    ///
    /// - Parameter command: the command's word.
    /// - Returns: the fault.
    package static func unknownCommand(_ command: String) -> ControlFault {
        ControlFault(message: "unknown command \"\(command)\"", code: "E_UNKNOWN_COMMAND")
    }

    /// The control message is none.
    ///
    /// - Parameter text: what came instead.
    /// - Returns: the fault.
    package static func badCommand(_ text: String) -> ControlFault {
        ControlFault(message: "received bad command \"\(text)\"", code: "E_BAD_COMMAND")
    }

    /// The relay is about to stop.
    ///
    /// - Parameters:
    ///   - message: why, for a person.
    ///   - retry: after how many seconds to come back.
    /// - Returns: the fault.
    package static func goingAway(_ message: String, retry: Int) -> ControlFault {
        ControlFault(message: message, code: "E_GOING_AWAY", retry: retry)
    }

    /// The fault as an object, its keys in the order that every implementation writes.
    package var json: String {
        let end = self.retry.map { ",\"retry\":\($0)}" } ?? "}"
        return "{\"message\":\(JSONText.quoted(self.message)),\"code\":\(JSONText.quoted(self.code))\(end)"
    }
}

extension ControlFault: Decodable {
    private enum Key: String, CodingKey {
        case message
        case code
        case retry
    }

    /// Reads an object, leniently: what is missing or of another kind is empty.
    ///
    /// A text counts as the message.
    package init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self.init(
                message: (try? container.decode(String.self, forKey: .message)) ?? "",
                code: (try? container.decode(String.self, forKey: .code)) ?? "",
                retry: try? container.decode(Int.self, forKey: .retry)
            )
        } else {
            let text = try? decoder.singleValueContainer().decode(String.self)
            self.init(message: text ?? "", code: "")
        }
    }
}
