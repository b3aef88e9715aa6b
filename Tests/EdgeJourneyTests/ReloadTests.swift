import EdgeTestKit
import Foundation
import Testing

/// SIGHUP: certificates and routes change, and what runs goes on.
@Suite
struct ReloadTests {
    private static let names = ["admin.example.test", "tunnel.example.test"]

    private static func install(_ generation: Int, in folder: TemporaryFolder) throws -> String {
        let pair = try TestCertificates.ofThisProcess.get().pair(for: Self.names, generation: generation)
        try folder.copy(pair.chain, as: "certs/0.pem")
        try folder.copy(pair.key, as: "certs/0.key")
        return pair.fingerprint
    }

    private static func served(_ relay: RelayProcess) throws -> String? {
        try OpenSSLClient(port: relay.port, name: "admin.example.test").fingerprint
    }

    @Test
    func aNewCertificateIsServedAndALiveTransferGoesOn() throws {
        let site = try Site(["app.example.test"])
        let visitor = try site.relay.dial()
        try visitor.write("GET /held/200000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try visitor.readHead()
        _ = try visitor.readExactly(100_000)
        let before = try Self.served(site.relay)
        let new = try Self.install(2, in: site.relay.folder)
        site.relay.reload()
        try site.relay.waitForLog("the reload") { $0.message == "reloaded" }
        #expect(try Self.served(site.relay) == new)
        #expect(before != new)
        site.origin.release()
        #expect(try visitor.readExactly(100_000) == Pattern.bytes(100_000, from: 100_000))
        try site.stop()
    }

    @Test(arguments: ["junk", "another key", "nothing"])
    func aBrokenCertificateKeepsTheOldOneAndNamesTheFile(kind: String) throws {
        let site = try Site(["app.example.test"])
        let before = try Self.served(site.relay)
        switch kind {
        case "junk": try site.relay.folder.write("certs/0.pem", "no certificate\n")
        case "another key":
            let other = try TestCertificates.ofThisProcess.get().pair(for: ["other.example.test"])
            try site.relay.folder.copy(other.key, as: "certs/0.key")
        default: try site.relay.folder.write("certs/0.key", "")
        }
        // Visitors come all the while.
        let results = Watched<[Int]>([])
        let curl = site.curl
        Thread.detachNewThread {
            for _ in 0..<10 {
                let status = (try? curl.get("http://app.example.test/1000"))?.head.status ?? 0
                results.change { $0.append(status) }
            }
        }
        for _ in 0..<3 {
            let first = site.relay.logLength
            site.relay.reload()
            let line = try site.relay.waitForLog("why it is refused", from: first) { $0.level == "error" }
            #expect(line.text.contains("certs/0."), "\(line.text)")
            #expect(try Self.served(site.relay) == before)
        }
        #expect(results.wait { $0.count == 10 ? $0 : nil } == Array(repeating: 200, count: 10))
        let new = try Self.install(3, in: site.relay.folder)
        site.relay.reload()
        try site.relay.waitForLog("the reload") { $0.message == "reloaded" }
        #expect(try Self.served(site.relay) == new)
        try site.stop()
    }

    @Test
    func routesChangeAndABrokenFileChangesNothing() throws {
        var setup = RelaySetup()
        let site = try Site(["app.example.test"], setup)
        #expect(try site.curl.get("http://app.example.test/").head.status == 200)
        setup.routes = ["{ host: app.example.test, http: redirect }"]
        _ = try setup.write(to: site.relay.folder)
        site.relay.reload()
        try site.relay.waitForLog("the reload") { $0.message == "reloaded" }
        #expect(try site.curl.get("http://app.example.test/").head.status == 308)
        let first = site.relay.logLength
        try site.relay.folder.write("rvpn.yaml", "admin_host: [")
        site.relay.reload()
        let line = try site.relay.waitForLog("why it is refused", from: first) { $0.level == "error" }
        #expect(line.text.contains("rvpn.yaml"))
        #expect(try site.curl.get("http://app.example.test/").head.status == 308)
        try site.stop()
    }

    @Test
    func aListenerMayComeAndGo() throws {
        var setup = RelaySetup()
        setup.listeners = ["\"127.0.0.1:\(try LoopbackListener.freePort())\""]
        let site = try Site(["app.example.test"], setup)
        let second = try LoopbackListener.freePort()
        setup.listeners.append("\"127.0.0.1:\(second)\"")
        _ = try setup.write(to: site.relay.folder)
        site.relay.reload()
        try site.relay.waitForLog("the reload") { $0.message == "reloaded" }
        #expect(try Curl(port: second).get("http://app.example.test/").head.status == 200)
        setup.listeners.removeLast()
        _ = try setup.write(to: site.relay.folder)
        let first = site.relay.logLength
        site.relay.reload()
        try site.relay.waitForLog("the reload", from: first) { $0.message == "reloaded" }
        #expect(try site.curl.get("http://app.example.test/").head.status == 200)
        #expect(throws: JourneyFailure.self) { try PlainConnection(port: second) }
        try site.stop()
    }
}
