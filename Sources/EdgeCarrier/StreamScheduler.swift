/// Whose turn it is to be read while a tunnel takes less than its visitors send: deficit round robin.
///
///     join --> line --grant, a quantum more--> on turn --bytes--> balance used up --join--> end of the line
///                 ^                               |
///                 +--balance still below zero     +--nothing comes--> lapse: the rest is lost
///
/// Everybody in line gets a quantum a round, so a bulk transfer waits behind every small request once. Who sent more
/// than its balance (a read that was under way, a batch) pays it back in later rounds; who has nothing to send keeps
/// nothing over. Nothing is counted while nobody had to wait lately.
package struct StreamScheduler<ID: Hashable & Sendable>: Sendable {
    /// The deepest debt, in quanta, so that one who owes much is still served some day.
    static var deepestDebt: Int { 16 }

    /// What a stream may send in a turn, and where it stands.
    private struct Account {
        var balance = 0
        /// Its place in the line; nil for one that does not wait.
        var place: UInt64?
        /// Whether it may be read.
        var isOnTurn = false
    }

    /// Bytes that each in line is granted a round.
    package let quantum: Int

    private var line: [(id: ID, place: UInt64)] = []
    private var head = 0
    private var nextPlace: UInt64 = 0
    private var accounts: [ID: Account] = [:]
    private var waiting = 0
    /// What was granted and has not come, of those on turn.
    private var outstanding = 0
    /// Who was given a turn since the last lapse, and in the time before it.
    private var turns: [ID] = []
    private var olderTurns: [ID] = []

    /// Creates a scheduler for streams of which none waits.
    ///
    /// - Parameter quantum: bytes that each in line is granted a round, above zero.
    package init(quantum: Int) {
        self.quantum = max(1, quantum)
    }

    /// Whether somebody stands in line.
    package var isContended: Bool { self.waiting > 0 }

    /// Whether nobody has an account, so that nothing need be counted.
    package var isCalm: Bool { self.accounts.isEmpty }

    /// How many places of the line are held, those of streams that left included.
    package var lineLength: Int { self.line.count - self.head }

    /// Whether a stream may be read: nobody waits, or it is on turn and has not used it up.
    ///
    /// - Parameter id: the stream.
    /// - Returns: whether it may.
    package func mayRead(_ id: ID) -> Bool {
        guard self.waiting > 0 else { return true }
        guard let account = self.accounts[id] else { return false }
        return account.isOnTurn && account.balance > 0
    }

    /// Puts a stream at the end of the line; one that stands there already keeps its place.
    ///
    /// - Parameter id: the stream.
    package mutating func join(_ id: ID) {
        if self.waiting == 0 { self.endTurns() }
        var account = self.accounts[id] ?? Account()
        guard account.place == nil else { return }
        self.leaveTurn(&account)
        // A turn that was cut short is made up for, once.
        account.balance = min(account.balance, self.quantum)
        account.place = self.append(id)
        self.accounts[id] = account
        self.waiting += 1
    }

    /// Counts what a stream sent.
    ///
    /// - Parameters:
    ///   - bytes: how much.
    ///   - id: the stream.
    package mutating func used(_ bytes: Int, by id: ID) {
        var account = self.accounts[id] ?? Account()
        let before = max(0, account.balance)
        account.balance = max(account.balance - bytes, -Self.deepestDebt * self.quantum)
        if account.isOnTurn { self.outstanding -= before - max(0, account.balance) }
        self.accounts[id] = account
    }

    /// Forgets a stream that is over.
    ///
    /// - Parameter id: the stream.
    package mutating func leave(_ id: ID) {
        guard var account = self.accounts.removeValue(forKey: id) else { return }
        self.leaveTurn(&account)
        guard account.place != nil else { return }
        self.waiting -= 1
        guard self.lineLength > 64, self.lineLength > 2 * self.waiting else { return }
        self.line = self.line[self.head...].filter { self.accounts[$0.id]?.place == $0.place }
        self.head = 0
    }

    /// Gives turns, in the order of the line, while room is left; the last one may go beyond it by less than a turn.
    ///
    /// - Parameter room: bytes that the tunnel takes before it is full, what was granted before included.
    /// - Returns: who may be read now.
    package mutating func grant(room: Int) -> [ID] {
        var granted: [ID] = []
        var left = room - self.outstanding
        while left > 0, self.waiting > 0, let next = self.popFirst() {
            guard var account = self.accounts[next.id], account.place == next.place else { continue }
            account.balance += self.quantum
            if account.balance > 0 {
                account.place = nil
                account.isOnTurn = true
                self.waiting -= 1
                self.outstanding += account.balance
                left -= account.balance
                self.turns.append(next.id)
                granted.append(next.id)
            } else {
                account.place = self.append(next.id)
            }
            self.accounts[next.id] = account
        }
        return granted
    }

    /// Ends the turns that were given before the last call: what they did not use is lost, since nothing came.
    package mutating func lapse() {
        for id in self.olderTurns { self.endTurn(of: id) }
        self.olderTurns = self.turns
        self.turns.removeAll(keepingCapacity: false)
    }

    /// Forgets what everybody owes: the tunnel has taken all there was.
    package mutating func calm() {
        guard self.waiting == 0 else { return }
        self.accounts = [:]
        self.line = []
        self.head = 0
        self.turns = []
        self.olderTurns = []
        self.outstanding = 0
    }

    private mutating func endTurns() {
        self.lapse()
        self.lapse()
    }

    private mutating func endTurn(of id: ID) {
        guard var account = self.accounts[id], account.isOnTurn else { return }
        self.leaveTurn(&account)
        account.balance = min(0, account.balance)
        self.accounts[id] = account
    }

    private mutating func leaveTurn(_ account: inout Account) {
        guard account.isOnTurn else { return }
        account.isOnTurn = false
        self.outstanding -= max(0, account.balance)
    }

    private mutating func append(_ id: ID) -> UInt64 {
        self.nextPlace += 1
        self.line.append((id, self.nextPlace))
        return self.nextPlace
    }

    private mutating func popFirst() -> (id: ID, place: UInt64)? {
        guard self.head < self.line.count else { return nil }
        let first = self.line[self.head]
        self.head += 1
        if self.head >= 64, self.head * 2 > self.line.count {
            self.line.removeFirst(self.head)
            self.head = 0
        }
        return first
    }
}
