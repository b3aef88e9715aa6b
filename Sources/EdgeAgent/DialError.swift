import NIOCore
import NIOPosix

/// Why a connection could not be made, in a few words for a person.
enum DialError {
    /// The words.
    ///
    /// - Parameter error: what the network library says.
    /// - Returns: one line.
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            guard error.dnsAError == nil || error.dnsAAAAError == nil || !error.connectionErrors.isEmpty else {
                return "the name \(error.host) is not known"
            }
            return error.connectionErrors.first.map { self.text($0.error) } ?? "the name \(error.host) is not known"
        case let error as IOError:
            return error.localizedReason
        case ChannelError.connectTimeout:
            return "no answer in time"
        default:
            return "\(error)"
        }
    }
}

extension IOError {
    /// The system's words for the error, without what NIO was doing at the time.
    fileprivate var localizedReason: String {
        let text = "\(self)"
        guard let colon = text.range(of: "): ") else { return text }
        return String(text[colon.upperBound...].prefix { $0 != "(" }).trimmingSuffix
    }
}

extension String {
    /// The text without blanks at its end.
    fileprivate var trimmingSuffix: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// Where a text first occurs.
    fileprivate func range(of text: String) -> Range<String.Index>? { self.firstRange(of: text) }
}
