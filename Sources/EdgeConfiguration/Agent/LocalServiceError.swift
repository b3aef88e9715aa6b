/// Why a local service cannot be read.
///
/// Always the operator's to mend.
package enum LocalServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A part is missing; the text as it was written.
    case incomplete(String)
    /// The name is no name; the name, and the text as it was written.
    case unknownName(String, in: String)
    /// The public port is no port; the port, and the text as it was written.
    case unknownPort(String, in: String)
    /// The target is nowhere to connect to; the target, and the text as it was written.
    case unknownTarget(String, in: String)
    /// Two services are for the relay's pool; the second and the first.
    case secondPool(String, beside: String)

    /// What is wrong, and how it should look.
    package var description: String {
        switch self {
        case .incomplete(let text):
            "\"\(text)\" lacks a part; write [http:|https:|ssh:]NAME:TARGET or tcp:PUBLICPORT:TARGET"
        case .unknownName(let name, let text):
            "\"\(name)\" in \"\(text)\" is not a host name or wildcard"
        case .unknownPort(let port, let text):
            "\"\(port)\" in \"\(text)\" is not a public port; write a number from 1 to 65535, or * for one of the relay's pool"
        case .unknownTarget(let target, let text):
            "\"\(target)\" in \"\(text)\" is nowhere to connect to; write PORT, HOST:PORT or unix:PATH"
        case .secondPool(let text, let other):
            "\"\(text)\" and \"\(other)\" are both for a port of the relay's pool; keep one, or write the port of the other"
        }
    }
}
