package import EdgeTypes

/// What a ClientHello tells before anything is decrypted (RFC 8446 §4.1.2).
///
///     +------+----------+--------+------------+---------------+-------------+------------+
///     | type | length   | legacy | random     | session       | cipher      | extensions |
///     | 1    | 24 bits  | version| 32 bytes   | <0..32>       | suites, ... | <0..2^16>  |
///     +------+----------+--------+------------+---------------+-------------+------------+
package struct ClientHello: Equatable, Sendable {
    /// The name asked for (RFC 6066 §3); with encrypted hello, the outer name.
    package var serverName: Hostname?
    /// The name as it was sent, for the log, when it is no valid one.
    package var rawServerName: String?
    /// The application protocols offered, in the client's order (RFC 7301 §3.1).
    package var applicationProtocols: [String]
    /// The versions offered, in the client's order and without GREASE; the legacy version where no list was sent.
    package var versions: [UInt16]
    /// The version in the message's own field.
    package var legacyVersion: UInt16
    /// Whether any value is one reserved by RFC 8701.
    package var hasGREASE: Bool
    /// Whether a key share is post-quantum, alone or in a hybrid.
    package var hasPostQuantumKeyShare: Bool
    /// Whether an encrypted hello (or GREASE that looks like one) came along.
    package var hasEncryptedClientHello: Bool
    /// The bytes of the connection that the hello spans, record headers included.
    package var length: Int
    /// The number of records that the hello spans.
    package var recordCount: Int

    /// Creates a description of a hello.
    ///
    /// - Parameters:
    ///   - serverName: the name asked for.
    ///   - rawServerName: the name as it was sent, when it is no valid one.
    ///   - applicationProtocols: the application protocols offered.
    ///   - versions: the versions offered.
    ///   - legacyVersion: the version in the message's own field.
    ///   - hasGREASE: whether any value is one reserved by RFC 8701.
    ///   - hasPostQuantumKeyShare: whether a key share is post-quantum.
    ///   - hasEncryptedClientHello: whether an encrypted hello came along.
    ///   - length: the bytes of the connection that the hello spans.
    ///   - recordCount: the number of records that the hello spans.
    package init(
        serverName: Hostname? = nil,
        rawServerName: String? = nil,
        applicationProtocols: [String] = [],
        versions: [UInt16] = [],
        legacyVersion: UInt16 = 0x0303,
        hasGREASE: Bool = false,
        hasPostQuantumKeyShare: Bool = false,
        hasEncryptedClientHello: Bool = false,
        length: Int = 0,
        recordCount: Int = 1
    ) {
        self.serverName = serverName
        self.rawServerName = rawServerName
        self.applicationProtocols = applicationProtocols
        self.versions = versions
        self.legacyVersion = legacyVersion
        self.hasGREASE = hasGREASE
        self.hasPostQuantumKeyShare = hasPostQuantumKeyShare
        self.hasEncryptedClientHello = hasEncryptedClientHello
        self.length = length
        self.recordCount = recordCount
    }
}
