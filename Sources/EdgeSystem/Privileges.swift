import CSystemCalls
import Glibc

/// What the process may do beyond an ordinary one, and giving that up.
package enum Privileges {
    /// How an operator gives the right to bind low ports.
    package static let advice =
        "give it AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, "
        + "or run `setcap cap_net_bind_service=+ep` on the program, or choose a port above 1023"

    /// Whether this thread's user is root.
    package static var isRoot: Bool { geteuid() == 0 }

    /// The capabilities that this thread can use now; empty when the kernel does not say.
    package static var effective: CapabilitySet {
        self.read()?.effective ?? []
    }

    /// Whether this thread can bind every port below 1024.
    package static var canBindLowPorts: Bool {
        self.effective.contains(.netBindService) || self.lowestFreePort <= 1
    }

    /// The lowest port that needs no privilege: `net.ipv4.ip_unprivileged_port_start`.
    package static var lowestFreePort: UInt16 {
        let path = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
        guard let bytes = try? FileReading.read(path: path) else { return 1024 }
        return UInt16(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }) ?? 1024
    }

    /// Becomes a user for good, and keeps the right to bind low ports where the process has it.
    ///
    /// To be called after sockets are bound, and before any thread is started: user and groups change for the whole
    /// process (glibc sees to that), but capabilities and the promise to gain no more belong to the calling thread,
    /// and threads inherit them from the one that starts them. A thread that runs already would change its user and
    /// lose every capability. No capability is made ambient: a program that this process starts gets none.
    ///
    /// Becoming the user that the process is already only promises to gain no more.
    ///
    /// - Parameter user: the name of a user; its group and its further groups come with it.
    /// - Throws: ``SystemError/noSuchUser(name:)``, ``SystemError/notRoot(user:)``, or the kernel's refusal. After any
    ///   other than these two the process is in between, and must end.
    package static func become(user: String) throws(SystemError) {
        let account = try Account(user)
        if !self.isRoot {
            guard geteuid() == account.user else { throw .notRoot(user: user) }
            try self.check(CSystemCalls_prctl(PR_SET_NO_NEW_PRIVS, 1), user)
            return
        }
        let kept = (self.read()?.permitted ?? []).intersection(.netBindService)
        try self.check(CSystemCalls_prctl(PR_SET_KEEPCAPS, 1), user)
        try self.check(CSystemCalls_initgroups(user, account.group), user)
        try self.check(CSystemCalls_setgid(account.group), user)
        try self.check(CSystemCalls_setuid(account.user), user)
        try self.check(self.write(account.user == 0 ? (self.read()?.permitted ?? []) : kept), user)
        try self.check(CSystemCalls_prctl(PR_SET_KEEPCAPS, 0), user)
        try self.check(CSystemCalls_prctl(PR_SET_NO_NEW_PRIVS, 1), user)
        // The way back has to be shut; that it is open would be a kernel or a container that lies about users.
        guard account.user == 0 || CSystemCalls_setuid(0) != 0 else {
            throw .failed(operation: "become", subject: user, code: EPERM)
        }
    }

    private static func check(_ result: Int32, _ user: String) throws(SystemError) {
        guard result == 0 else { throw SystemError(code: errno, operation: "become", subject: user) }
    }

    private static func read() -> (effective: CapabilitySet, permitted: CapabilitySet)? {
        var header = __user_cap_header_struct(version: UInt32(_LINUX_CAPABILITY_VERSION_3), pid: 0)
        var words = [__user_cap_data_struct](repeating: __user_cap_data_struct(), count: 2)
        guard CSystemCalls_capget(&header, &words) == 0 else { return nil }
        return (
            CapabilitySet(low: words[0].effective, high: words[1].effective),
            CapabilitySet(low: words[0].permitted, high: words[1].permitted)
        )
    }

    private static func write(_ capabilities: CapabilitySet) -> Int32 {
        var header = __user_cap_header_struct(version: UInt32(_LINUX_CAPABILITY_VERSION_3), pid: 0)
        let words = [capabilities.low, capabilities.high].map {
            __user_cap_data_struct(effective: $0, permitted: $0, inheritable: 0)
        }
        return CSystemCalls_capset(&header, words)
    }
}
