import EdgeTestKit
import Glibc

/// A network of its own for a process, where every port is free.
enum PrivateNetwork {
    /// Whether this machine lets us make one.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let trial = try? FinishedProcess("unshare", ["-n", "ip", "link", "set", "lo", "up"])
        return trial?.status == .exited(0)
    }()

    /// The words in front of a program that give it one.
    static let wrapper = ["unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""]
}
