import EdgeTypes
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging

/// Turns refusals into answers, and gives every answer its date and its protection against other sites.
struct AnswerMiddleware: RouterMiddleware {
    typealias Context = AdminRequestContext

    let writer: AnswerWriter

    func handle(
        _ request: Request,
        context: AdminRequestContext,
        next: (Request, AdminRequestContext) async throws -> Response
    ) async -> Response {
        var response = await self.answer(request, context, next)
        for (name, value) in Self.protection {
            response.headers[name] = value
        }
        response.headers[.date] = HTTPDate.field(unixSeconds: Int(Date().timeIntervalSince1970))
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        _ request: Request,
        _ context: AdminRequestContext,
        _ next: (Request, AdminRequestContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = Self.refusal(error, request)
            if refusal == .failed {
                context.logger.error("admin request failed", metadata: ["error": "\(error)"])
            }
            return self.writer.refusal(refusal, asJSON: AnswerWriter.wantsJSON(request))
        }
    }

    private static func refusal(_ error: any Error, _ request: Request) -> AdminRefusal {
        if let refusal = error as? AdminRefusal { return refusal }
        guard let error = error as? HTTPError, error.status == .notFound else { return .failed }
        let isKnown = AdminPath(rawValue: request.uri.path) != nil
        return isKnown && request.method != .get && request.method != .head ? .methodNotAllowed : .notFound
    }

    /// What every answer carries: nothing is kept, nothing is guessed, nothing comes from or goes to another site.
    private static let protection: [(HTTPField.Name, String)] = [
        ("Cache-Control", "no-store"),
        ("Vary", "Accept"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        (
            "Content-Security-Policy",
            "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'; style-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
