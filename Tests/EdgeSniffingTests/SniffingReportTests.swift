import EdgeSniffing
import EdgeTypes
import Foundation
import Testing

@Suite
struct SniffingReportTests {
    @Test
    func aHelloIsALineOfJSON() {
        let report = SniffingReport(
            .tls(
                ClientHello(
                    serverName: Hostname("a.test"),
                    applicationProtocols: ["h2"],
                    versions: [0x0304, 0x0303, 0x7F12],
                    hasGREASE: true,
                    hasPostQuantumKeyShare: true,
                    length: 517
                )
            )
        )
        let expected =
            #"{"protocol":"tls","sni":"a.test","alpn":["h2"],"versions":["1.3","1.2","0x7f12"],"grease":true,"#
            + #""pq":true,"ech":false,"records":1,"bytes":517}"#
        #expect(report.json == expected)
        #expect(
            report.line
                == "TLS, for a.test, alpn h2, versions 1.3,1.2,0x7f12, grease, post-quantum, 517 bytes in 1 record"
        )
    }

    @Test
    func aRequestIsALineOfJSON() {
        let report = SniffingReport(
            .http(HTTPPreface(method: "GET", target: "/?token=•••", path: "/", rawHost: "a\"b", headLength: 20))
        )
        let expected =
            #"{"protocol":"http","host":"a\"b","method":"GET","target":"/?token=•••","version":"1.1","acme":false,"#
            + #""bytes":20}"#
        #expect(report.json == expected)
    }

    @Test
    func theRestIsOneLineToo() {
        #expect(SniffingReport(.opaque).json == #"{"protocol":"opaque"}"#)
        #expect(SniffingReport(.http2Preface).json == #"{"protocol":"http2","bytes":24}"#)
        #expect(
            SniffingReport(.ssh(SSHBanner(protocolVersion: "2.0", text: "SSH-2.0-x"))).json
                == #"{"protocol":"ssh","version":"2.0","banner":"SSH-2.0-x"}"#
        )
        #expect(
            SniffingReport(.obsoleteTLS(ObsoleteTLS(framing: .ssl2, version: 2))).json
                == #"{"protocol":"obsolete_tls","framing":"ssl2","versions":["ssl2"]}"#
        )
        #expect(SniffingReport(.tls(ClientHello())).json.contains(#""sni":null,"alpn":[]"#))
        #expect(
            SniffingReport(SniffingError.malformedRequest(.folding)).json
                == #"{"error":"malformed_request","detail":"malformed request: a field line that begins with white space","#
                + #""status":400}"#
        )
        #expect(SniffingReport(SniffingError.malformedHello(.emptyRecord)).json.hasSuffix(#","alert":50}"#))
    }

    @Test
    func whatAPeerWroteIsEscapedAndComesBackWhole() throws {
        let hostile = "\u{0}\u{1B}[31m\"\\\n\r\t\u{7F}\u{9B}\u{2028}é😀/</script>"
        let report = SniffingReport(.ssh(SSHBanner(protocolVersion: "2.0", text: hostile)))
        let decoded = try JSONDecoder().decode([String: String].self, from: Data(report.json.utf8))
        #expect(decoded["banner"] == hostile)
        for line in [report.json, report.line] {
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x2028 })
        }
        #expect(report.line.unicodeScalars.allSatisfy { $0.isASCII })
    }
}
