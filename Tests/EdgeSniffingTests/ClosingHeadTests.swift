import EdgeSniffing
import Testing

@Suite
struct ClosingHeadTests {
    private func closing(_ head: String) -> String {
        let bytes = Array(head.utf8)
        return String(decoding: HTTPPreface.closingHead(of: bytes.span.bytes), as: UTF8.self)
    }

    @Test
    func connectionFieldsGoAndTheRestStays() {
        let head = """
            GET /a?token=abc123 HTTP/1.1\r
            Host: a.test\r
            CONNECTION: keep-alive\r
            Keep-Alive: timeout=5\r
            X-Connection: stays\r
            proxy-connection: keep-alive\r
            Connection: te\r
            Accept:  */*\r
            \r

            """
        let expected = """
            GET /a?token=abc123 HTTP/1.1\r
            Host: a.test\r
            X-Connection: stays\r
            Accept:  */*\r
            Connection: close\r
            \r

            """
        #expect(self.closing(head) == expected)
    }

    @Test
    func aHeadWithoutAConnectionFieldGetsOne() {
        #expect(self.closing("GET / HTTP/1.0\r\n\r\n") == "GET / HTTP/1.0\r\nConnection: close\r\n\r\n")
        #expect(self.closing("GET / HTTP/1.1\nHost: a\n\n") == "GET / HTTP/1.1\nHost: a\nConnection: close\r\n\r\n")
    }

    @Test
    func whatLiesAroundTheHeadIsLeftOut() {
        #expect(self.closing("\r\nGET / HTTP/1.1\r\n\r\nbody") == "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    }

    @Test
    func theNewHeadIsARequestAgain() throws {
        let head = Array("POST /x HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n".utf8)
        let closed = HTTPPreface.closingHead(of: head.span.bytes)
        let before = try #require(preface(try sniff(head)))
        var after = try #require(preface(try sniff(closed)))
        #expect(after.headLength == closed.count)
        after.headLength = before.headLength
        #expect(after == before)
    }

    @Test
    func bytesThatAreNoHeadDoNotTrap() {
        #expect(self.closing("") == "Connection: close\r\n\r\n")
        #expect(self.closing("\n\n\r\n") == "Connection: close\r\n\r\n")
        #expect(
            self.closing("GET / HTTP/1.1\r\nConnection: a\r\n folded") == "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
        )
    }
}
