import EdgeForwarding
import EdgeHandlerKit
import EdgeTypes
import NIOCore
import NIOEmbedded

/// A visitor of a relay, or a service of an agent: its channel, what it says, and what it hears.
///
/// What is said either way is a pattern of the stream's own, so a byte that is lost, doubled or in another stream shows.
final class ScenarioVisitor {
    /// What may wait for the visitor before its stream is paused, in bytes, and when it goes on.
    static let marks = (high: 4096, low: 1024)

    let id: StreamID
    let channel: ForwardedChannel
    private let number: Int
    private let settings: ForwardingSettings

    /// Bytes that the visitor has written and nobody has read yet.
    private var unread = 0
    /// Bytes of it that were read.
    private(set) var said = 0
    /// Bytes of those that the tunnel's peer has found.
    var found = 0
    /// Bytes that the tunnel's peer has sent to it.
    var told = 0
    /// Bytes of those that it has heard.
    private(set) var heard = 0
    private var readsServed = 0
    private var hasEnded = false
    private var isSwept = false
    /// Whether its channel is still to be dialled.
    private(set) var isDialing: Bool
    /// Whether the tunnel's peer was told that the stream is over, and may be told nothing more.
    var isOver = false
    /// Whether the tunnel's peer was told that the visitor will send no more.
    var isEndTold = false
    /// Whether a packet of the stream has been seen.
    var isKnown = false

    init(number: Int, id: StreamID, loop: EmbeddedEventLoop, settings: ForwardingSettings, isDialing: Bool) throws {
        self.number = number
        self.id = id
        self.settings = settings
        self.isDialing = isDialing
        self.channel = try ForwardedChannel(loop: loop, settings: settings, isDialing: isDialing)
        // A socket's channel tells nothing once it is closed.
        self.channel.channel.allowOptionsWhenClosed = false
        if !isDialing { self.channel.channel.read() }
    }

    /// What waits in the channel, in bytes.
    var backlog: Int {
        guard self.channel.isOpen else { return 0 }
        return (try? self.channel.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Bytes of the pattern that goes up (from the visitor) or down (to it).
    func pattern(up: Bool, from start: Int, count: Int) -> [UInt8] {
        let shift = self.number &* 57 &+ (up ? 101 : 0)
        return (start..<start + count).map { UInt8(truncatingIfNeeded: ($0 &+ shift) &* 31 &+ ($0 >> 8)) }
    }

    /// The visitor writes.
    func write(_ count: Int) {
        guard !self.hasEnded else { return }
        self.unread += count
    }

    /// The visitor ends its half: what it wrote last comes with the end, read or not.
    func endInput() {
        guard self.channel.isOpen, !self.hasEnded else { return }
        self.hasEnded = true
        if self.unread > 0 { self.read(headroom: 0) }
        self.channel.receiveEnd()
    }

    /// The visitor's connection breaks, or is closed.
    func breakOff(wasReset: Bool) {
        guard self.channel.isOpen else { return }
        self.hasEnded = true
        if wasReset {
            self.channel.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        } else {
            self.channel.channel.close(promise: nil)
        }
    }

    /// The service answers the dial, or does not.
    func dialled(_ isThere: Bool) throws {
        guard self.isDialing else { return }
        self.isDialing = false
        guard isThere else {
            self.channel.handler.dialFailed(.upstreamReset)
            return
        }
        // The handler joins a channel that is connected.
        try self.channel.connect()
        try self.channel.channel.pipeline.syncOperations.addHandler(self.channel.handler)
        guard self.channel.isOpen else { return }
        self.channel.channel.read()
    }

    /// Lets the channel do what a socket would: read where it is let, say whether it takes more, and lose what waits when
    /// it is closed.
    ///
    /// - Returns: whether anything moved.
    func settle(headroom: Int) throws -> Bool {
        guard self.channel.isOpen else {
            try self.sweep()
            return false
        }
        var moved = false
        if self.unread > 0, !self.hasEnded, self.channel.valve.reads > self.readsServed {
            self.readsServed = self.channel.valve.reads
            self.read(headroom: headroom)
            moved = true
        }
        let backlog = self.backlog
        if self.channel.channel.isWritable, backlog > Self.marks.high {
            self.channel.setWritable(false)
            moved = true
        } else if !self.channel.channel.isWritable, backlog <= Self.marks.low {
            self.channel.setWritable(true)
            moved = true
        }
        return moved
    }

    /// Takes what left towards the visitor.
    ///
    /// - Parameter isHonest: whether all that was sent to it is the pattern.
    /// - Throws: the promise that was broken.
    func hear(isHonest: Bool) throws {
        let bytes = try self.channel.sent()
        guard isHonest, !bytes.isEmpty else { return }
        try FuzzFinding.unless(self.heard + bytes.count <= self.told, "visitor \(self.number) hears what nobody said")
        let expected = self.pattern(up: false, from: self.heard, count: bytes.count)
        try FuzzFinding.unless(bytes == expected, "visitor \(self.number) hears other bytes from \(self.heard) on")
        self.heard += bytes.count
    }

    private func read(headroom: Int) {
        let count = min(self.unread, 65_248)
        let bytes = self.pattern(up: true, from: self.said, count: count)
        self.unread -= count
        self.said += count
        self.channel.receive(bytes, headroom: headroom)
    }

    /// Drops what a closed channel holds.
    private func sweep() throws {
        guard !self.isSwept, !self.isDialing else { return }
        self.isSwept = true
        self.channel.channel._channelCore.flush0()
        _ = try self.channel.sent()
    }
}
