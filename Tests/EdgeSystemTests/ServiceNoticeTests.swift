import EdgeSystem
import Glibc
import Testing

@Suite
struct ServiceNoticeTests {
    private func received(_ socket: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    private func datagramSocket(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            target.copyBytes(from: path.utf8)
            if path.hasPrefix("@") { target[0] = 0 }
        }
        let length = path.hasPrefix("@") ? 2 + path.utf8.count : MemoryLayout<sockaddr_un>.size
        withUnsafePointer(to: address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(length))
            }
        }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    @Test
    func aNoticeReachesTheServiceManager() throws {
        let folder = TemporaryFolder()
        for path in ["\(folder.path)/notify", "@edge-system-tests-\(getpid())"] {
            let socket = self.datagramSocket(path)
            defer { close(socket) }
            let manager = try #require(ServiceManager(socket: path))
            try manager.notify(.ready)
            #expect(self.received(socket) == "READY=1\n")
            try manager.notify(.status("3 tunnels"))
            #expect(self.received(socket) == "STATUS=3 tunnels\n")
        }
    }

    @Test
    func aServiceManagerThatIsGoneIsAnError() throws {
        let folder = TemporaryFolder()
        let path = "\(folder.path)/nobody"
        let manager = try #require(ServiceManager(socket: path))
        #expect(throws: SystemError.noSuchFile(path: path)) { try manager.notify(.ready) }
    }

    @Test
    func withoutASocketThereIsNobodyToTell() {
        #expect(ServiceManager(socket: nil) == nil)
        #expect(ServiceManager(socket: "") == nil)
        #expect(ServiceManager(socket: "vsock:2:1234") == nil)
    }

    @Test
    func noticesAreWordedAsTheProtocolSays() {
        #expect(ServiceManager.message(.ready, at: 5) == "READY=1\n")
        #expect(ServiceManager.message(.reloading, at: 5) == "RELOADING=1\nMONOTONIC_USEC=5\n")
        #expect(ServiceManager.message(.stopping, at: 5) == "STOPPING=1\n")
        #expect(ServiceManager.message(.status("a\nREADY=1\r\nb"), at: 5) == "STATUS=a READY=1 b\n")
    }

    @Test
    func inheritedDescriptorsAreNamedInOrder() {
        let entries = ServiceManager.inheritedDescriptors(processID: "42", count: "3", names: "web::ssh", own: 42)
        #expect(entries.map(\.descriptor) == [3, 4, 5])
        #expect(entries.map(\.name) == ["web", "unknown", "ssh"])
    }

    @Test
    func descriptorsForSomebodyElseAreLeftAlone() {
        let meant: [(processID: String?, count: String?)] = [
            ("41", "1"), (nil, "1"), ("42", nil), ("42", "0"), ("42", "-1"), ("42", "x"), ("", "1"),
        ]
        for (processID, count) in meant {
            let entries = ServiceManager.inheritedDescriptors(
                processID: processID,
                count: count,
                names: "web",
                own: 42
            )
            #expect(entries.isEmpty, "\(processID ?? "none"), \(count ?? "none")")
        }
    }

    @Test
    func aWrongCountMakesNoLongList() {
        let entries = ServiceManager.inheritedDescriptors(processID: "42", count: "2000000000", names: nil, own: 42)
        #expect(entries.count == 4096)
    }
}
