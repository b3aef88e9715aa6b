import EdgeSystem
package import EdgeTypes
package import NIOCore
import NIOPosix
import Synchronization

/// Finds the addresses of upstreams that are written with a name, on threads of its own.
///
/// A lookup blocks for as long as no name server answers. So it never runs on a loop, and no name waits for another: NIO's
/// own resolver has one queue for all names of a loop, in which each visitor of a dead name would hold up those of every
/// other for ten seconds and more. Visitors who want the same name at the same time wait for one lookup.
package final class NameResolver: Sendable {
    /// Names that are looked up at once.
    ///
    /// They come from the configuration, not from visitors. Each has a thread, and there are none until a name is asked for.
    package static let threads = 16

    private struct Names {
        var waiting: [String: [EventLoopPromise<[NetworkAddress]>]] = [:]
        var isStarted = false
        var isOver = false
    }

    private let names = Mutex(Names())
    private let pool = NIOThreadPool(numberOfThreads: NameResolver.threads)
    private let lookUp: @Sendable (String) throws -> [NetworkAddress]

    /// Creates a resolver that has no threads yet.
    ///
    /// - Parameter lookUp: gives the addresses of a name, and blocks as long as it takes.
    package init(lookUp: @escaping @Sendable (String) throws -> [NetworkAddress]) {
        self.lookUp = lookUp
    }

    /// Creates a resolver that asks the system's.
    convenience init() {
        self.init { try NetworkAddress.addresses(of: $0) }
    }

    /// Finds a name's addresses.
    ///
    /// - Parameters:
    ///   - host: the name.
    ///   - loop: where the answer is told.
    /// - Returns: the addresses, at least one; fails with what the lookup threw.
    package func addresses(of host: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
        let promise = loop.makePromise(of: [NetworkAddress].self)
        enum Step { case ask, start, wait, refuse }
        let step = self.names.withLock { names -> Step in
            guard !names.isOver else { return .refuse }
            names.waiting[host, default: []].append(promise)
            guard names.waiting[host]?.count == 1 else { return .wait }
            defer { names.isStarted = true }
            return names.isStarted ? .ask : .start
        }
        switch step {
        case .wait: break
        case .refuse: promise.fail(ChannelError.eof)
        case .start:
            self.pool.start()
            self.ask(host)
        case .ask: self.ask(host)
        }
        return promise.futureResult
    }

    /// Looks nothing up any more; a thread that still waits for an answer ends with it.
    package func stop() {
        let waiting = self.names.withLock { names in
            names.isOver = true
            defer { names.waiting = [:] }
            return names.waiting.values.flatMap(\.self)
        }
        self.pool.shutdownGracefully { _ in }
        for promise in waiting { promise.fail(ChannelError.eof) }
    }

    private func ask(_ host: String) {
        self.pool.submit { state in
            guard case .active = state else { return }
            let answer = Result { try self.lookUp(host) }
            let waiting = self.names.withLock { $0.waiting.removeValue(forKey: host) ?? [] }
            for promise in waiting { promise.completeWith(answer) }
        }
    }
}
