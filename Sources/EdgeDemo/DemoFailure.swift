/// Why the demo does not run; every case says what mends it.
package enum DemoFailure: Error, Sendable, CustomStringConvertible {
    /// A file that `certs/make` makes cannot be read. The user's to make.
    case noCertificates(path: String)
    /// Another process listens at a port. The user's to stop, or to go around.
    case portTaken(reason: String)
    /// A port that needs rights which the user has not. The user's to choose.
    case portForbidden(reason: String)
    /// Nothing can be written where temporary files go. The user's to free.
    case noFolder(path: String)
    /// One of the parts ended. Our own fault.
    case partFailed(reason: String)

    /// What happened, and the way out.
    package var description: String {
        switch self {
        case .noCertificates(let path):
            "\(path) cannot be read; make it with certs/make, or name its folder with --certs"
        case .portTaken(let reason), .portForbidden(let reason):
            "\(reason)\nrvpn: choose other ports: RVPN_DEMO_LISTEN=9443 RVPN_DEMO_PLAIN=9080 make run, "
                + "or rvpn demo --listen 9443 --plain 9080"
        case .noFolder(let path):
            "\(path) cannot be made; free some space there, or name another place in TMPDIR"
        case .partFailed(let reason):
            "the demo ended: \(reason)"
        }
    }
}
