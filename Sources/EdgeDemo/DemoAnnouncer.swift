import ServiceLifecycle

/// Shows how the start goes on, and what to paste once every part is up.
struct DemoAnnouncer: Service {
    /// What a part says when it is up.
    enum Part: Sendable, Hashable {
        /// The site takes connections.
        case site
        /// The tunnel serves a name.
        case name(String)
    }

    /// The parts, as they come up.
    let parts: AsyncStream<Part>
    /// What to paste.
    let lines: DemoLines
    /// Shows lines.
    let show: @Sendable (String) -> Void

    /// Shows, and waits until the demo is told to stop.
    func run() async throws {
        var missing = Set([Part.site] + DemoName.served.map { .name($0) })
        for await part in self.parts.cancelOnGracefulShutdown() where missing.remove(part) != nil {
            switch part {
            case .site: self.show("== demo: the site is up")
            case .name(let name): self.show("== demo: the tunnel serves \(name)")
            }
            guard missing.isEmpty else { continue }
            self.show(self.lines.text)
            break
        }
        try await gracefulShutdown()
    }
}
