import EdgeSystem
import NIOCore

/// What a loop does later.
struct LoopTimers {
    private var due = DeadlineHeap<UInt64, NIODeadline>()
    private var tasks: [UInt64: Task] = [:]

    /// What is done when the time has come; told false when it will not come any more.
    typealias Task = (_ isDue: Bool) -> Void

    /// How many entries there are, of tasks that were cancelled too.
    var count: Int { self.due.count }

    /// Puts a task in line.
    mutating func insert(_ id: UInt64, at deadline: NIODeadline, _ task: @escaping Task) {
        self.tasks[id] = task
        self.due.insert(id, due: deadline)
    }

    /// Takes a task out; one that ran or was never there is no matter.
    mutating func cancel(_ id: UInt64) {
        guard self.tasks.removeValue(forKey: id) != nil else { return }
        // Most timers are cancelled before they are due: their entries must not pile up.
        if self.due.count > 64 + 4 * self.tasks.count {
            let tasks = self.tasks
            self.due.compact { tasks[$0] != nil }
        }
    }

    /// Takes everything out.
    ///
    /// - Returns: what will not be done any more.
    mutating func removeAll() -> [Task] {
        self.due = DeadlineHeap()
        defer { self.tasks = [:] }
        return Array(self.tasks.values)
    }

    /// Takes out the next task that is due.
    mutating func takeDue(at now: NIODeadline) -> Task? {
        while let id = self.due.takeDue(at: now) {
            if let task = self.tasks.removeValue(forKey: id) { return task }
        }
        return nil
    }

    /// Whole milliseconds until the next task is due, rounded up; -1 where there is none.
    func milliseconds(from now: NIODeadline) -> Int32 {
        guard let next = self.due.next else { return -1 }
        guard next > now else { return 0 }
        return Int32(clamping: ((next - now).nanoseconds + 999_999) / 1_000_000)
    }
}
