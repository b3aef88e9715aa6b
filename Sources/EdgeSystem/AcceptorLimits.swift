package import EdgeTypes

/// What an acceptor grants to peers that have not said yet what they want.
package struct AcceptorLimits: Sendable, Hashable {
    /// Largest preface that can be peeked: a peek sees 128,512 bytes with Linux's default receive buffer.
    package static let largestPreface = ByteCount.kibibytes(120)

    /// Most first bytes looked at; at most ``largestPreface``.
    package let preface: ByteCount
    /// How long an arrival may take to say what it wants, counted from its accept.
    package let sniffTimeout: Duration
    /// How much of what a refused peer goes on sending is read and dropped.
    package let refusalDrain: ByteCount
    /// How long a refused peer may take to read its answer and close.
    package let refusalDrainTimeout: Duration
    /// Most arrivals that wait at once, and most that are being refused at once.
    package let waiting: Int
    /// Most arrivals that wait at once from one IPv4 address or one IPv6 network of 64 bits.
    package let waitingPerAddress: Int

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - preface: most first bytes; 64 KiB holds a ClientHello of any known client thirty times over.
    ///   - sniffTimeout: time to say what is wanted; 10 s allows three retransmissions.
    ///   - refusalDrain: bytes dropped after an answer; 64 KiB is one receive window of a small sender.
    ///   - refusalDrainTimeout: time to read an answer; 1 s allows one retransmission.
    ///   - waiting: arrivals that wait at once; a hundred thousand cost about 40 MB here and ten times that in the kernel.
    ///   - waitingPerAddress: of these from one address; a tenth, so that ten addresses are needed to fill it.
    package init(
        preface: ByteCount = .kibibytes(64),
        sniffTimeout: Duration = .seconds(10),
        refusalDrain: ByteCount = .kibibytes(64),
        refusalDrainTimeout: Duration = .seconds(1),
        waiting: Int = 100_000,
        waitingPerAddress: Int = 10_000
    ) {
        self.preface = ByteCount(max(1, min(preface.bytes, Self.largestPreface.bytes)))
        self.sniffTimeout = sniffTimeout
        self.refusalDrain = refusalDrain
        self.refusalDrainTimeout = refusalDrainTimeout
        self.waiting = waiting
        self.waitingPerAddress = waitingPerAddress
    }
}
