import HTTPTypes
import Hummingbird

/// The status, as a page and as JSON.
struct StatusEndpoints: Sendable {
    let control: any RelayControl
    let writer: AnswerWriter

    func add(to router: some RouterMethods<AdminRequestContext>) {
        router.get("/") { request, context in
            let status = try await self.allowedStatus(request, context)
            guard AnswerWriter.wantsJSON(request) else { return self.writer.page(status) }
            return try self.writer.json(status)
        }
        for path in [AdminPath.status, AdminPath.statusFile] {
            router.get(RouterPath(path.rawValue)) { request, context in
                try self.writer.json(await self.allowedStatus(request, context))
            }
        }
    }

    /// The status, for those who may see it.
    private func allowedStatus(
        _ request: Request,
        _ context: AdminRequestContext
    ) async throws(AdminRefusal) -> RelayStatus {
        let fields = request.headers
        let isForwarded = Self.forwardingFields.contains { fields.contains($0) }
        switch AdminAuthorizer.verdict(on: context.peer, isForwarded: isForwarded) {
        case .allowed: return await self.control.status()
        case .refusedRemote: throw .remoteVisitor
        case .refusedForwarded: throw .forwardedVisitor
        }
    }

    /// What proxies add to a request that they pass on (RFC 7239 §4, and the customs before it).
    private static let forwardingFields = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
        .compactMap { HTTPField.Name($0) }
}
