import EdgeTunnel
import EdgeWebSocket

/// What an upgrade claims: which client it is, its token, its identity.
///
/// A token comes in `Authorization: Bearer`, in the password of `Authorization: Basic`, or in the query.
struct TunnelClaim {
    /// What the client can read, decided here and never mixed.
    let profile: ClientProfile
    /// The token, if one was shown.
    let token: String?
    /// The identity that the client keeps over reconnects, if it has one.
    let instance: String?

    /// Reads the claim of an upgrade.
    ///
    /// - Parameter request: the upgrade.
    init(_ request: WebSocketUpgradeRequest) {
        let bearer = request.credentials(scheme: "bearer")
        let basic = request.credentials(scheme: "basic").flatMap { Self.password($0) }
        let query = request.value(of: "access_token")
        self.profile = ClientProfile.classify(
            userAgent: request.userAgent,
            hasBearer: bearer != nil,
            hasVersions: request.value(of: "versions") != nil,
            hasAccessToken: query != nil || basic != nil
        )
        self.token = [bearer, basic, query].compactMap(\.self).first { !$0.isEmpty }
        self.instance = request.instance
    }

    /// The password of `base64(user:password)` (RFC 7617 §2).
    private static func password(_ credentials: String) -> String? {
        guard let bytes = Self.decoded(credentials), let colon = bytes.firstIndex(of: 0x3A) else { return nil }
        return String(decoding: bytes[(colon + 1)...], as: UTF8.self)
    }

    /// Base 64 (RFC 4648 §4), padding optional; nil for any other character.
    private static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text.utf8 where byte != 0x3D {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }
}
