import EdgeAdmin
import EdgeMetering
import EdgeTypes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StatusPageTests {
    private func page(_ control: StubRelay) async throws -> String {
        try await LoopbackSite(control: control).ask("GET", "/").body
    }

    @Test
    func whatAPeerSaysStaysText() async throws {
        let hostile = #"<script>alert("1")</script>'&"# + "\u{0}\u{1B}"
        let page = try await self.page(
            StubRelay(
                tunnels: [StubRelay.tunnel(1, identity: hostile)],
                names: [NameStatus(pattern: #"" onload="x"#, tunnels: [hostile], lastSeen: nil)],
                certificates: [CertificateStatus(names: [hostile], notAfter: 0, key: hostile)]
            )
        )
        #expect(!page.contains("<script>alert"))
        #expect(!page.contains(#"" onload="#))
        #expect(!page.contains("\u{0}"))
        #expect(!page.contains("\u{1B}"))
        let escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;\u{FFFD}\u{FFFD}"
        #expect(page.ranges(of: escaped).count >= 4)
        #expect(page.contains("data-key=\"&quot; onload=&quot;x\""))
    }

    @Test
    func theTablesAreWholeWithoutAScript() async throws {
        let page = try await self.page(
            StubRelay(
                tunnels: [StubRelay.tunnel(7, identity: "one")],
                names: [
                    NameStatus(pattern: "gone.example.com", tunnels: [], lastSeen: StubRelay.started - 30),
                    NameStatus(pattern: "here.example.com", tunnels: ["t7"], lastSeen: nil),
                ],
                connections: [StubRelay.connection(42, raw: MeterReading(received: 3 << 20, sent: 1_610_612_736))]
            )
        )
        for text in ["c42", "192.0.2.1:4711", "pass_through", "3.0 MiB", "1.5 GiB", "10 s"] {
            #expect(page.contains(">\(text)</td>"), "\(text)")
        }
        for text in ["t7", "one", "1.5 KiB", "1 min 0 s", "5 s ago", "a.example.com, *.b.example.com"] {
            #expect(page.contains(">\(text)</td>"), "\(text)")
        }
        #expect(page.contains("2 min 0 s ago"))
        let here = try #require(page.firstRange(of: "here.example.com"))
        let gone = try #require(page.firstRange(of: "gone.example.com"))
        #expect(here.lowerBound < gone.lowerBound)
    }

    @Test(arguments: [
        (784_111_777, "1994-11-06 08:49 UTC", "bad", "expired"),
        (StubRelay.started + 90 + 86_400 * 3 + 7200, "2023-11-18 00:14 UTC", "warn", "in 3 d 2 h"),
        (1_709_164_800, "2024-02-29 00:00 UTC", "good", "in 106 d 1 h"),
        (4_102_444_799, "2099-12-31 23:59 UTC", "good", "in 27806 d 1 h"),
    ])
    func aCertificateTellsWhenItExpires(notAfter: Int, date: String, style: String, text: String) async throws {
        let page = try await self.page(
            StubRelay(certificates: [CertificateStatus(names: ["a.test"], notAfter: notAfter, key: "EC P-256")])
        )
        #expect(page.contains(">\(date)</td>"))
        #expect(page.contains(#"<span class="badge \#(style)">\#(text)</span>"#))
    }

    @Test
    func longListsAreCutAndSayHowLongTheyAre() async throws {
        let control = StubRelay(connections: (1...1003).map { StubRelay.connection($0) })
        let status = await control.status()
        #expect(status.connections.count == RelayStatus.listLimit)
        #expect(status.connectionCount == 1003)
        #expect(status.connections.first?.id == "c1003")
        let page = try await self.page(control)
        #expect(page.contains("and 3 more"))
        #expect(page.contains(#"<span class="count" id="count-connections">1003</span>"#))
    }
}
