import EdgeCarrier
import EdgeForwarding

/// What must be gone once nobody holds a scenario any more.
struct ScenarioRemains {
    private final class Held {
        weak var object: AnyObject?

        init(_ object: AnyObject?) {
            self.object = object
        }
    }

    private let held: [Held]

    init(_ objects: [AnyObject?]) {
        self.held = objects.map(Held.init)
    }

    /// Checks that nothing holds anything in a circle.
    func check() throws(FuzzFinding) {
        let left = self.held.compactMap(\.object).map { "\(type(of: $0))" }
        try FuzzFinding.unless(left.isEmpty, "still held: \(left.joined(separator: ", "))")
    }
}
