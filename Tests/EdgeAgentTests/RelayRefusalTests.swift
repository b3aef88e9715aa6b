import EdgeAgent
import Testing

@Suite("What a refusal says to a person")
struct RelayRefusalTests {
    @Test(
        arguments: [
            (
                409, #"{"error":{"message":"a.test is taken","code":"E_NAME_TAKEN"},"reason":"name_taken"}"#,
                "another client"
            ),
            (
                403, #"{"error":{"message":"invalid server name","code":"E_INVALID_NAME"}}"#,
                "grants the names and ports"
            ),
            (401, #"{"error":{"message":"invalid access token","code":"E_INVALID_TOKEN"}}"#, "a token, or a secret"),
            (401, #"{"error":{"message":"x"},"reason":"token_expired"}"#, "make a new one"),
            (404, "<!doctype html>", "--relay"),
        ]
    )
    func itNamesTheMend(status: Int, body: String, mend: String) {
        let refusal = RelayRefusal(status: status, body: body)
        #expect(refusal.description.contains(mend), "\(refusal)")
        #expect(refusal.description.contains("(\(status))"))
        #expect(refusal.isLasting)
    }

    @Test
    func whatTheRelaySaysIsRepeated() {
        let body = #"{"error":{"message":"port 2222 is taken","code":"E_PORT_TAKEN"}}"#
        #expect(
            RelayRefusal(status: 409, body: body).description.hasPrefix("the relay refused: port 2222 is taken (409); ")
        )
        #expect(RelayRefusal(status: 500, body: "").description == "the relay refused: 500")
    }

    @Test
    func nothingSteersTheTerminal() {
        let body = #"{"error":{"message":"a\u001b[2J\u0007\nb","code":"x"}}"#
        #expect(RelayRefusal(status: 503, body: body).description == "the relay refused: a[2Jb (503)")
        #expect(RelayRefusal(status: 503, body: "one\r\ntwo").description == "the relay refused: one (503)")
        let long = RelayRefusal(status: 503, body: String(repeating: "a", count: 4096))
        #expect(long.description.count < 300)
    }

    @Test(arguments: [429, 500, 502, 503, 301])
    func whatMayPassIsNotForGood(status: Int) {
        #expect(!RelayRefusal(status: status, body: "").isLasting)
    }
}
