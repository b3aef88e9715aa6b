import EdgeOpenSSL
import Testing

@Suite
struct MessageDigestTests {
    @Test
    func theStandardsVectorsAreMet() {
        let message = Array("abc".utf8)
        #expect(sha1(message) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            sha256(message)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        let long = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        #expect(sha1(long) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    }

    @Test
    func nothingHasADigestToo() {
        let nothing: [UInt8] = []
        #expect(sha1(nothing) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(
            sha256(nothing)
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test
    func aWebSocketKeyGivesTheAnswerOfTheStandard() {
        let key = Array("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        let digest = MessageDigest.sha1(key.span.bytes)
        #expect(base64(digest) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }
}
