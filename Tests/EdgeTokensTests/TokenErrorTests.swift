import EdgeTokens
import EdgeTypes
import Testing

@Suite
struct TokenErrorTests {
    private static let all: [TokenError] = [
        .tooLong(actual: 2, limit: 1), .notThreeParts, .notBase64URL(.payload), .malformedHeader, .criticalExtension,
        .unsigned, .unknownAlgorithm, .algorithmNotAllowed(.hs256), .signatureMismatch(secretsTried: 0),
        .signatureMismatch(secretsTried: 1), .signatureMismatch(secretsTried: 2), .signingFailed(.hs512),
        .malformedClaims,
        .malformedClaim(.domains), .claimTooLong(.subject, actual: 2, limit: 1), .tooMany(.ports, actual: 2, limit: 1),
        .invalidName("x"), .invalidPort("x"), .expired(at: Int.min, now: Int.max),
        .notYetValid(from: Int.max, now: Int.min),
        .nameNotAllowed(.any, keyID: "k"), .portNotAllowed(PortRange(1...2), keyID: "k"),
        .grantsNothing,
    ]

    @Test
    func everyRefusalIsASentenceOfItsOwn() {
        #expect(Set(Self.all.map(\.description)).count == Self.all.count)
        for error in Self.all {
            #expect(error.description.utf8.count < 200)
        }
    }

    @Test(arguments: all)
    func theStatusFollowsTheReason(error: TokenError) {
        switch error.closeReason {
        case .badToken, .tokenExpired: #expect(error.httpStatus == 401)
        case .nothingGranted: #expect(error.httpStatus == 403)
        default: Issue.record("no reason of a token: \(error.closeReason)")
        }
    }

    @Test
    func timesAreToldInSeconds() {
        #expect(TokenError.expired(at: 100, now: 160).description == "the token expired 60 s ago")
        #expect(TokenError.notYetValid(from: 160, now: 100).description == "the token only becomes valid in 60 s")
        #expect(TokenError.grantsNothing.httpStatus == 403)
        #expect(TokenError.unsigned.httpStatus == 401)
    }
}
