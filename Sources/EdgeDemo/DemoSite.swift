import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// The site behind the tunnel: a page, a line of text and a WebSocket, at a socket that only its own user can open.
struct DemoSite: Service {
    private let application: Application<RouterResponder<DemoSiteContext>>

    /// Creates the site.
    ///
    /// - Parameters:
    ///   - socket: the path of its socket.
    ///   - logger: where it writes.
    ///   - up: told when it takes connections.
    init(socket: String, logger: Logger, up: @escaping @Sendable () -> Void) {
        let router = Router(context: DemoSiteContext.self, options: .autoGenerateHeadEndpoints)
        router.get("/") { _, _ in
            Self.answer(DemoPage.text, type: "text/html; charset=utf-8")
        }
        router.get("/hello") { request, _ in
            let name = request.head.authority ?? "no name at all"
            return Self.answer("Hello from a site behind a tunnel, known to you as \(name).\n", type: Self.plainText)
        }
        router.get("/socket") { request, context in
            DemoGreeting.answer(request, context) ?? Self.noUpgrade
        }
        self.application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket)),
            onServerRunning: { _ in up() },
            logger: logger
        )
    }

    /// Serves until the demo is told to stop.
    func run() async throws {
        try await self.application.run()
    }

    private static let plainText = "text/plain; charset=utf-8"

    private static var noUpgrade: Response {
        self.answer("Here is a WebSocket; ask for the upgrade.\n", type: self.plainText, status: .upgradeRequired)
    }

    private static func answer(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
