import EdgeTunnel
import Testing

@Suite
struct ControlMessageTests {
    private static func read(_ text: String) -> ControlMessage {
        ControlMessage(parsing: Array(text.utf8))
    }

    @Test
    func messagesAreWrittenAsTheAncestorsWriteThem() {
        let cases: [(ControlMessage, String)] = [
            (.hello, #"[1,"hello",[1],["add_token","delete_token"]]"#),
            (.reply(id: 457_787_035), "[-457787035,null]"),
            (
                .reply(id: 798_606_958, fault: .invalidToken),
                #"[-798606958,{"message":"invalid access token","code":"E_INVALID_TOKEN"}]"#
            ),
            (.fault(.invalidToken), #"[0,{"message":"invalid access token","code":"E_INVALID_TOKEN"}]"#),
            (.reply(id: 2, fault: .invalidName), #"[-2,{"message":"invalid server name","code":"E_INVALID_NAME"}]"#),
            (
                .reply(id: 3, fault: .tokenNotPresent),
                #"[-3,{"message":"specified token not present","code":"E_INVALID_TOKEN"}]"#
            ),
            (
                .reply(id: 4, fault: .unknownCommand("x")),
                #"[-4,{"message":"unknown command \"x\"","code":"E_UNKNOWN_COMMAND"}]"#
            ),
            (
                .fault(.badCommand(#"["a"]"#)),
                #"[0,{"message":"received bad command \"[\"a\"]\"","code":"E_BAD_COMMAND"}]"#
            ),
            (
                .fault(.goingAway("the relay restarts", retry: 7)),
                #"[0,{"message":"the relay restarts","code":"E_GOING_AWAY","retry":7}]"#
            ),
            (.addToken(id: 5, token: AccessToken("a.b.c")), #"[5,"add_token","a.b.c"]"#),
            (.deleteToken(id: 6, token: AccessToken("a.b.c")), #"[6,"delete_token","a.b.c"]"#),
            (.deleteToken(id: 7, token: nil), #"[7,"delete_token","*"]"#),
            (.accessToken(id: 3, token: AccessToken("a.b.c")), #"[3,"access_token",{"jwt":"a.b.c"}]"#),
            (
                .grant(
                    id: 2,
                    [
                        ControlGrant(service: "https", name: "a.example.com", port: 443),
                        ControlGrant(service: "tcp", name: "", port: 2222),
                        ControlGrant(service: "http", name: "*.b.example.com", port: nil),
                    ]
                ),
                #"[2,"grant",[["https","a.example.com",443],["tcp","",2222],["http","*.b.example.com"]]]"#
            ),
            (
                .auth(
                    id: 8,
                    AuthenticationRequest(subject: "me@example.com", subjectScheme: "mailto", hostname: "box")
                ),
                #"[8,"auth",{"subject":"me@example.com","subject_scheme":"mailto","hostname":"box"}]"#
            ),
            (.unknown(id: 9, command: "dance"), #"[9,"dance"]"#),
        ]
        for (message, text) in cases {
            #expect(message.json == text)
            #expect(Self.read(text) == message)
        }
        #expect(
            ControlFault.noConnection.json == #"{"message":"no matching connection","code":"E_NO_CONN"}"#
        )
        #expect(ControlFault.noConnection.json.utf8.count == 55)
    }

    @Test
    func textIsEscapedAsJSONWantsIt() {
        let text = "quote \" back \\ line \n tab \t bell \u{7} back \u{8} feed \u{C} return \r ü 🚇"
        let fault = ControlFault(message: text, code: "E_X")
        let escaped = #"quote \" back \\ line \n tab \t bell \u0007 back \b feed \f return \r ü 🚇"#
        #expect(fault.json == #"{"message":""# + escaped + #"","code":"E_X"}"#)
        #expect(Self.read(ControlMessage.fault(fault).json) == .fault(fault))
    }

    @Test
    func whatIsWrittenLooselyIsUnderstood() {
        let cases: [(String, ControlMessage)] = [
            ("[-1]", .reply(id: 1)),
            (" [ -1 , null ] ", .reply(id: 1)),
            ("[-5,null,{\"a\":1}]", .reply(id: 5, fault: nil, hasResult: true)),
            ("[-5,{}]", .reply(id: 5, fault: ControlFault(message: "", code: ""))),
            ("[-5,\"no\"]", .reply(id: 5, fault: ControlFault(message: "no", code: ""))),
            ("[-5,7]", .reply(id: 5, fault: ControlFault(message: "", code: ""))),
            ("[-5,{\"message\":7,\"code\":\"E\"}]", .reply(id: 5, fault: ControlFault(message: "", code: "E"))),
            ("[0]", .fault(ControlFault(message: "", code: ""))),
            ("[0,{}]", .fault(ControlFault(message: "", code: ""))),
            ("[5,\"add_token\"]", .addToken(id: 5, token: AccessToken(""))),
            ("[5,\"add_token\",7]", .addToken(id: 5, token: AccessToken(""))),
            ("[5,\"delete_token\"]", .deleteToken(id: 5, token: AccessToken(""))),
            ("[5,\"auth\"]", .auth(id: 5, AuthenticationRequest())),
            ("[5,\"auth\",{\"subject\":7,\"scope\":\"x\"}]", .auth(id: 5, AuthenticationRequest(scope: "x"))),
            ("[5,\"grant\"]", .grant(id: 5, [])),
            (
                "[2,\"grant\",[[\"ssh\",\"ssh.x\",[\"5050\"]],[\"ssh\",\"y\",[22]],[\"tcp\",\"t\",null],[\"https\",\"d\",99999]]]",
                .grant(
                    id: 2,
                    [
                        ControlGrant(service: "ssh", name: "ssh.x", port: 5050),
                        ControlGrant(service: "ssh", name: "y", port: 22),
                        ControlGrant(service: "tcp", name: "t", port: nil),
                        ControlGrant(service: "https", name: "d", port: nil),
                    ]
                )
            ),
            ("[5]", .unknown(id: 5, command: "")),
            ("[5,7]", .unknown(id: 5, command: "")),
            ("[1,\"hello\"]", .hello(id: 1, versions: [], commands: [])),
            ("[1000000000,\"add_token\",\"t\"]", .addToken(id: 1_000_000_000, token: AccessToken("t"))),
        ]
        for (text, message) in cases { #expect(Self.read(text) == message, "\(text)") }
    }

    @Test(arguments: [
        "", " ", "null", "{}", "[]", "7", "\"text\"", "[null]", "[\"hello\"]", "[1.5,\"hello\"]", "[true]", "[1,",
        "[-9223372036854775808,null]", "[99999999999999999999,\"hello\"]", "\u{0}", "[[[[[[[[[[", "GET / HTTP/1.1",
    ])
    func whatIsNoMessageIsMalformed(text: String) {
        #expect(Self.read(text) == .malformed(text: text))
    }

    @Test
    func aMalformedMessageIsAnsweredWithItsBeginning() {
        let message = Self.read(String(repeating: "x", count: 1000))
        guard case .malformed(let text) = message else {
            Issue.record("not malformed")
            return
        }
        #expect(text == String(repeating: "x", count: 200))
        let answer = ControlMessage.fault(.badCommand("nonsense \"here\""))
        #expect(
            answer.json == #"[0,{"message":"received bad command \"nonsense \"here\"\"","code":"E_BAD_COMMAND"}]"#
        )
    }

    @Test
    func aDeepOrLongMessageCostsLittle() {
        let deep = String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000)
        #expect(Self.read(deep) == .malformed(text: String(deep.prefix(200))))
        #expect(Self.read("[1,\"dance\",\(deep)]") == .malformed(text: "[1,\"dance\"," + String(deep.prefix(189))))
        let long = "[5,\"grant\",[" + [String](repeating: "[{},{},{}]", count: 6000).joined(separator: ",") + "]]"
        guard case .grant(5, let grants) = Self.read(long) else {
            Issue.record("no grant")
            return
        }
        #expect(grants.count <= 1024)
    }

    @Test
    func aCommandThatIsNoTextIsUnknown() {
        let message = ControlMessage(parsing: [0x5B, 0x31, 0x2C, 0x22, 0xFF, 0x22, 0x5D])
        #expect(message == .unknown(id: 1, command: ""))
    }

    @Test
    func noTokenIsInAnyDescription() {
        let token = AccessToken("SECRET")
        let messages: [ControlMessage] = [
            .addToken(id: 1, token: token), .deleteToken(id: 2, token: token), .accessToken(id: 3, token: token),
            .auth(id: 4, AuthenticationRequest(oneTimePassword: token)), .malformed(text: "[\"SECRET\"]"),
            .unknown(id: 5, command: "SECRET"),
        ]
        for message in messages {
            var dumped = ""
            dump(message, to: &dumped)
            dump([message], to: &dumped)
            for text in ["\(message)", String(reflecting: message), "\([message])", dumped] {
                #expect(!text.contains("SECRET"))
            }
        }
        #expect("\(token)" == "•••")
        #expect("\(AuthenticationRequest(oneTimePassword: token))".contains("•••"))
    }

    @Test
    func changedMessagesNeverTrap() {
        var numbers = SeededNumbers(seed: 11)
        let texts = [
            #"[1,"hello",[1],["add_token","delete_token"]]"#, #"[5,"add_token","a.b.c"]"#, #"[-5,{"message":"x"},{}]"#,
            #"[2,"grant",[["https","a",443],["tcp","b",[1,2]]]]"#, #"[8,"auth",{"subject":"x","scope":["y"]}]"#,
        ]
        for text in texts {
            for _ in 0..<400 {
                var bytes = Array(text.utf8)
                for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                    let octet = "[]{}\",:0-9e\\nul".utf8.randomElement(using: &numbers) ?? 0
                    bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = octet
                }
                let message = ControlMessage(parsing: bytes)
                if case .malformed = message { continue }
                #expect(ControlMessage(parsing: Array(message.json.utf8)).json == message.json)
            }
        }
    }
}
