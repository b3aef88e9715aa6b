/// What the relay does otherwise in each recording, and nothing else.
extension TranscriptDifference {
    /// By the client and its server, then by the scenario: the parts of the recordings' names.
    static let byRecording: [String: [String: Set<Self>]] = [
        "stunnel-0.8__go-rvpn-76b5e1b": [
            "bad-token": [.refusesBeforeTheUpgrade],
            "browser-abort": [.greets],
            "client-sigint": [.greets],
            "end-by-local": [.greets, .sendsNothingBehindAnEnd],
            "https-get": [.greets],
            "reset-by-local": [.greets, .sendsNothingBehindAnEnd],
            "upload-slow-local": [.greets],
        ],
        "stunnel-0.10__go-rvpn-76b5e1b": [
            "bad-token": [.refusesBeforeTheUpgrade],
            "browser-abort": [.greets],
            "client-sigint": [.greets],
            "end-by-local": [.greets, .sendsNothingBehindAnEnd],
            "https-get": [.greets],
            "reset-by-local": [.greets, .sendsNothingBehindAnEnd],
            "upload-slow-local": [.greets],
        ],
        "stunnel-0.8__stunneld-0.9.1": [
            "bad-token": [.refusesBeforeTheUpgrade],
            "big-response-slow-browser": [.unmapsAddresses, .pausesOnlyWhoKnowsIt, .echoesNoEnd],
            "client-sigint": [],
            "connect-hello": [],
            "http-get": [.unmapsAddresses, .holdsBackAVisitorsEnd],
            "https-get": [.unmapsAddresses, .echoesNoEnd, .saysNothingOfTheEnded],
            "reset-by-local": [.unmapsAddresses, .echoesNoEnd],
            "upload-slow-local": [.unmapsAddresses, .holdsBackAVisitorsEnd],
        ],
        "stunnel-0.10__stunneld-0.9.1": [
            "bad-token": [.refusesBeforeTheUpgrade],
            "big-response-slow-browser": [.unmapsAddresses, .pausesByItsOwnBuffers, .echoesNoEnd],
            "client-sigint": [],
            "connect-hello": [],
            "http-get": [.unmapsAddresses, .holdsBackAVisitorsEnd],
            "https-get": [.unmapsAddresses, .holdsBackAVisitorsEnd, .saysNothingOfTheEnded],
            "reset-by-local": [.unmapsAddresses, .echoesNoEnd],
            "token-api-add-delete": [
                .unmapsAddresses, .holdsBackAVisitorsEnd, .echoesNoEnd, .saysNothingOfTheEnded,
            ],
            "wildcard": [.unmapsAddresses, .holdsBackAVisitorsEnd, .saysNothingOfTheEnded],
        ],
        "telebitjs__telebit-relayjs": [
            "bad-token": [.greetsWithTwoCommands, .sendsAPacketInOneFrame, .closesBehindABadToken],
            "big-response-slow-browser": [
                .announcesNothing, .unmapsAddresses, .sendsAPacketInOneFrame, .pausesByItsOwnBuffers, .echoesNoEnd,
            ],
            "client-sigint": [],
            "connect-hello": [.greetsWithTwoCommands, .grantsInItsOwnWords, .sendsAPacketInOneFrame],
            "http-get": [.announcesNothing, .unmapsAddresses, .sendsAPacketInOneFrame, .holdsBackAVisitorsEnd],
            "https-get": [.announcesNothing, .unmapsAddresses, .sendsAPacketInOneFrame, .holdsBackAVisitorsEnd],
            "refused": [
                .greetsWithTwoCommands, .grantsInItsOwnWords, .announcesNothing, .unmapsAddresses,
                .sendsAPacketInOneFrame, .holdsBackAVisitorsEnd,
            ],
            "reset-by-local": [.announcesNothing, .unmapsAddresses, .sendsAPacketInOneFrame, .holdsBackAVisitorsEnd],
            "wildcard": [
                .greetsWithTwoCommands, .grantsInItsOwnWords, .announcesNothing, .unmapsAddresses,
                .sendsAPacketInOneFrame, .holdsBackAVisitorsEnd,
            ],
        ],
        "telebit-go__telebit-go-relay": [
            "big-response-slow-browser": [.namesTheFamily, .leavesOutTheEighthField, .echoesNoEnd],
            "browser-abort": [.namesTheFamily, .leavesOutTheEighthField, .saysNothingOfTheEnded],
            "connect-hello": [],
            "end-by-local": [.namesTheFamily, .leavesOutTheEighthField, .sendsNothingBehindAnEnd, .echoesNoEnd],
            "reset-by-local": [.namesTheFamily, .leavesOutTheEighthField, .sendsNothingBehindAnEnd, .echoesNoEnd],
            "upload-slow-local": [
                .namesTheFamily, .leavesOutTheEighthField, .sendsAPacketInOneFrame, .holdsBackAVisitorsEnd,
            ],
        ],
        "rvpn-go-client__go-rvpn-76b5e1b": [
            "bad-token": [.refusesBeforeTheUpgrade],
            "big-response-slow-browser": [],
            "connect-hello": [],
            "end-by-local": [.sendsNothingBehindAnEnd],
            "refused": [],
            "reset-by-local": [.sendsNothingBehindAnEnd],
            "wildcard": [.servesPatterns],
        ],
    ]

    /// The names of the recordings that are known here.
    static var recordings: [String] {
        self.byRecording.flatMap { pair, scenarios in scenarios.keys.map { "\(pair)__\($0)" } }.sorted()
    }

    /// What the relay does otherwise in a recording.
    ///
    /// - Parameter recording: the recording's name.
    /// - Returns: the differences; nil for a recording that is not known here.
    static func expected(in recording: String) -> Set<Self>? {
        let parts = recording.split(separator: "__", maxSplits: 2).map(String.init)
        return self.byRecording[parts.prefix(2).joined(separator: "__")]?[parts.last ?? ""]
    }
}
