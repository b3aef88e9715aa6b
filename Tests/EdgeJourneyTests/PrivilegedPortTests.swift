import EdgeTestKit
import Foundation
import Glibc
import Testing

/// Ports 443 and 80, bound as root in a network of their own, and served as somebody else.
@Suite(.enabled(if: PrivateNetwork.isPossible, "only root makes networks"))
struct PrivilegedPortTests {
    private static func setup(fileMode: Int) -> RelaySetup {
        var setup = RelaySetup()
        setup.listeners = ["\"127.0.0.1:443\"", "\"127.0.0.1:80\""]
        setup.fileMode = fileMode
        setup.more = ["user: nobody"]
        return setup
    }

    @Test
    func theOrdinaryPortsAreServedWithoutRootsRights() throws {
        let folder = try TemporaryFolder()
        let relay = try RelayProcess(Self.setup(fileMode: 0o644), in: folder, wrappedIn: PrivateNetwork.wrapper)
        #expect(relay.ports == [443, 80])
        try relay.waitForLog("that it is ready") { $0.message == "ready" }
        // Every thread counts: one that is still root would be the way back.
        let threads = "/proc/\(relay.process.identifier)/task"
        let nobody = try #require(getpwnam("nobody")).pointee.pw_uid
        for thread in try FileManager.default.contentsOfDirectory(atPath: threads) {
            let status = try String(contentsOfFile: "\(threads)/\(thread)/status", encoding: .utf8)
            #expect(status.contains("Uid:\t\(nobody)\t\(nobody)\t\(nobody)\t\(nobody)"), "\(status)")
            // What may be left is to bind low ports (CAP_NET_BIND_SERVICE, bit 10), for listeners that a reload adds.
            let capabilities = ["0000000000000000", "0000000000000400"]
            #expect(capabilities.contains { status.contains("CapEff:\t\($0)") }, "\(status)")
        }

        let authority = try TestCertificates.ofThisProcess.get().authority
        let inside = ["-t", "\(relay.process.identifier)", "-n", "curl", "-sS", "--cacert", authority]
        let secure = try FinishedProcess(
            "nsenter",
            inside + ["--resolve", "admin.example.test:443:127.0.0.1", "https://admin.example.test/healthz"]
        )
        #expect(secure.text == "ok\n", "\(secure.errors)")
        let plain = try FinishedProcess(
            "nsenter",
            inside + ["-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1/"]
        )
        #expect(plain.text == "404", "\(plain.errors)")
        // The files are read again as that user.
        relay.reload()
        try relay.waitForLog("the reload") { $0.message == "reloaded" }
        try relay.stop()
    }

    @Test
    func filesThatTheUserCannotReadStopTheStart() throws {
        let folder = try TemporaryFolder()
        let file = try Self.setup(fileMode: 0o600).write(to: folder)
        let words = PrivateNetwork.wrapper + [try ProductBinary.required(), "serve", "--config", file]
        let relay = try FinishedProcess(words[0], Array(words.dropFirst()))
        #expect(relay.status == .exited(78) || relay.status == .exited(77), "\(relay.status): \(relay.errors)")
        #expect(relay.errors.contains("certs/0."), "\(relay.errors)")
        #expect(relay.errors.contains("600"), "\(relay.errors)")
    }
}
