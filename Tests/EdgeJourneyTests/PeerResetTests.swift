import EdgeTestKit
import Testing

/// Peers that reset their connection, at every state that it can be in.
@Suite
struct PeerResetTests {
    /// How far a visitor comes.
    enum VisitorState: CaseIterable {
        case accepted, insideHello, afterHello, insideHandshake, open, insideRequest, uploading, downloading, halfClosed

        /// Whether there is such a state without TLS.
        var isPlain: Bool {
            switch self {
            case .accepted, .insideRequest, .uploading, .downloading, .halfClosed: true
            case .insideHello, .afterHello, .insideHandshake, .open: false
            }
        }
    }

    /// How far a tunnel's client comes.
    enum ClientState: CaseIterable {
        case accepted, insideHello, insideHandshake, open, insideUpgrade, upgraded, authenticated, streaming

        /// Whether it is a tunnel's client by then: for visitors, who are downstream, it is upstream.
        var isUpstream: Bool {
            switch self {
            case .upgraded, .authenticated, .streaming: true
            case .accepted, .insideHello, .insideHandshake, .open, .insideUpgrade: false
            }
        }
    }

    private static let downstream: Set = ["downstream_reset", "downstream_closed"]
    private static let upstream: Set = ["upstream_reset", "upstream_closed"]
    private static let name = "other.example.test"

    @Test(arguments: FaultSite.Way.allCases)
    func aVisitorThatResetsLeavesNothingBehindWhateverItsState(way: FaultSite.Way) throws {
        let site = try FaultSite()
        try site.serves()
        let before = try site.settle().descriptors
        for state in VisitorState.allCases where way != .plain || state.isPlain {
            let visitor = try site.relay.dial()
            let (first, port) = (site.relay.logLength, visitor.localPort)
            let carrier = try Self.reach(state, way, over: visitor)
            visitor.reset()
            withExtendedLifetime(carrier) {}
            // The kernel hands over with first bytes only.
            if state != .accepted {
                let line = try site.relay.waitForLog("how \(state) ended", from: first) {
                    $0["peer"]?.hasSuffix(":\(port)") == true && $0["reason"] != nil
                }
                // After the end of one half there is nothing to reset but what TLS has not said.
                let isCut = way == .endedHere && state == .halfClosed
                let endings = isCut ? ["truncated"] : Self.downstream
                #expect(endings.contains(line["reason"] ?? ""), "\(way), \(state): \(line.text)")
            }
            try site.settle(before)
        }
        try site.serves()
        try site.stop()
    }

    @Test
    func aClientThatResetsLeavesNothingBehindWhateverItsState() throws {
        let site = try FaultSite()
        try site.serves()
        let before = try site.settle().descriptors
        for state in ClientState.allCases {
            let connection = try site.relay.dial()
            let (first, port) = (site.relay.logLength, connection.localPort)
            let visitor = try Self.reach(state, over: connection, site.relay)
            connection.reset()
            if let visitor {
                let rest = try VisitorFate.readToEnd(visitor)
                #expect(rest.isEmpty, "the answer is cut where its client was lost")
                visitor.close()
            }
            if state != .accepted {
                let line = try site.relay.waitForLog("how \(state) ended", from: first) {
                    $0["peer"]?.hasSuffix(":\(port)") == true && $0["reason"] != nil
                }
                let endings = state.isUpstream ? Self.upstream : Self.downstream
                #expect(endings.contains(line["reason"] ?? ""), "\(state): \(line.text)")
            }
            try site.settle(before)
        }
        try site.serves()
        try site.stop()
    }

    /// Brings a visitor so far; what comes back is to be kept until then.
    private static func reach(
        _ state: VisitorState,
        _ way: FaultSite.Way,
        over visitor: PlainConnection
    ) throws -> (any ByteConnection)? {
        switch state {
        case .accepted:
            return nil
        case .insideHello:
            try CutConnection.shakeHands(over: visitor, way.rawValue, to: .insideFlight(1))
            return nil
        case .afterHello:
            try CutConnection.shakeHands(over: visitor, way.rawValue, to: .afterFlight(1))
            return nil
        case .insideHandshake:
            try CutConnection.shakeHands(over: visitor, way.rawValue, to: .afterAnswer)
            return nil
        case .open:
            return try FaultSite.open(visitor, way)
        case .insideRequest:
            let open = try FaultSite.open(visitor, way)
            try open.write("GET / HTTP/1.1\r\nHost: \(way.rawValue)\r\nX-")
            return open
        case .uploading:
            let open = try FaultSite.open(visitor, way)
            try open.write("POST / HTTP/1.1\r\nHost: \(way.rawValue)\r\nContent-Length: 1000000\r\n\r\n")
            try open.write(Pattern.bytes(100_000))
            return open
        case .downloading, .halfClosed:
            let open = try FaultSite.open(visitor, way)
            try open.write("GET /held/200000 HTTP/1.1\r\nHost: \(way.rawValue)\r\n\r\n")
            _ = try open.readHead()
            _ = try open.readExactly(100_000)
            if state == .halfClosed { visitor.finishWriting() }
            return open
        }
    }

    /// Brings a client so far.
    ///
    /// - Returns: the visitor whom it serves.
    private static func reach(
        _ state: ClientState,
        over connection: PlainConnection,
        _ relay: RelayProcess
    ) throws -> PlainConnection? {
        let host = "tunnel.example.test"
        switch state {
        case .accepted:
            return nil
        case .insideHello:
            try CutConnection.shakeHands(over: connection, host, to: .insideFlight(1))
            return nil
        case .insideHandshake:
            try CutConnection.shakeHands(over: connection, host, to: .afterAnswer)
            return nil
        case .open, .insideUpgrade, .upgraded, .authenticated, .streaming:
            break
        }
        let secure = try SecureConnection(dialling: connection, name: host, authority: nil)
        if state == .open { return nil }
        if state == .insideUpgrade {
            try secure.write("GET / HTTP/1.1\r\nUpgrade: webso")
            return nil
        }
        // No token in the request, so that there is a state before it is shown.
        let client = try ScriptedClient(secure, .telebit, host: host)
        guard client.isUpgraded else { throw JourneyFailure("no upgrade") }
        if state == .upgraded { return nil }
        try client.send(RawPacket(control: "[5,\"add_token\",\"\(TestToken.granting([Self.name]))\"]"))
        _ = try client.nextPacket { $0.text == "[-5,null]" }
        if state == .authenticated { return nil }
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        let opening = try client.nextPacket { $0.service == "http" }
        try client.send(RawPacket(answering: opening, Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".utf8)))
        _ = try visitor.readHead()
        return visitor
    }
}
