package import EdgeTypes
import Glibc

/// What the kernel or the machine refused, and what an operator does about it.
///
/// Nothing here is a visitor's fault: a peer's errors end its own arrival and are reported, not thrown.
package enum SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process listens at the endpoint. The operator's to settle.
    case addressInUse(endpoint: String)
    /// The address belongs to no interface of this machine. The operator's mistake.
    case addressNotLocal(endpoint: String)
    /// A port that only root or `CAP_NET_BIND_SERVICE` may bind. The operator's to give.
    case portNeedsPrivilege(endpoint: String)
    /// A host name has no address; `reason` is the resolver's word. The operator's mistake, or the resolver's.
    case hostNotFound(host: String, reason: String)
    /// A socket's path does not fit the kernel's address. The operator's mistake.
    case pathTooLong(path: String, actual: Int, limit: Int)
    /// Something other than a socket stands at a socket's path. The operator's to move.
    case notASocket(path: String)
    /// No file is there. The operator's mistake.
    case noSuchFile(path: String)
    /// The kernel forbids it. The operator's to allow.
    case permissionDenied(operation: String, subject: String)
    /// A file is larger than anything it could sensibly hold. The operator's mistake.
    case fileTooLarge(path: String, limit: ByteCount)
    /// No user of that name exists. The operator's mistake.
    case noSuchUser(name: String)
    /// Only root can become another user. The operator's mistake.
    case notRoot(user: String)
    /// The service manager handed over no listening socket of that name. The operator's mistake.
    case notInherited(name: String, offered: [String])
    /// No descriptor or kernel memory is left. The limit's fault; ours when it leaks.
    case exhausted(operation: String, code: Int32)
    /// Any other refusal, with the kernel's number.
    case failed(operation: String, subject: String, code: Int32)

    /// Sorts a kernel's refusal.
    ///
    /// - Parameters:
    ///   - code: the value of errno.
    ///   - operation: what was tried, as a verb for an operator: `read`, `listen on`.
    ///   - subject: what it was tried on: a path, an endpoint.
    package init(code: Int32, operation: String, subject: String) {
        self =
            switch code {
            case EADDRINUSE: .addressInUse(endpoint: subject)
            case EADDRNOTAVAIL: .addressNotLocal(endpoint: subject)
            case ENOENT: .noSuchFile(path: subject)
            case EACCES, EPERM: .permissionDenied(operation: operation, subject: subject)
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: .exhausted(operation: operation, code: code)
            default: .failed(operation: operation, subject: subject, code: code)
            }
    }

    /// The kernel's number for it; zero where no system call was refused.
    package var code: Int32 {
        switch self {
        case .addressInUse: EADDRINUSE
        case .addressNotLocal: EADDRNOTAVAIL
        case .portNeedsPrivilege, .permissionDenied: EACCES
        case .pathTooLong: ENAMETOOLONG
        case .notASocket: ENOTSOCK
        case .noSuchFile: ENOENT
        case .fileTooLarge: EFBIG
        case .notRoot: EPERM
        case .exhausted(_, let code), .failed(_, _, let code): code
        case .hostNotFound, .noSuchUser, .notInherited: 0
        }
    }

    /// The refusal in words for an operator, with what to do where that is known.
    package var description: String {
        switch self {
        case .addressInUse(let endpoint):
            "\(endpoint) is in use by another process; `ss -lntp` or `ss -lxp` names it"
        case .addressNotLocal(let endpoint):
            "\(endpoint) is not an address of this machine; `ip address` lists those that are"
        case .portNeedsPrivilege(let endpoint):
            "\(endpoint) needs a privilege that this process lacks: \(Privileges.advice)"
        case .hostNotFound(let host, let reason):
            "\(host) has no address: \(reason)"
        case .pathTooLong(let path, let actual, let limit):
            "\(path) is \(actual) bytes long, and a socket's path may have \(limit)"
        case .notASocket(let path):
            "\(path) exists and is not a socket; move it away or choose another path"
        case .noSuchFile(let path):
            "\(path) does not exist"
        case .permissionDenied(let operation, let subject):
            "cannot \(operation) \(subject): permission denied for user \(geteuid())"
        case .fileTooLarge(let path, let limit):
            "\(path) is larger than \(limit)"
        case .noSuchUser(let name):
            "there is no user \(name); make one with `useradd --system \(name)`, or change `user`"
        case .notRoot(let user):
            "only root can become \(user); start as root, or start as \(user) and leave `user` out"
        case .notInherited(let name, let offered):
            "the service manager handed over no listening socket named \(name); "
                + (offered.isEmpty ? "it handed over none" : "it handed over \(offered.joined(separator: ", "))")
        case .exhausted(let operation, let code):
            "cannot \(operation): \(Self.words(code)); raise LimitNOFILE or `ulimit -n`"
        case .failed(let operation, let subject, let code):
            "cannot \(operation) \(subject): \(Self.words(code))"
        }
    }

    /// The C library's words for a number; they live in memory of the calling thread.
    private static func words(_ code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
