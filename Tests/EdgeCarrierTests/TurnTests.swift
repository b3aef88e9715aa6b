import EdgeCarrier
import EdgeChannels
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

/// Visitors who upload into a tunnel, each of them with as much as it is asked for.
private final class Uploads {
    let side: CarrierSide
    let loop: EmbeddedEventLoop
    private(set) var sent: [Int] = []
    private(set) var most = 0
    private(set) var taken = 0
    private var streams: [CarrierStream] = []
    private var ends: [RecordingEnd] = []
    private var reading: [Int] = []
    private let sizes: [Int]

    /// Opens streams; the tunnel's peer takes nothing yet.
    init(sizes: [Int]) throws {
        self.loop = EmbeddedEventLoop()
        self.side = try CarrierSide(.relay, loop: self.loop) {
            $0.ping = .seconds(100_000)
            $0.streams = 20_000
        }
        self.sizes = sizes
        self.sent = Array(repeating: 0, count: sizes.count)
        for number in sizes.indices {
            let (stream, end) = try self.side.open(number)
            end.onResume = { [unowned self] in self.read(number) }
            self.streams.append(stream)
            self.ends.append(end)
        }
        _ = try self.side.sent()
        self.side.valve.isShut = true
        for number in sizes.indices { self.read(number) }
    }

    /// What waits in the channel.
    var waiting: Int {
        (try? self.side.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// A visitor's channel asks to read, as one that reads by itself does.
    private func read(_ number: Int) {
        if self.streams[number].acceptsInput {
            self.reading.append(number)
        } else {
            self.streams[number].waitForTurn()
        }
    }

    /// One round of the loop: what was asked for comes, in large reads or, while the tunnel is full, in small ones.
    func round() {
        let reading = self.reading
        self.reading = []
        for number in reading {
            let isPressed = self.side.carrier.pulse.pressure.isRaised
            let count = min(self.sizes[number], isPressed ? PooledReceiveAllocator.pressedRead : 65_248)
            if count > 0 {
                self.streams[number].send(bytes: [UInt8](repeating: 7, count: count))
                self.sent[number] += count
                self.setWritability()
                self.read(number)
            }
            self.most = max(self.most, self.waiting)
        }
        self.loop.run()
        self.setWritability()
        self.most = max(self.most, self.waiting)
        self.loop.advanceTime(by: .microseconds(100))
    }

    /// The peer takes all that waits.
    func take() throws {
        self.side.valve.isShut = false
        self.taken += try self.side.sentBytes().count
        self.side.valve.isShut = true
        self.setWritability()
    }

    /// What a channel does by itself at its marks.
    private func setWritability() {
        let waiting = self.waiting
        let isWritable = self.side.channel.isWritable
        if isWritable, waiting > CarrierSettings.highMark { self.side.setWritable(false) }
        if !isWritable, waiting < CarrierSettings.lowMark { self.side.setWritable(true) }
    }
}

@Suite("Visitors in turn while their tunnel is full")
struct TurnTests {
    @Test
    func aThousandUploadsAtOnceStayBelowTheMarkAndAreServedAlike() throws {
        let uploads = try Uploads(sizes: Array(repeating: 65_248, count: 1000))
        uploads.round()
        // Reads that were under way bring one small buffer each.
        let first = 1000 * PooledReceiveAllocator.pressedRead
        let bound = CarrierSettings.highMark + 2 * LoopBuffers.tunnelRead
        #expect(uploads.most <= bound + first)
        while uploads.taken < 100 << 20 {
            try uploads.take()
            for _ in 0..<3 { uploads.round() }
            #expect(uploads.waiting <= bound + first)
        }
        let least = try #require(uploads.sent.min())
        let most = try #require(uploads.sent.max())
        #expect(least > 0 && most - least <= 3 * 65_248)
    }

    @Test
    func onceInLineTheUploadsFillOnlyWhatIsFree() throws {
        let uploads = try Uploads(sizes: Array(repeating: 65_248, count: 100))
        for _ in 0..<3 { uploads.round() }
        let before = uploads.side.valve.isShut
        #expect(before)
        for _ in 0..<200 {
            try uploads.take()
            for _ in 0..<3 { uploads.round() }
            #expect(uploads.waiting <= CarrierSettings.highMark + 2 * 66_000)
        }
    }

    @Test
    func aSmallRequestBesideBulkUploadsGoesOutWithinARound() throws {
        var sizes = Array(repeating: 65_248, count: 40)
        sizes.append(100)
        let uploads = try Uploads(sizes: sizes)
        uploads.round()
        let before = uploads.sent
        var bulk = 0
        while uploads.sent[40] == before[40] {
            try uploads.take()
            uploads.round()
            bulk = uploads.sent[..<40].reduce(0, +) - before[..<40].reduce(0, +)
            try #require(bulk < 100 << 20)
        }
        #expect(bulk <= 41 * 2 * 65_248)
    }

    @Test
    func visitorsWhoSayNothingInTheirTurnDoNotHoldUpTheLine() throws {
        var sizes = Array(repeating: 0, count: 200)
        sizes.append(65_248)
        let relay = try CarrierSide(.relay) { $0.ping = .seconds(100_000) }
        var spoken = 0
        var streams: [CarrierStream] = []
        for number in sizes.indices {
            let (stream, end) = try relay.open(number)
            if sizes[number] > 0 { end.onResume = { spoken += 1 } }
            streams.append(stream)
        }
        _ = try relay.sent()
        relay.setWritable(false)
        for stream in streams { stream.waitForTurn() }
        relay.setWritable(true)
        #expect(spoken == 0, "nine turns fit")
        relay.advance(by: .milliseconds(10))
        #expect(spoken == 1)
        let held = streams.count { !$0.acceptsInput }
        #expect(held == 0, "nobody waits any more")
    }

    @Test
    func aStreamInLineThatEndsIsNeitherCalledNorKept() throws {
        let relay = try CarrierSide(.relay)
        let (one, _) = try relay.open(0)
        let (two, other) = try relay.open(1)
        weak var kept: CarrierStream?
        do {
            let (stream, end) = try relay.open(2)
            kept = stream
            _ = try relay.sent()
            relay.setWritable(false)
            stream.waitForTurn()
            two.waitForTurn()
            end.onResume = { Issue.record("it is over") }
            relay.receive(.error, number: 2)
        }
        #expect(kept == nil)
        relay.setWritable(true)
        #expect(other.resumes == 1 && one.acceptsInput)
    }

    @Test
    func aStreamThatIsPausedByItsPeerStandsInNoLine() throws {
        let relay = try CarrierSide(.relay)
        let (stream, end) = try relay.open()
        _ = try relay.sent()
        relay.setWritable(false)
        relay.receive(.pause)
        stream.waitForTurn()
        relay.setWritable(true)
        #expect(end.resumes == 0 && !stream.acceptsInput)
        relay.receive(.resume)
        #expect(end.resumes == 1 && stream.acceptsInput)
    }

    @Test
    func thePressureIsRaisedWhileTheChannelIsFull() throws {
        let relay = try CarrierSide(.relay)
        let pressure = relay.carrier.pulse.pressure
        #expect(!pressure.isRaised)
        relay.setWritable(false)
        #expect(pressure.isRaised)
        relay.setWritable(true)
        #expect(!pressure.isRaised)
    }
}
