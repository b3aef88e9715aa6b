import EdgeTestKit

/// What ended one of the older servers or clients, as a tunnel client sends it to the relay.
struct AncestorCrash: Sendable {
    /// What must come of it.
    enum Outcome: Sendable {
        /// The stream goes on, and its visitor has got these bytes.
        case goesOn(String)
        /// The stream is over, the tunnel goes on.
        case endsStream
        /// The tunnel is closed with one of these codes.
        case closes(Set<Int>)
    }

    let name: String
    let outcome: Outcome
    /// The frames, for a stream that was opened with this packet.
    let frames: @Sendable (RawPacket) -> [RawFrame]

    private static func data(_ opening: RawPacket, _ text: String) -> [UInt8] {
        RawPacket(answering: opening, Array(text.utf8)).bytes
    }

    private static func packet(_ header: String, _ body: String) -> RawFrame {
        RawFrame(.binary, [0xFE, UInt8(header.utf8.count)] + Array(header.utf8) + Array(body.utf8))
    }

    private static func key(_ opening: RawPacket) -> String { opening.fields.prefix(3).joined(separator: ",") }

    /// Messages cut in ways that one server or the other could not read.
    static let cuts: [AncestorCrash] = [
        AncestorCrash(name: "a byte a message", outcome: .goesOn("abc")) { opening in
            Self.data(opening, "abc").map { RawFrame(.binary, [$0]) }
        },
        AncestorCrash(name: "messages without a byte", outcome: .goesOn("abc")) { opening in
            [RawFrame(.binary, []), RawFrame(.binary, Self.data(opening, "abc")), RawFrame(.binary, [])]
        },
        AncestorCrash(name: "twelve packets in a message", outcome: .goesOn("0123456789ab")) { opening in
            [RawFrame(.binary, "0123456789ab".flatMap { Self.data(opening, String($0)) })]
        },
        AncestorCrash(name: "two packets and a half, and the rest", outcome: .goesOn("onetwothree")) { opening in
            let bytes = ["one", "two", "three"].flatMap { Self.data(opening, $0) }
            return [RawFrame(.binary, Array(bytes.dropLast(9))), RawFrame(.binary, Array(bytes.suffix(9)))]
        },
        AncestorCrash(name: "a packet in four frames and an empty one", outcome: .goesOn("abcdef")) { opening in
            let bytes = Self.data(opening, "abcdef")
            return [
                RawFrame(.binary, Array(bytes[..<1]), isFinal: false),
                RawFrame(.continuation, Array(bytes[1..<2]), isFinal: false),
                RawFrame(.continuation, Array(bytes[2..<20]), isFinal: false),
                RawFrame(.continuation, Array(bytes[20...]), isFinal: false), RawFrame(.continuation, []),
            ]
        },
        AncestorCrash(name: "header and body apart", outcome: .goesOn("abc")) { opening in
            let bytes = Self.data(opening, "abc")
            return [RawFrame(.binary, Array(bytes.dropLast(3))), RawFrame(.binary, Array(bytes.suffix(3)))]
        },
        AncestorCrash(name: "text frames", outcome: .goesOn("abcd")) { opening in
            [RawFrame(.text, Self.data(opening, "ab")), RawFrame(.text, Self.data(opening, "cd"))]
        },
    ]

    /// Headers and control packets that one server or the other could not bear.
    static let headers: [AncestorCrash] = [
        AncestorCrash(name: "seven and eight fields", outcome: .goesOn("abcdef")) { opening in
            [
                Self.packet("\(Self.key(opening)),3,http,443,bad.example.test", "abc"),
                Self.packet("\(Self.key(opening)),3,http,443,bad.example.test,\n", "def"),
            ]
        },
        AncestorCrash(name: "upper case, white space, no service", outcome: .goesOn("abcdef")) { opening in
            [
                Self.packet(" IPV4 , 127.0.0.1 , \(opening.fields[2]) , 3 , HTTP \n", "abc"),
                Self.packet("\(Self.key(opening)),3,", "def"),
            ]
        },
        AncestorCrash(name: "data without a byte", outcome: .goesOn("abc")) { opening in
            [
                Self.packet("\(Self.key(opening)),0,http", ""), Self.packet("\(Self.key(opening)),3,http", "abc"),
                Self.packet("\(Self.key(opening)),0,", ""),
            ]
        },
        AncestorCrash(name: "control that is none", outcome: .goesOn("abc")) { opening in
            let texts = ["null", "[]", "[null]", "[0,null]", "[0,{}]", "[-7,null]", "{", "", "[[[[", "\"x\"", "5"]
            let more = [
                "[1,\"hello\",[1],[]]", "[7,\"dance\"]", "[8,\"add_token\",5]", "[9,\"add_token\"]", "[1e999,2]",
            ]
            return (texts + more).map { Self.packet(",,,\($0.utf8.count),control", $0) }
                + [RawFrame(.binary, Self.data(opening, "abc"))]
        },
        AncestorCrash(name: "an error null of nobody, and other words about nothing", outcome: .goesOn("abc")) {
            opening in
            let stranger = "IPv4,203.0.113.9,1"
            return [
                Self.packet("\(stranger),4,error", "null"), Self.packet("\(stranger),3,http", "xyz"),
                Self.packet("\(stranger),0,end", ""), Self.packet("\(stranger),1,pause", "0"),
                Self.packet("\(stranger),0,connection,443,bad.example.test,http", ""),
                Self.packet(",,0,0,end,0,,\n", ""), Self.packet(",,,0,error,,", ""), Self.packet(",,,4,error", "null"),
                Self.packet("x,y,z,3,http", "xyz"), Self.packet("IPv4,999.1.1.1,99999,3,http", "xyz"),
                Self.packet("IPv6,:::::,1,3,nonsense", "xyz"), RawFrame(.binary, Self.data(opening, "abc")),
            ]
        },
        AncestorCrash(name: "pause and resume with nonsense, connection for an open stream", outcome: .goesOn("abc")) {
            opening in
            [
                Self.packet("\(Self.key(opening)),4,pause", "null"), Self.packet("\(Self.key(opening)),0,resume", ""),
                Self.packet("\(Self.key(opening)),0,resume", ""),
                Self.packet("\(Self.key(opening)),0,connection,443,bad.example.test,http", ""),
                RawFrame(.binary, Self.data(opening, "abc")),
            ]
        },
        AncestorCrash(name: "an error whose body is null", outcome: .endsStream) { opening in
            [Self.packet("\(Self.key(opening)),4,error", "null")]
        },
        AncestorCrash(name: "an error whose body is long", outcome: .endsStream) { opening in
            [RawFrame(.binary, RawPacket(answering: opening, service: "error", Pattern.bytes(300_000)).bytes)]
        },
    ]

    /// What leaves no way back into step.
    static let breaches: [AncestorCrash] = [
        AncestorCrash(name: "a length too large by two", outcome: .closes([1008])) { opening in
            [Self.packet("\(Self.key(opening)),5,http", "abc"), RawFrame(.binary, Self.data(opening, "def"))]
        },
        AncestorCrash(name: "a length too small by one", outcome: .closes([1008])) { opening in
            [Self.packet("\(Self.key(opening)),2,http", "abc")]
        },
        AncestorCrash(name: "no header", outcome: .closes([1008])) { _ in [RawFrame(.binary, [0xFE, 0])] },
        AncestorCrash(name: "four fields", outcome: .closes([1008])) { _ in [Self.packet("IPv4,1.1.1.1,1,0", "")] },
        AncestorCrash(name: "a negative length", outcome: .closes([1008])) { opening in
            [Self.packet("\(Self.key(opening)),-1,http", "")]
        },
        AncestorCrash(name: "a length in hexadecimal", outcome: .closes([1008])) { opening in
            [Self.packet("\(Self.key(opening)),0x3,http", "abc")]
        },
        AncestorCrash(name: "a body of 100 TB", outcome: .closes([1009])) { opening in
            [Self.packet("\(Self.key(opening)),99999999999999,http", "abc")]
        },
        AncestorCrash(name: "a length beyond 64 bits", outcome: .closes([1009])) { opening in
            [Self.packet("\(Self.key(opening)),99999999999999999999999,http", "abc")]
        },
        AncestorCrash(name: "a control packet of 8 MB", outcome: .closes([1009])) { _ in
            [Self.packet(",,,8000000,control", "[")]
        },
        AncestorCrash(name: "another version", outcome: .closes([1008])) { opening in
            [RawFrame(.binary, [0xFD] + Self.data(opening, "abc").dropFirst())]
        },
        AncestorCrash(name: "letters", outcome: .closes([1008])) { _ in [RawFrame(.text, Array("hello".utf8))] },
    ]
}
