import Glibc

/// A user of this machine.
struct Account {
    /// The user's number.
    let user: uid_t
    /// The number of the user's own group.
    let group: gid_t

    /// Looks a user up by name.
    init(_ name: String) throws(SystemError) {
        // Room for the strings of one entry; names and paths of users are far shorter (sysconf says 1024).
        var strings = [CChar](repeating: 0, count: 16 * 1024)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        let code = getpwnam_r(name, &entry, &strings, strings.count, &found)
        guard code == 0 || code == ENOENT else {
            throw SystemError(code: code, operation: "look up user", subject: name)
        }
        guard found != nil else { throw .noSuchUser(name: name) }
        self.user = entry.pw_uid
        self.group = entry.pw_gid
    }
}
