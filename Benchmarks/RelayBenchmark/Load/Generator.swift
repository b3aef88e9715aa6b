import EdgeOpenSSL
import EdgeTestKit
import Glibc

/// Keeps a number of visitors busy and says what that cost others: closed-loop, one thread.
///
///     opening, warming up --enough--> window open --time over--> closed
struct Generator {
    /// Connections that are opened at a time while idle ones gather.
    private static let opening = 32

    private let plan: LoadPlan
    private let tree: ProcessTree
    private let context: TLSContext
    private let scratch = Scratch()
    private let queue = ReadyQueue()
    private var visitors: [Visitor?] = []
    private var session: TLSSession?
    private var result = LoadPlan.Result()
    private var windowStart: ContinuousClock.Instant?
    private var ownStart = 0.0
    private var warmth = 0
    private var isOver = false

    /// Prepares a load.
    ///
    /// - Parameter plan: what to do.
    /// - Throws: where OpenSSL gives no context.
    init(_ plan: LoadPlan) throws {
        self.plan = plan
        self.tree = ProcessTree(roots: plan.charged)
        self.context = try TLSContext(trusting: .nothing, applicationProtocols: ["http/1.1"])
    }

    /// Does it.
    ///
    /// - Returns: what it cost.
    mutating func run() -> LoadPlan.Result {
        signal(SIGPIPE, SIG_IGN)
        let end = ContinuousClock.now + .seconds(self.plan.limit)
        switch self.plan.kind {
        case .idle, .tunnels: self.gather(until: end)
        case .requests, .download, .upload, .handshakes: self.repeat(until: end)
        }
        return self.result
    }

    // MARK: Repeating

    private mutating func `repeat`(until end: ContinuousClock.Instant) {
        for _ in 0..<self.plan.connections { self.open() }
        let begin = ContinuousClock.now
        while !self.isOver {
            self.serve()
            let now = ContinuousClock.now
            if let windowStart {
                if now - windowStart >= .seconds(self.plan.seconds) { self.closeWindow(windowStart, now) }
            } else if self.isWarm(after: now - begin) {
                self.openWindow(now)
            }
            guard now < end, self.result.errors < 100 + self.result.repetitions else {
                self.result.isLate = now >= end
                if let windowStart, !self.isOver { self.closeWindow(windowStart, now) }
                return
            }
        }
    }

    /// Every connection has been at it several times, buffers and caches have their size.
    private func isWarm(after time: Duration) -> Bool {
        switch self.plan.kind {
        case .download, .upload: time >= .milliseconds(400) && self.warmth >= 16 << 20
        case .requests, .handshakes, .idle, .tunnels: self.warmth >= max(100, 6 * self.plan.connections)
        }
    }

    private mutating func openWindow(_ now: ContinuousClock.Instant) {
        self.result.repetitions = 0
        self.result.bytes = 0
        self.result.resumed = 0
        self.result.cpu = self.tree.cpu
        self.ownStart = ProcessTree(roots: [getpid()]).cpu
        self.windowStart = now
    }

    private mutating func closeWindow(_ start: ContinuousClock.Instant, _ now: ContinuousClock.Instant) {
        self.result.cpu = self.tree.cpu - self.result.cpu
        self.result.ownCPU = ProcessTree(roots: [getpid()]).cpu - self.ownStart
        self.result.seconds = (now - start) / .seconds(1)
        self.isOver = true
    }

    // MARK: Gathering

    private mutating func gather(until end: ContinuousClock.Instant) {
        self.result.memory = [self.tree.memory]
        var opened = 0
        while self.result.open + self.result.errors < self.plan.connections, ContinuousClock.now < end {
            while opened < self.plan.connections, opened - self.result.open - self.result.errors < Self.opening {
                self.open()
                opened += 1
            }
            self.serve()
        }
        self.result.isLate = ContinuousClock.now >= end
        let settled = ContinuousClock.now + .seconds(self.plan.settle)
        while ContinuousClock.now < settled { self.serve() }
        self.result.memory.append(self.tree.memory)
    }

    // MARK: Visitors

    /// Whom a new connection asks for what.
    private func words(_ index: Int) -> (name: String, request: String) {
        let name = self.plan.name
        switch self.plan.kind {
        case .requests, .idle, .handshakes:
            let close = self.plan.closes ? "Connection: close\r\n" : ""
            return (name, "GET /\(self.plan.answer) HTTP/1.1\r\nHost: \(name)\r\n\(close)\r\n")
        case .download:
            return (name, "GET /\(1 << 40) HTTP/1.1\r\nHost: \(name)\r\n\r\n")
        case .upload:
            return (name, "POST / HTTP/1.1\r\nHost: \(name)\r\nContent-Length: \(1 << 40)\r\n\r\n")
        case .tunnels:
            let token = TestToken.granting(["t\(index).bench.test"], secret: self.plan.secret)
            let fields = [
                "Host: \(name)", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==", "User-Agent: rvpn/bench",
                "Authorization: Bearer \(token)",
            ]
            return (name, "GET / HTTP/1.1\r\n" + fields.joined(separator: "\r\n") + "\r\n\r\n")
        }
    }

    private mutating func open(at place: Int? = nil) {
        let index = place ?? self.visitors.count
        if index == self.visitors.count { self.visitors.append(nil) }
        let words = self.words(index)
        let tls =
            self.plan.tls
            ? try? TLSConnection(
                connecting: self.context,
                name: words.name,
                isAddress: false,
                resuming: self.plan.resumes ? self.session : nil
            ) : nil
        guard let line = Line.dial(self.plan.port, tls: tls, scratch: self.scratch) else {
            self.result.errors += 1
            return
        }
        let visitor = Visitor(self.plan, request: Array(words.request.utf8), line: line, scratch: self.scratch)
        self.visitors[index] = visitor
        self.queue.watch(line.descriptor, token: index, isNew: true, writable: true)
    }

    /// One round of events.
    private mutating func serve() {
        let count = self.queue.wait(milliseconds: 50)
        for number in 0..<count where !self.isOver {
            let index = self.queue.token(number)
            guard let visitor = self.visitors[index] else { continue }
            let turn = visitor.proceed()
            self.result.bytes += visitor.moved
            if self.plan.kind == .download || self.plan.kind == .upload { self.warmth += visitor.moved }
            visitor.moved = 0
            self.follow(turn, visitor, index)
        }
    }

    private mutating func follow(_ turn: Visitor.Turn, _ visitor: Visitor, _ index: Int) {
        switch turn {
        case .wait:
            break
        case .repeated:
            self.count(visitor)
        case .idle:
            self.result.open += 1
        case .finished:
            self.count(visitor)
            if self.plan.resumes { self.session = visitor.session ?? self.session }
            return self.replace(index)
        case .failed:
            self.result.errors += 1
            self.visitors[index] = nil
            if self.plan.kind == .idle || self.plan.kind == .tunnels { return }
            return self.replace(index)
        }
        guard visitor.wantsRoom != visitor.waitsForRoom else { return }
        visitor.waitsForRoom.toggle()
        self.queue.watch(visitor.line.descriptor, token: index, isNew: false, writable: visitor.waitsForRoom)
    }

    private mutating func count(_ visitor: Visitor) {
        self.warmth += 1
        self.result.repetitions += 1
        if visitor.isResumed { self.result.resumed += 1 }
    }

    private mutating func replace(_ index: Int) {
        self.visitors[index] = nil
        self.open(at: index)
    }
}
