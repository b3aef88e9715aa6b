import EdgeOpenSSL
import Testing

@Suite
struct CertificateTests {
    /// An ECDSA certificate with two DNS names, two addresses and a mail address.
    private static let leaf = """
        -----BEGIN CERTIFICATE-----
        MIIB/DCCAaKgAwIBAgIUA3CaZv6ogK6Gajd3xjW5M8UvVNUwCgYIKoZIzj0EAwIw
        LjEQMA4GA1UECgwHRXhhbXBsZTEaMBgGA1UEAwwRRXhhbXBsZSBBdXRob3JpdHkw
        HhcNMjYxMTI0MTE1MjIwWhcNMzYxMTIxMTE1MjIwWjApMRAwDgYDVQQKDAdFeGFt
        cGxlMRUwEwYDVQQDDAxleGFtcGxlLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
        BwNCAARUess9EaZSolWzhkRY3vajV4jIEmXricyqto5pvcNubPax1A/B/mqftf65
        9auG2ZvPb5s7rxMEYdf2azkmwZclo4GiMIGfMB0GA1UdDgQWBBT6wGobjL4IH1Og
        igctw9Boujb6WTAfBgNVHSMEGDAWgBRgbsHXkKcbFYwYNDSYG7n5GIggHzAMBgNV
        HRMBAf8EAjAAME8GA1UdEQRIMEaCDGV4YW1wbGUudGVzdIIOKi5leGFtcGxlLnRl
        c3SHBMAAAgGHECABDbgAAAAAAAAAAAAAAAGBDmFAZXhhbXBsZS50ZXN0MAoGCCqG
        SM49BAMCA0gAMEUCICG+NTnRllxMGeUwL89dAhWsRZmdqmeBWxxE+3pCjjg6AiEA
        +PoGphk3yXquBUiroJfuee/W/xtbbz6y0oNRnnHiwVo=
        -----END CERTIFICATE-----

        """

    /// The authority that signed the leaf.
    private static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBsTCCAVegAwIBAgIUCuIenOUFhMMRSaw5lNmtCu1H4fkwCgYIKoZIzj0EAwIw
        LjEQMA4GA1UECgwHRXhhbXBsZTEaMBgGA1UEAwwRRXhhbXBsZSBBdXRob3JpdHkw
        HhcNMjYxMTI0MTE1MjIwWhcNMzYxMTIxMTE1MjIwWjAuMRAwDgYDVQQKDAdFeGFt
        cGxlMRowGAYDVQQDDBFFeGFtcGxlIEF1dGhvcml0eTBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABJg5kKJQhS5lffH5jJomvEU5a56QpKHNVyMDqSZIue5OaoHBCpWN
        6ND8HwmERRvgFiyaViRp3BHZ0WjloFbmft6jUzBRMB0GA1UdDgQWBBRgbsHXkKcb
        FYwYNDSYG7n5GIggHzAfBgNVHSMEGDAWgBRgbsHXkKcbFYwYNDSYG7n5GIggHzAP
        BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIEn3JLbZikJpP7btqpHs
        xqHeQRprOFLhlqo/79c+BTPdAiEA0N5Vu8tTAwj+IrWEL/8q4D+VfiX+zG2jxWZF
        BgpAKII=
        -----END CERTIFICATE-----

        """

    /// An Ed25519 certificate without subject alternative name and with two common names.
    private static let old = """
        -----BEGIN CERTIFICATE-----
        MIIBYTCCAROgAwIBAgIUVVpotAJoZerXTUpqvFpnzXf6K0MwBQYDK2VwMCYxETAP
        BgNVBAMMCE9sZCBIb3N0MREwDwYDVQQDDAhvbGQudGVzdDAeFw0yNjExMjQxMTUy
        MjFaFw0zNjExMjExMTUyMjFaMCYxETAPBgNVBAMMCE9sZCBIb3N0MREwDwYDVQQD
        DAhvbGQudGVzdDAqMAUGAytlcAMhAA4VDv+5tTP/2qSdJ6byoXILClnR9/ECrXWa
        UT3bdSUwo1MwUTAdBgNVHQ4EFgQUB/k298lDtGwVyj4ZZC4QxBp7iXkwHwYDVR0j
        BBgwFoAUB/k298lDtGwVyj4ZZC4QxBp7iXkwDwYDVR0TAQH/BAUwAwEB/zAFBgMr
        ZXADQQCVqwTweuiG73h6xJKbUo2dRQsg6vRdNvq++IFnY6ZRTufjTI46+lqnZyvv
        YV29MB+c9DvPPXXU8fwLjGv/UCEO
        -----END CERTIFICATE-----

        """

    private func certificate(_ pem: String) throws -> Certificate {
        try Certificate(chainPEM: Array(pem.utf8))
    }

    @Test
    func everythingIsReadFromTheLeaf() throws {
        let certificate = try self.certificate(Self.leaf + Self.authority)
        #expect(certificate.subject == "CN=example.test,O=Example")
        #expect(certificate.issuer == "CN=Example Authority,O=Example")
        #expect(certificate.names == ["example.test", "*.example.test", "192.0.2.1", "2001:db8:0:0:0:0:0:1"])
        #expect(certificate.notBefore == 1_795_521_140)
        #expect(certificate.notAfter == 2_110_881_140)
        #expect(certificate.keyKind == .ecdsa)
        #expect(certificate.fingerprint == "eaf17f57ba2a011dc9b4070e290557eaeab65ed769cb6b5270c864a1e2dc9097")
    }

    @Test
    func theLastCommonNameCountsWithoutAlternativeNames() throws {
        let certificate = try self.certificate(Self.old)
        #expect(certificate.names == ["old.test"])
        #expect(certificate.keyKind == .ed25519)
    }

    @Test
    func textAroundCertificatesIsPassedOver() throws {
        let certificate = try self.certificate("Subject: anything\n" + Self.leaf + "the end\n")
        #expect(certificate.subject == "CN=example.test,O=Example")
    }

    @Test
    func aChainInOrderHasNoBreak() throws {
        #expect(try Certificate.breakInChain(Array((Self.leaf + Self.authority).utf8)) == nil)
        #expect(try Certificate.breakInChain(Array(Self.leaf.utf8)) == nil)
    }

    @Test
    func aChainOutOfOrderSaysWhere() throws {
        #expect(try Certificate.breakInChain(Array((Self.authority + Self.leaf).utf8)) == 1)
        #expect(try Certificate.breakInChain(Array((Self.leaf + Self.authority + Self.old).utf8)) == 2)
    }

    @Test
    func withoutCertificateThereIsNone() {
        for text in ["", "hello", "-----BEGIN PRIVATE KEY-----\nabc1\n-----END PRIVATE KEY-----\n"] {
            #expect(throws: OpenSSLError(cause: .noCertificate)) { try self.certificate(text) }
        }
    }

    @Test
    func everyTruncationIsReadOrRefused() throws {
        let whole = Array(Self.leaf.utf8)
        for count in 0..<whole.count {
            do throws(OpenSSLError) {
                let certificate = try Certificate(chainPEM: Array(whole.prefix(count)))
                #expect(certificate.subject == "CN=example.test,O=Example")
            } catch {
                #expect(error.cause == .noCertificate || error.cause == .unreadableCertificate, "at \(count)")
            }
        }
    }

    @Test
    func aBrokenCertificateKeepsOpenSSLsReason() {
        let broken = Self.leaf.replacing("MIIB/DCC", with: "MIIB/DCD")
        do throws(OpenSSLError) {
            _ = try Certificate(chainPEM: Array(broken.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.cause == .unreadableCertificate)
            #expect(!error.reasons.isEmpty)
            #expect(error.description.hasPrefix("a certificate cannot be read ("))
        }
    }
}
