/// Why a request becomes no WebSocket.
package enum WebSocketUpgradeRefusal: Sendable, Hashable {
    /// The client's request breaks RFC 9112, or lacks a good `Sec-WebSocket-Key` (RFC 6455 §4.2.1).
    case malformed
    /// The client's head is longer than we take.
    case headTooLong
    /// The client used a method other than `GET` (RFC 6455 §4.1).
    case methodNotAllowed
    /// The client asked for something, but not for a WebSocket.
    case notAnUpgrade
    /// The client speaks another version of the protocol (RFC 6455 §4.4).
    case unsupportedVersion

    /// The status of the answer.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .methodNotAllowed: 405
        case .notAnUpgrade, .unsupportedVersion: 426
        case .headTooLong: 431
        }
    }

    /// The fields that the status asks for (RFC 9110 §15.5.6 and §15.5.22, RFC 6455 §4.4).
    package var fields: [(String, String)] {
        switch self {
        case .malformed, .headTooLong: []
        case .methodNotAllowed: [("Allow", "GET")]
        case .notAnUpgrade, .unsupportedVersion: [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
        }
    }
}
