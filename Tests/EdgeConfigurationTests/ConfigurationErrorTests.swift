import EdgeConfiguration
import Testing

/// One mistake: text that is added to the smallest file, where it is found, and words that must be said of it.
struct MistakeRow: Sendable, CustomTestStringConvertible {
    let text: String
    let column: Int
    let words: [String]

    init(_ text: String, _ column: Int, _ words: String...) {
        self.text = text
        self.column = column
        self.words = words
    }

    var testDescription: String { self.text }
}

@Suite
struct ConfigurationErrorTests {
    /// Each is the sixth line.
    private static let mistakes: [MistakeRow] = [
        MistakeRow("admin_hots: a.test", 1, "unknown key \"admin_hots\"", "did you mean admin_host?"),
        MistakeRow("Listeners: []", 1, "did you mean listeners?"),
        MistakeRow("insecure-tunnel: true", 1, "did you mean insecure_tunnel?"),
        MistakeRow("sniff: 5s", 1, "did you mean timeouts.sniff?"),
        MistakeRow("upstream: a.test:1", 1, "did you mean routes.upstream?"),
        MistakeRow("zebra: 1", 1, "unknown key \"zebra\"", "known are admin_host, tunnel_host"),
        MistakeRow("timeouts: { snif: 5s }", 13, "in timeouts", "did you mean sniff?"),
        MistakeRow("timeouts: { streamidle: 5s }", 13, "did you mean stream_idle?"),
        MistakeRow("limits: { conections: 5 }", 11, "did you mean connections?"),
        MistakeRow("log: { levle: info }", 8, "did you mean level?"),
        MistakeRow("routes: [{ host: a.test, htpp: forward }]", 26, "in routes", "did you mean http?"),
        MistakeRow("timeouts: { sniff: 5 }", 20, "has no unit", "write 5s"),
        MistakeRow("timeouts: { sniff: 5 s }", 20, "is not a length of time", "100ms"),
        MistakeRow("timeouts: { sniff: 5sec }", 20, "is not a length of time"),
        MistakeRow("timeouts: { sniff: -5s }", 20, "is not a length of time"),
        MistakeRow("timeouts: { sniff: 0s }", 20, "from 1ms to 1d, not 0s"),
        MistakeRow("timeouts: { sniff: 2d }", 20, "from 1ms to 1d, not 2d"),
        MistakeRow("timeouts: { sniff: 9223372036854775807d }", 20, "is not a length of time"),
        MistakeRow("timeouts: { sniff: off }", 20, "cannot be off", "only stream_idle"),
        MistakeRow("timeouts: { idle: off }", 19, "cannot be off"),
        MistakeRow("timeouts: { sniff: [5s] }", 20, "must be a single value, not a list"),
        MistakeRow("timeouts: 5s", 11, "must be a mapping, not a single value", "its keys are sniff"),
        MistakeRow("limits: { preface: 65536 }", 20, "has no unit", "write 65536B"),
        MistakeRow("limits: { preface: 64kib }", 20, "is not a number of bytes", "64KiB"),
        MistakeRow("limits: { preface: 121KiB }", 20, "from 1KiB to 120KiB, not 121KiB"),
        MistakeRow("limits: { preface: 0B }", 20, "from 1KiB"),
        MistakeRow("limits: { connections: 5KiB }", 24, "must be a bare number"),
        MistakeRow("limits: { connections: 0 }", 24, "from 1 to"),
        MistakeRow("limits: { connections: 99999999999999999999 }", 24, "must be a bare number"),
        MistakeRow("limits: { resume_at: 1MiB }", 22, "less than stream_buffer (1MiB)"),
        MistakeRow("limits: { tunnel_buffer: 64KiB }", 26, "less than stream_buffer", "fit into its tunnel"),
        MistakeRow("limits: { stream_buffer: 32MiB }", 26, "less than stream_buffer"),
        MistakeRow("insecure_tunnel: yes", 18, "must be true or false"),
        MistakeRow("loops: many", 8, "must be a bare number"),
        MistakeRow("loops: 1025", 8, "from 0 to 1024"),
        MistakeRow("loops: -1", 8, "from 0 to 1024"),
        MistakeRow("state: [a]", 8, "must be a single value"),
        MistakeRow("user: \"\"", 7, "user is empty"),
        MistakeRow("log: { level: infos }", 15, "did you mean info?"),
        MistakeRow("log: { level: all }", 15, "one of trace, debug, info"),
        MistakeRow("log: { format: xml }", 16, "one of logfmt, json"),
        MistakeRow("ports: { pool: 30-20 }", 16, "is not a range of ports", "20000-29999"),
        MistakeRow("ports: { pool: 0-20 }", 16, "is not a range of ports"),
        MistakeRow("ports: { pool: 20- }", 16, "is not a range of ports"),
        MistakeRow("ports: { reserved: [70000] }", 21, "is not a range of ports"),
        MistakeRow("ports: { address: here }", 19, "is no address"),
        MistakeRow("ports: { per_token: -1 }", 21, "from 0 to 65535"),
        MistakeRow("routes: [{ host: \"*.*.test\" }]", 18, "is not a name or wildcard", "\"*.name\""),
        MistakeRow("routes: [{ tls: terminate }]", 10, "a route has no host"),
        MistakeRow("routes: [{ host: a.test, tls: end }]", 31, "one of pass_through, terminate"),
        MistakeRow("routes: [{ host: a.test, tls: pass-through }]", 31, "did you mean pass_through?"),
        MistakeRow("routes: [{ host: a.test, http: redirects }]", 32, "did you mean redirect?"),
        MistakeRow("routes: [{ host: a.test, balance: random }]", 35, "one of round_robin, least_connections"),
        MistakeRow("routes: [{ host: a.test, upstream: b.test }]", 36, "is not an address", "host:port"),
        MistakeRow("routes: [{ host: a.test, upstream: \"b.test:0\" }]", 36, "nowhere to connect to"),
        MistakeRow("routes: [{ host: a.test, upstream: \":80\" }]", 36, "nowhere to connect to"),
        MistakeRow("routes: [{ host: a.test, upstream: fd:x }]", 36, "nowhere to connect to"),
        MistakeRow("routes: [{ host: a.test, upstream: [\"b:1\", \"c:1\"] }]", 36, "several addresses are not"),
        MistakeRow("routes: [a.test]", 10, "routes must be a mapping"),
        MistakeRow("routes: [{ host: a.test }, { host: A.test }]", 28, "routes 1 and 2 are both for a.test"),
        MistakeRow("routes: [{ host: rvpn.example.com }]", 10, "which is the admin host"),
        MistakeRow("routes: [{ host: tunnel.example.com }]", 10, "which is a tunnel host"),
        MistakeRow("usage: { interval: 60 }", 20, "has no unit"),
        MistakeRow("metrics: { address: here }", 21, "is not an address"),
        MistakeRow("metrics: { adress: \":1\" }", 12, "did you mean address?"),
        MistakeRow("? [a]\n: b", 3, "a key must be a single word"),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamedWithItsPlaceAndMend(row: MistakeRow) throws {
        let found = errors(of: leastText + row.text)
        let error = try #require(found.first)
        #expect(found.count == 1)
        #expect(error.file == "rvpn.yaml")
        #expect(error.line == 6)
        #expect(error.column == row.column)
        for word in row.words { #expect(error.description.contains(word), "\(error)") }
    }

    /// Each takes the place of a part of the smallest file.
    @Test(arguments: [
        ("admin_host: rvpn.example.com\n", "", "admin_host is missing"),
        ("tunnel_host: tunnel.example.com\n", "", "tunnel_host is missing"),
        ("listeners: [\"[::]:443\", \"[::]:80\"]\n", "", "listeners is missing"),
        ("[\"[::]:443\", \"[::]:80\"]", "[]", "listeners is empty"),
        ("tunnel.example.com", "[]", "tunnel_host is empty"),
        ("tunnel.example.com", "rvpn.example.com", "both the admin host and a tunnel host"),
        ("tunnel.example.com", "[a.test, a.test]", "tunnel host a.test is written twice"),
        ("rvpn.example.com", "https://rvpn.example.com", "without scheme or port"),
        ("rvpn.example.com", "rvpn.example.com:443", "without scheme or port"),
        ("rvpn.example.com", "[a.test, b.test]", "admin_host must be a single value"),
        ("rvpn.example.com", "-..-", "is not a host name"),
        ("\"[::]:80\"", "\"[::]:443\"", "listener [::]:443 is written twice"),
        ("\"[::]:80\"", "\"[::]\"", "is not an address"),
        ("\"[::]:80\"", "{ fallback: refuse }", "a listener has no address"),
        ("\"[::]:80\"", "{ adress: \":80\" }", "did you mean address?"),
        ("\"[::]:80\"", "{ address: \":80\", fallback: accept }", "write refuse, tunnel NAME or HOST:PORT"),
        ("\"[::]:80\"", "{ address: \":80\", fallback: tunnel }", "write tunnel NAME"),
        ("\"[::]:80\"", "{ address: \":80\", fallback: \"a.test:0\" }", "nowhere to connect to"),
        ("\"[::]:80\"", "{ address: \":80\", fallback: tunnel rvpn.example.com }", "no tunnel can hold rvpn"),
        ("\"[::]:80\"", "{ address: \":80\", certificates: { dir: x } }", "in certificates of a listener"),
        ("{ directory: certs }", "certs", "certificates must be a mapping"),
        ("{ directory: certs }", "{ default: a.test }", "default names a certificate"),
        ("{ directory: certs }", "{ entries: [{ key: a }] }", "has no chain"),
        ("[{ file: secret }]", "[{ kid: a }]", "a secret has no file"),
        ("[{ file: secret }]", "[{ file: s, algorithms: [RS256] }]", "is not known"),
        ("[{ file: secret }]", "[{ file: s, algorithms: [] }]", "algorithms is empty"),
        ("[{ file: secret }]", "[{ file: s, domains: [] }]", "domains is empty"),
        ("[{ file: secret }]", "[{ file: s, domains: [\"a*\"] }]", "is not a name or wildcard"),
    ])
    func whatIsMissingOrMisplacedIsNamed(part: String, instead: String, words: String) throws {
        let found = errors(of: leastText.replacing(part, with: instead))
        #expect(found.contains { $0.description.contains(words) }, "\(found)")
    }

    @Test
    func aSecretInTheWrongPlaceIsNotRepeated() {
        for form in ["abc123", "[abc123]", "\"abc123\""] {
            let found = errors(of: leastText.replacing("[{ file: secret }]", with: form))
            #expect(found.count == 1)
            #expect(!"\(found)".contains("abc123"))
            #expect("\(found)".contains("{ file: FILE }"))
        }
    }

    @Test
    func everyErrorIsFoundAtOnceInTheOrderOfTheLines() {
        let text = """
            admin_host: "a b"
            tunnel_hosts: tunnel.example.com
            listeners: ["[::]:443"]
            timeouts: { ping: 5, pong: 6 }
            loops: x
            """
        let found = errors(of: text)
        #expect(found.map(\.line) == [1, 2, 4, 4, 5, nil])
        #expect(found.map(\.column) == [13, 1, 19, 28, 8, nil])
        let failure = ConfigurationFailure(errors: found)
        #expect(failure.description.split(separator: "\n").count == 6)
        #expect(failure.description.contains("rvpn.yaml:5:8: loops must be a bare number"))
        #expect(failure.description.contains("rvpn.yaml: tunnel_host is missing"))
    }

    @Test
    func whatIsNoYAMLIsNamedWithItsPlace() throws {
        for (text, line) in [("a: [1\nb: 2", 2), ("a: 1\n\tb: 2", 2), ("a: 'x", 1), ("a: *nobody", 1)] {
            let found = errors(of: text)
            #expect(found.count == 1)
            #expect(found.first?.line == line, "\(found)")
        }
        let twice = errors(of: leastText + "loops: 1\nloops: 2\n")
        #expect(twice.map(\.message) == ["written more than once: loops"])
        #expect(errors(of: "a: 1\n---\nb: 2").count == 1)
    }

    @Test
    func aFileOfSomethingElseIsNoMapping() {
        for text in ["- a", "just words", "5"] {
            #expect(errors(of: text).first?.message.hasPrefix("the file must be a mapping") == true)
        }
        for text in ["", "# nothing", "~"] { #expect(errors(of: text).count == 3) }
    }

    @Test
    func nestedAliasesDoNotFillTheMemory() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let list = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(list)]\n"
        }
        #expect(errors(of: text).map(\.message) == ["more than 1000000 values, aliases counted"])
    }
}
