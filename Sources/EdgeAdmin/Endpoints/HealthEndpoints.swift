import HTTPTypes
import Hummingbird

/// What load balancers and service managers ask; open to all, and silent about anything else.
struct HealthEndpoints: Sendable {
    let control: any RelayControl
    let writer: AnswerWriter

    func add(to router: some RouterMethods<AdminRequestContext>) {
        router.get(RouterPath(AdminPath.health.rawValue)) { _, _ in
            self.writer.text("ok\n", .ok, "text/plain; charset=utf-8")
        }
        router.get(RouterPath(AdminPath.readiness.rawValue)) { _, _ in
            await self.control.isReady()
                ? self.writer.text("ready\n", .ok, "text/plain; charset=utf-8")
                : self.writer.text("not ready\n", .serviceUnavailable, "text/plain; charset=utf-8")
        }
    }
}
