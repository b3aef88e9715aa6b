import EdgeTestKit
import Testing

/// A visitor's own WebSocket through the tunnel.
@Suite
struct WebSocketTests {
    @Test
    func aWebSocketPassesThroughPlainAndTerminated() throws {
        var setup = RelaySetup()
        setup.certificates.append((["shop.example.test"], .ecdsa))
        setup.routes = ["{ host: shop.example.test, tls: terminate }"]
        let site = try Site(["shop.example.test"], setup)
        let secure = try SecureConnection(dialling: site.relay.dial(), name: "shop.example.test", authority: nil)
        for connection in [try site.relay.dial() as any ByteConnection, secure] {
            let visitor = try ScriptedClient(visiting: connection, host: "shop.example.test")
            #expect(visitor.isUpgraded)
            #expect(visitor.answer.head["Sec-WebSocket-Accept"] == [RawFrame.accept("MTMtMTc5NTQ3NTk4NjY5MA==")])
            for size in [0, 1, 125, 126, 65_535, 65_536, 1_000_000] {
                let frame = RawFrame(.binary, Pattern.bytes(size))
                try visitor.send(frame)
                #expect(try visitor.nextFrame() == frame, "\(size) bytes")
            }
            try visitor.send(RawFrame(.close, [0x03, 0xE8]))
            #expect(try visitor.nextFrame()?.closeCode == 1000)
        }
        try site.stop()
    }

    @Test
    func curlsUpgradeIsAnswered() throws {
        let site = try Site(["app.example.test"])
        let answer = try site.curl.get(
            "http://app.example.test/greeting",
            ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13"]
                + ["-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        )
        #expect(answer.head.status == 101)
        #expect(answer.head["Sec-WebSocket-Accept"] == ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="])
        #expect(answer.body == RawFrame(.text, Array("hello".utf8)).bytes(isMasked: false))
    }
}
