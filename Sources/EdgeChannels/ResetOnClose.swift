package import NIOCore

/// Makes the close of a channel a reset (RST), so that the peer can tell it from an orderly end.
package enum ResetOnClose {
    /// `SOL_SOCKET` and `SO_LINGER` of Linux, and a `linger` of zero seconds that is on.
    private static let level = SocketOptionLevel(1)
    private static let name = SocketOptionName(13)
    private static let lingerNot: (Int32, Int32) = (1, 0)

    /// Arms a channel: its next close resets the connection and discards what waits.
    ///
    /// - Parameter channel: an open channel over a socket; any other kind is left as it is.
    package static func arm(_ channel: any Channel) {
        if let channel = channel as? any Resettable {
            channel.resetOnClose()
            return
        }
        guard let provider = channel as? any SocketOptionProvider else { return }
        _ = provider.unsafeSetSocketOption(level: self.level, name: self.name, value: self.lingerNot)
    }
}
