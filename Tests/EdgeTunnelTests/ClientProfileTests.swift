import EdgeTunnel
import Testing

@Suite
struct ClientProfileTests {
    @Test
    func clientsAreToldApartInTheOrderOfCertainty() {
        let go = "Go-http-client/1.1"
        let cases: [(agent: String?, bearer: Bool, versions: Bool, token: Bool, profile: ClientProfile)] = [
            ("rvpn/1.0", true, false, false, .own),
            ("rvpn/1.0", false, false, false, .own),
            ("rvpn/1.0", false, true, true, .own),
            (go, true, true, true, .telebitGo),
            (go, false, true, true, .telebitGo),
            (go, true, false, false, .telebitGo),
            (nil, true, false, false, .telebitGo),
            (go, false, false, true, .rvpnGo),
            (go, false, false, false, .rvpnGo),
            (nil, false, false, true, .stunnel),
            ("curl/8.5", false, false, true, .stunnel),
            (nil, false, false, false, .telebitJS),
            ("RVPN/1.0", false, false, false, .telebitJS),
            ("xrvpn/1.0", false, false, true, .stunnel),
        ]
        for (agent, bearer, versions, token, profile) in cases {
            let found = ClientProfile.classify(
                userAgent: agent,
                hasBearer: bearer,
                hasVersions: versions,
                hasAccessToken: token
            )
            #expect(found == profile)
        }
    }

    @Test
    func everyGenerationGetsWhatItCanRead() {
        struct Row: Equatable {
            var hello: Bool
            var fields: Int
            var endBody: Int
            var pauseAtOnce: Bool
            var pauseLater: Bool
            var connection: Bool
            var gate: Bool
            var halfCloses: Bool
            var later: Bool
        }
        let table: [ClientProfile: Row] = [
            .own: Row(
                hello: true,
                fields: 7,
                endBody: 0,
                pauseAtOnce: true,
                pauseLater: true,
                connection: true,
                gate: false,
                halfCloses: true,
                later: false
            ),
            .telebitGo: Row(
                hello: false,
                fields: 7,
                endBody: 0,
                pauseAtOnce: false,
                pauseLater: false,
                connection: false,
                gate: false,
                halfCloses: false,
                later: false
            ),
            .rvpnGo: Row(
                hello: false,
                fields: 5,
                endBody: 0,
                pauseAtOnce: false,
                pauseLater: false,
                connection: false,
                gate: false,
                halfCloses: false,
                later: false
            ),
            .stunnel: Row(
                hello: true,
                fields: 5,
                endBody: 1,
                pauseAtOnce: false,
                pauseLater: true,
                connection: false,
                gate: true,
                halfCloses: false,
                later: false
            ),
            .telebitJS: Row(
                hello: true,
                fields: 7,
                endBody: 0,
                pauseAtOnce: false,
                pauseLater: true,
                connection: false,
                gate: true,
                halfCloses: false,
                later: true
            ),
        ]
        #expect(table.count == ClientProfile.allCases.count)
        for profile in ClientProfile.allCases {
            let row = Row(
                hello: profile.sendsHello,
                fields: profile.headerFields.rawValue,
                endBody: profile.endBodyLength,
                pauseAtOnce: profile.understandsPauseFromTheStart,
                pauseLater: profile.understandsPauseAfterReply,
                connection: profile.opensWithConnection,
                gate: profile.needsGate,
                halfCloses: profile.halfCloses,
                later: profile.mayAuthenticateLater
            )
            #expect(table[profile] == row, "\(profile)")
        }
    }

    @Test
    func oneGenerationStopsReadingAfterARefusal() {
        #expect(ClientProfile.allCases.filter(\.goesDeafAfterRefusal) == [.telebitJS])
    }

    @Test(arguments: ClientProfile.allCases)
    func onlyWordsThatAClientKnowsAreSent(profile: ClientProfile) {
        #expect(profile.service(for: .ssh) == (profile == .telebitJS ? .tcp : .ssh))
        for service in [TunnelService.http, .https, .tls, .tcp] { #expect(profile.service(for: service) == service) }
    }
}
