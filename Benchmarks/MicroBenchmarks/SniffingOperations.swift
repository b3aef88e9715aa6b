import EdgeOpenSSL
import EdgeSniffing
import EdgeTypes

/// The sniffer's work: once for every arrival.
enum SniffingOperations {
    /// A browser's request head.
    private static let head = """
        GET /assets/application-3f2a9c.js?version=41 HTTP/1.1\r
        Host: app.customer-4711.example.com\r
        Connection: keep-alive\r
        sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"\r
        sec-ch-ua-mobile: ?0\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
        Accept: */*\r
        Sec-Fetch-Site: same-origin\r
        Sec-Fetch-Mode: no-cors\r
        Sec-Fetch-Dest: script\r
        Referer: http://app.customer-4711.example.com/dashboard\r
        Accept-Encoding: gzip, deflate\r
        Accept-Language: en-GB,en;q=0.9\r
        Cookie: session=2f7a9be0c14d4f5e8c3b6a7d9e0f1a2b; theme=dark\r
        \r

        """

    /// - Returns: the operations.
    /// - Throws: where OpenSSL makes no hello.
    static func all() throws -> [Operation] {
        let name = "app.customer-4711.example.com"
        return [
            self.sniffing("sniffer.hello.browser", BrowserHello.record(for: name)),
            self.sniffing("sniffer.hello.openssl", try self.openSSLHello(for: name)),
            self.sniffing("sniffer.http", Array(self.head.utf8)),
            Operation.single("hostname.parse") { [bytes = Array(name.utf8)] in keep(Hostname(utf8: bytes.span.bytes)) },
        ]
    }

    private static func sniffing(_ name: String, _ bytes: [UInt8]) -> Operation {
        let sniffer = Sniffer(limits: SniffingLimits())
        return Operation.single(name) { keep(try? sniffer.sniff(bytes.span.bytes, ended: false)) }
    }

    private static func openSSLHello(for name: String) throws -> [UInt8] {
        let context = try TLSContext(trusting: .nothing, applicationProtocols: ["http/1.1"])
        let connection = try TLSConnection(connecting: context, name: name, isAddress: false)
        var consumed = 0
        _ = connection.handshake(RawSpan(), consumed: &consumed)
        return connection.takePendingOutput()
    }
}
