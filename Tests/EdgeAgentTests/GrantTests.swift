import EdgeTestKit
import Foundation
import Testing

/// What the program's client says of what the relay grants or refuses.
@Suite("What is granted and refused")
struct GrantTests {
    private static let refusal =
        #"{"error":{"message":"port 2222 is taken","code":"E_NAME_TAKEN"},"reason":"name_taken"}"#

    @Test
    func publicPortsAndTheCommandForSSHArePrintedOnce() throws {
        let relay = try ScriptedRelay()
        let client = try relay.client(["tcp:2222:22", "tcp:*:23", "ssh:a.example.test:22", "tcp:2223:24"])
        let grant = #"[["tcp","",2222],["tcp","r.example.test",20000],["ssh","ssh.a.example.test",443]]"#
        let first = try relay.tunnel(0)
        try first.send(RawPacket(control: "[2,\"grant\",\(grant)]"))
        let proxy = "openssl s_client -quiet -connect 127.0.0.1:443 -servername ssh.a.example.test"
        let expected = [
            "tcp://127.0.0.1:2222", "tcp://r.example.test:20000", "ssh -o ProxyCommand='\(proxy)' a.example.test",
        ]
        let printed = client.record.wait { $0.outputLines.count >= 3 ? $0.outputLines : nil }
        #expect(printed == expected)
        try client.waitForErrorLine("the port that was not granted") {
            $0.contains("the relay sends no visitors to a service") && $0.contains("port 2223 was not granted")
        }
        try first.close(1001)
        let second = try relay.tunnel(1)
        try second.send(RawPacket(control: "[2,\"grant\",\(grant)]"))
        try second.send(RawPacket(control: "[3,\"grant\",[[\"tcp\",\"\",20001]]]"))
        let more = client.record.wait { $0.outputLines.count >= 4 ? $0.outputLines : nil }
        #expect(more == expected + ["tcp://127.0.0.1:20001"])
        client.send(15)
        #expect(try client.waitForEnd() == .exited(0))
    }

    @Test
    func aRefusalIsSaidOnceWithItsMend() throws {
        let head = "HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nConnection: close\r\n"
        let relay = try ScriptedRelay(
            refusal: "\(head)Content-Length: \(Self.refusal.utf8.count)\r\n\r\n\(Self.refusal)"
        )
        let client = try relay.client(["tcp:2222:22"])
        #expect(try client.waitForEnd() == .exited(77))
        let lines = client.record.current.errorLines.filter { $0.contains("port 2222 is taken") }
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.contains("serve another name or port") == true, "\(lines)")
    }

    @Test(
        arguments: [
            (["tcp:*:22", "tcp:2222:23"], true, [2222]), (["tcp:2222:23", "tcp:2223:24"], false, [2222, 2223]),
        ] as [([String], Bool, [Int])]
    )
    func aTokenThatTheClientSignsAsksForWhatIsServed(locals: [String], tcp: Bool, ports: [Int]) throws {
        let folder = try TemporaryFolder()
        let relay = try ScriptedRelay()
        let client = try relay.client(locals, ["--secret-file", try folder.write("secret", TestToken.secret)])
        let words = try relay.tunnel(0).head["Authorization"].first?.split(separator: " ") ?? []
        #expect(words.first == "Bearer")
        let parts = try #require(words.last).split(separator: ".")
        var payload = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        payload += String(repeating: "=", count: (4 - payload.count % 4) % 4)
        let data = try #require(Data(base64Encoded: String(payload)))
        let claims = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect((claims["tcp"] as? Bool ?? false) == tcp)
        #expect(claims["ports"] as? [Int] == ports)
        client.send(15)
        #expect(try client.waitForEnd() == .exited(0))
    }

    @Test
    func twoServicesForThePoolAreRefusedBeforeAnythingIsDialled() throws {
        let relay = try ScriptedRelay()
        let client = try relay.client(["tcp:*:22", "tcp:*:23"])
        #expect(try client.waitForEnd() == .exited(64))
        #expect(client.record.current.errorLines.contains { $0.contains("keep one") })
        #expect(relay.count == 0)
    }
}
