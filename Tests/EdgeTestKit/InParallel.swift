import Foundation

/// Many hands at once, each on a thread of its own.
package enum InParallel {
    /// Does something so many times at once and waits for all.
    ///
    /// - Parameters:
    ///   - count: how many threads.
    ///   - body: what each does, given its number.
    /// - Throws: ``JourneyFailure`` with what went wrong in each.
    package static func run(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let ended = Watched<[String?]>([])
        for index in 0..<count {
            Thread.detachNewThread {
                var failure: String?
                do { try body(index) } catch { failure = "\(index): \(error)" }
                ended.change { $0.append(failure) }
            }
        }
        guard let all = ended.wait(by: Deadline(.seconds(300)), for: { $0.count == count ? $0 : nil }) else {
            throw JourneyFailure("\(count - ended.current.count) of \(count) hands do not come back")
        }
        let failures = all.compactMap(\.self)
        guard failures.isEmpty else { throw JourneyFailure(failures.joined(separator: "\n")) }
    }
}
