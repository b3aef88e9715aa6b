/// The identification string of an SSH client (RFC 4253 §4.2).
///
///     SSH-protoversion-softwareversion SP comments CR LF
package struct SSHBanner: Equatable, Sendable {
    /// The longest identification string, line end included (RFC 4253 §4.2).
    package static let maximumLength = 255

    /// The version of the protocol: `2.0`, `1.99`.
    package let protocolVersion: String
    /// The line without its end, for the log: what of it had arrived when it was recognised.
    package let text: String

    /// Creates a banner.
    ///
    /// - Parameters:
    ///   - protocolVersion: the version of the protocol.
    ///   - text: the line without its end.
    package init(protocolVersion: String, text: String) {
        self.protocolVersion = protocolVersion
        self.text = text
    }
}
