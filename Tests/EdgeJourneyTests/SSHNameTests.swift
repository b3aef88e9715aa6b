import EdgeTestKit
import Testing

/// SSH inside TLS that ends at the relay: `ssh.NAME` reaches whoever holds NAME.
@Suite
struct SSHNameTests {
    private static let banner = "SSH-2.0-OpenSSH_9.2\r\n"

    private static func relay(_ certificates: [String], routes: [String] = []) throws -> RelayProcess {
        var setup = RelaySetup()
        setup.certificates.append((certificates, .ecdsa))
        setup.routes = routes
        return try RelayProcess(setup)
    }

    private static func visitor(_ relay: RelayProcess, _ name: String) throws -> SecureConnection {
        try SecureConnection(dialling: relay.dial(), name: name, authority: nil)
    }

    @Test
    func aBannerInsideTLSReachesTheHolderOfTheName() throws {
        let relay = try Self.relay(["ssh.device.example.test"])
        let client = try relay.client(.agent, token: TestToken.granting(["device.example.test"]))
        let grant = try client.nextPacket { $0.text.contains("\"grant\"") }
        #expect(grant.text.contains("[\"ssh\",\"ssh.device.example.test\",\(relay.port)]"))
        let visitor = try Self.visitor(relay, "ssh.device.example.test")
        // Cut inside the banner: not a byte is lost, and the service is known all the same.
        try visitor.write("SS")
        try visitor.write(String(Self.banner.dropFirst(2)))
        let opened = try client.nextPacket()
        #expect(opened.service == "connection")
        #expect(Array(opened.fields.suffix(3)) == ["\(relay.port)", "device.example.test", "ssh"])
        var bytes: [UInt8] = []
        while bytes.count < Self.banner.utf8.count {
            let packet = try client.nextPacket()
            #expect(packet.service == "ssh")
            bytes += packet.body
        }
        #expect(bytes == Array(Self.banner.utf8))
        try client.send(RawPacket(answering: opened, service: "ssh", Array("SSH-2.0-dropbear\r\n".utf8)))
        #expect(try visitor.readExactly(18) == Array("SSH-2.0-dropbear\r\n".utf8))
        try relay.stop()
    }

    @Test
    func aNameWhoseTLSEndsHereGetsSSHAsSSHAndHTTPAsHTTP() throws {
        let relay = try Self.relay(
            ["device.example.test"],
            routes: ["{ host: device.example.test, tls: terminate }"]
        )
        let client = try relay.client(.telebitGo, token: TestToken.granting(["device.example.test"]))
        for (said, service) in [(Self.banner, "ssh"), ("GET / HTTP/1.1\r\nHost: device.example.test\r\n\r\n", "http")] {
            let visitor = try Self.visitor(relay, "device.example.test")
            try visitor.write(said)
            let packet = try client.nextPacket { $0.body.isEmpty == false }
            #expect(packet.service == service)
            #expect(packet.text == said)
        }
    }

    @Test
    func aNameThatATunnelHoldsItselfPassesThrough() throws {
        let relay = try Self.relay(["ssh.device.example.test"])
        let client = try relay.client(
            .telebitGo,
            token: TestToken.granting(["device.example.test", "ssh.device.example.test"])
        )
        let visitor = try ChildProcess(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(relay.port)", "-servername", "ssh.device.example.test"]
        )
        let packet = try client.nextPacket()
        #expect(packet.service == "https")
        #expect(packet.body.first == 0x16)
        visitor.send(15)
    }

    @Test
    func withoutACertificateNothingIsServedUnderTheName() throws {
        let relay = try RelayProcess()
        _ = try relay.client(.telebitGo, token: TestToken.granting(["device.example.test"]))
        #expect(throws: (any Error).self) {
            try Self.visitor(relay, "ssh.device.example.test")
        }
        try relay.waitForReason("unknown_name")
    }
}
