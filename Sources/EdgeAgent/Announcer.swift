import Synchronization

/// Tells of public addresses, each once however often the client connects.
final class Announcer: Sendable {
    /// Addresses that are remembered; more than any client serves, and a relay that invents ports cannot fill the memory.
    private static let most = 4096

    private let announce: @Sendable (String) -> Void
    private let told = Mutex<Set<String>>([])

    init(_ announce: @escaping @Sendable (String) -> Void) {
        self.announce = announce
    }

    /// Tells of an address, unless it was told of.
    ///
    /// - Parameter address: the address, or the command that reaches it.
    func tell(_ address: String) {
        let isNew = self.told.withLock { $0.count < Self.most && $0.insert(address).inserted }
        if isNew { self.announce(address) }
    }
}
