import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct SocketOptionsTests {
    private func option(_ descriptor: Int32, _ level: Int32, _ name: Int32) -> Int32 {
        var value: Int32 = -1
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, level, name, &value, &length)
        return value
    }

    @Test
    func optionsReachTheSocket() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let tcp = Int32(IPPROTO_TCP)
        try SocketOptions.setNoDelay(true, on: descriptor)
        #expect(self.option(descriptor, tcp, TCP_NODELAY) == 1)
        try SocketOptions.setNoDelay(false, on: descriptor)
        #expect(self.option(descriptor, tcp, TCP_NODELAY) == 0)
        try SocketOptions.setUserTimeout(.milliseconds(30_500), on: descriptor)
        #expect(self.option(descriptor, tcp, TCP_USER_TIMEOUT) == 30_500)
        try SocketOptions.setKeepAlive(KeepAlive(idle: .seconds(9), interval: .seconds(8), count: 7), on: descriptor)
        #expect(self.option(descriptor, SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(self.option(descriptor, tcp, TCP_KEEPIDLE) == 9)
        #expect(self.option(descriptor, tcp, TCP_KEEPINTVL) == 8)
        #expect(self.option(descriptor, tcp, TCP_KEEPCNT) == 7)
        try SocketOptions.setKeepAlive(nil, on: descriptor)
        #expect(self.option(descriptor, SOL_SOCKET, SO_KEEPALIVE) == 0)
    }

    @Test
    func aDescriptorThatIsNoneIsAnError() {
        #expect(throws: SystemError.self) { try SocketOptions.setNoDelay(true, on: -1) }
    }
}
