import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// Writes answers in the form that a request asks for.
struct AnswerWriter: Sendable {
    private let shell = PageShell()

    /// Whether a request wants JSON rather than a page (RFC 9110 §12.5.1, without weights: who accepts both is a browser).
    static func wantsJSON(_ request: Request) -> Bool {
        if request.uri.path.hasPrefix("/api/") || request.uri.path.hasSuffix(".json") { return true }
        let accept = (request.headers[.accept] ?? "").lowercased()
        return accept.contains("json") && !accept.contains("text/html")
    }

    /// The status as a page.
    func page(_ status: RelayStatus) -> Response {
        let content = StatusPage(status: status).content
        return self.text(self.shell.page(title: "RVPN relay", content: content), .ok, "text/html; charset=utf-8")
    }

    /// The status as JSON.
    func json(_ status: RelayStatus) throws(AdminRefusal) -> Response {
        guard let data = try? Self.encoder.encode(status) else { throw .failed }
        return Response(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }

    /// A refusal as a page, or as a problem (RFC 9457).
    func refusal(_ refusal: AdminRefusal, asJSON: Bool) -> Response {
        var response: Response
        if asJSON {
            let problem = Problem(title: refusal.title, status: refusal.status.code, detail: refusal.advice)
            let data = (try? Self.encoder.encode(problem)) ?? Data()
            response = Response(
                status: refusal.status,
                headers: [.contentType: "application/problem+json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
            )
        } else {
            let content: HTML = """
                <main><div class="notice"><h1>\(refusal.title)</h1><p>\(refusal.advice)</p>
                <p class="quiet">\(refusal.status.code) \(refusal.status.reasonPhrase)</p></div></main>
                """
            let page = self.shell.page(title: refusal.title, content: content)
            response = self.text(page, refusal.status, "text/html; charset=utf-8")
        }
        if refusal == .methodNotAllowed { response.headers[.allow] = "GET, HEAD" }
        return response
    }

    /// Text of any type.
    func text(_ text: String, _ status: HTTPResponse.Status, _ type: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// A file that the executable holds.
    func file(_ bytes: [UInt8], _ type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// A refusal for programs (RFC 9457 §3.1).
    private struct Problem: Encodable {
        let title: String
        let status: Int
        let detail: String
    }
}
