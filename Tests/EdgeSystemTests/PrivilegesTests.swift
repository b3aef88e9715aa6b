import EdgeSystem
import Glibc
import Testing

@Suite
struct PrivilegesTests {
    @Test
    func anUnknownUserIsRefusedBeforeAnythingChanges() {
        let before = Privileges.effective
        #expect(throws: SystemError.noSuchUser(name: "no-such-user-here")) {
            try Privileges.become(user: "no-such-user-here")
        }
        #expect(Privileges.effective == before)
    }

    @Test
    func theEffectiveCapabilitiesAreTheOnesThatTheKernelShows() throws {
        let status = String(decoding: try FileReading.read(path: "/proc/thread-self/status"), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("CapEff:") })
        let shown = try #require(UInt64(line.dropFirst(7).trimmingPrefix { $0.isWhitespace }, radix: 16))
        #expect(Privileges.effective.rawValue == shown)
    }

    @Test
    func theLowestFreePortIsTheKernelsOwn() throws {
        let path = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
        guard let bytes = try? FileReading.read(path: path) else {
            print("skipped: \(path) cannot be read here")
            return
        }
        #expect("\(Privileges.lowestFreePort)\n" == String(decoding: bytes, as: UTF8.self))
    }
}
