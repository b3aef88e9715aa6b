/// Where this relay does something else than the recorded server did, with the paragraph of the protocol's description
/// (`§`) or of `docs/WireProtocol.md` (`W§`) that says so.
enum TranscriptDifference: Hashable, CaseIterable {
    /// The relay says 401 where its ancestor dropped the connection, or let it in and closed it.
    case refusesBeforeTheUpgrade
    /// stunnel is greeted, where the first relay said nothing to it.
    case greets
    /// The relay's hello offers two commands, not five.
    case greetsWithTwoCommands
    /// The relay's grant says what it serves itself: no name below a shared one.
    case grantsInItsOwnWords
    /// The answer to a bad token is a fault with a code, and 1008 follows; the ancestor said `{}` and waited.
    case closesBehindABadToken
    /// A visitor of a name below a pattern is served, where the first relay knew no patterns.
    case servesPatterns
    /// The visitor's address is IPv4, not an IPv6 address that stands for one.
    case unmapsAddresses
    /// The first field is the address's family, not `tun`.
    case namesTheFamily
    /// Seven fields, not an eighth with a line's end.
    case leavesOutTheEighthField
    /// A packet in one message of one frame, not its header and body apart, nor in pieces of a buffer.
    case sendsAPacketInOneFrame
    /// No `connection` packet before a stream's first bytes.
    case announcesNothing
    /// A visitor's own end is held back, since its client would throw the answer away.
    case holdsBackAVisitorsEnd
    /// No `end` in answer to the client's.
    case echoesNoEnd
    /// No `error` about a stream that has ended.
    case saysNothingOfTheEnded
    /// No bytes behind the client's `end`.
    case sendsNothingBehindAnEnd
    /// Pause and resume as this relay's own buffers fill, which here they do not.
    case pausesByItsOwnBuffers
    /// No pause to a client that would write it into the visitor's bytes.
    case pausesOnlyWhoKnowsIt

    /// The paragraph that asks for it.
    var paragraph: String {
        switch self {
        case .refusesBeforeTheUpgrade: "§10: reject a bad URL token with 401/403 before the 101; W§1"
        case .greets: "§5: without hello 0.10 leaves at the first disconnect; §10, column hello; W§6"
        case .greetsWithTwoCommands: "§5: stunneld's hello; W§5: add_token, delete_token"
        case .grantsInItsOwnWords: "§5: telebit.js does not answer it; W§5: what is served now"
        case .closesBehindABadToken: "§5: E_INVALID_TOKEN; W§7: 1008, refused: token"
        case .servesPatterns: "§7: wildcard patterns; W§2"
        case .unmapsAddresses: "§3, §10: send IPv4-mapped peers as IPv4"
        case .namesTheFamily: "§10: IPv4,a.b.c.d; W§3: IPv4 or IPv6"
        case .leavesOutTheEighthField: "§10: 7 header fields for tbgo; W§6"
        case .sendsAPacketInOneFrame: "§4: always one packet per message, in one frame; W§3"
        case .announcesNothing: "§9.1, §10: connection not needed for telebit.js, omit; W§6"
        case .holdsBackAVisitorsEnd: "§7: the response is lost; §10: browser FIN; W§4"
        case .echoesNoEnd: "§10: do not echo end; W§4"
        case .saysNothingOfTheEnded: "§3: ignore packets for unknown cids quietly; W§3"
        case .sendsNothingBehindAnEnd: "§9.5: never send data after a client's end; W§4, W§6"
        case .pausesByItsOwnBuffers: "§6: the numbers are informational; W§4: slow sides"
        case .pausesOnlyWhoKnowsIt: "§6: only to clients that answered hello; W§6"
        }
    }
}
