import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct ListeningSocketTests {
    private let folder = TemporaryFolder()

    @Test
    func portZeroBecomesTheRealPort() throws {
        let socket = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        defer { socket.close() }
        #expect(socket.endpoint.description.hasPrefix("127.0.0.1:"))
        #expect(socket.endpoint.port ?? 0 > 0)
        #expect(TestClient(socket.endpoint) != nil)
    }

    @Test
    func anAddressInUseIsNamed() throws {
        let socket = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0))
        defer { socket.close() }
        let endpoint = socket.endpoint
        #expect(throws: SystemError.addressInUse(endpoint: endpoint.description)) {
            try ListeningSocket.bind(endpoint).close()
        }
    }

    @Test
    func aSharedPortIsBoundTwice() throws {
        let options = ListenerOptions(reusePort: true)
        let first = try ListeningSocket.bind(.tcp(host: "127.0.0.1", port: 0), options: options)
        defer { first.close() }
        let second = try ListeningSocket.bind(first.endpoint, options: options)
        defer { second.close() }
        #expect(second.endpoint == first.endpoint)
    }

    @Test
    func anAddressOfAnotherMachineIsNamed() {
        // 192.0.2.0/24 is for documentation (RFC 5737).
        #expect(throws: SystemError.addressNotLocal(endpoint: "192.0.2.1:8080")) {
            try ListeningSocket.bind(.tcp(host: "192.0.2.1", port: 8080)).close()
        }
    }

    @Test
    func everyAddressTakesIPv4AsIPv4() throws {
        let running = try RunningAcceptor { _, _, _ in .take }
        defer { running.stop() }
        let socket = try ListeningSocket.bind(.tcp(host: "::", port: 0))
        running.acceptor.add(socket, id: ListenerID(rawValue: 1), peeks: false)
        let port = try #require(socket.endpoint.port)
        let client = try #require(TestClient(.tcp(host: "127.0.0.1", port: port)))
        let arrival = try #require(running.nextTaken())
        defer { close(arrival.descriptor) }
        #expect(arrival.peer == PeerAddress(address: NetworkAddress(ipv4: 0x7F00_0001), port: client.port))
        #expect(arrival.local == PeerAddress(address: NetworkAddress(ipv4: 0x7F00_0001), port: port))
    }

    @Test
    func aHostNameIsResolved() throws {
        let socket = try ListeningSocket.bind(.tcp(host: "localhost", port: 0))
        defer { socket.close() }
        #expect(socket.endpoint.port ?? 0 > 0)
        #expect(throws: SystemError.self) {
            try ListeningSocket.bind(.tcp(host: "name.invalid", port: 0)).close()
        }
    }

    @Test
    func aUnixSocketHasItsModeAndTakesItsFileAway() throws {
        let path = "\(self.folder.path)/socket"
        let socket = try ListeningSocket.bind(.unix(path: path), options: ListenerOptions(mode: 0o600))
        #expect(try FileReading.mode(path: path) == 0o600)
        #expect(throws: SystemError.addressInUse(endpoint: "unix:\(path)")) {
            try ListeningSocket.bind(.unix(path: path)).close()
        }
        socket.close()
        #expect(throws: SystemError.noSuchFile(path: path)) { _ = try FileReading.mode(path: path) }
    }

    @Test
    func aStaleSocketIsReplacedAndItsOldOwnerLeavesTheNewOneAlone() throws {
        let path = "\(self.folder.path)/socket"
        let old = try ListeningSocket.bind(.unix(path: path))
        // The listener is gone and its file is not, as after a crash.
        shutdown(old.descriptor, Int32(SHUT_RDWR))
        let new = try ListeningSocket.bind(.unix(path: path))
        defer { new.close() }
        old.close()
        #expect(TestClient(.unix(path: path)) != nil)
    }

    @Test
    func anotherKindOfFileIsLeftAlone() throws {
        let path = self.folder.write("file", [1])
        #expect(throws: SystemError.notASocket(path: path)) { try ListeningSocket.bind(.unix(path: path)).close() }
        #expect(try FileReading.read(path: path) == [1])
    }

    @Test
    func aPathThatIsTooLongIsRefused() {
        let path = "/" + String(repeating: "a", count: 107)
        #expect(throws: SystemError.pathTooLong(path: path, actual: 108, limit: 107)) {
            try ListeningSocket.bind(.unix(path: path)).close()
        }
    }

    @Test
    func anEndpointThatWasNotHandedOverIsNamed() {
        #expect(throws: SystemError.notInherited(name: "web", offered: [])) {
            try ListeningSocket.bind(.inherited(name: "web")).close()
        }
    }
}
