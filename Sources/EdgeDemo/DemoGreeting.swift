import EdgeWebSocket
import HTTPTypes
import Hummingbird
import NIOCore

/// A WebSocket that says one sentence and closes (RFC 6455).
///
/// It never reads a frame, so nothing is needed but the bytes behind the head of the answer: HTTP/1.1 leaves them to the
/// new protocol (RFC 9110 §15.2.2).
enum DemoGreeting {
    /// Answers an upgrade.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - context: its connection.
    /// - Returns: the upgrade with all that follows it; nil where the request asks for none.
    static func answer(_ request: Request, _ context: DemoSiteContext) -> Response? {
        guard request.headers[.upgrade]?.lowercased() == "websocket", let key = request.headers[.secWebSocketKey] else {
            return nil
        }
        let channel = context.channel
        return Response(
            status: .switchingProtocols,
            headers: [
                .connection: "Upgrade", .upgrade: "websocket", .secWebSocketAccept: WebSocketHandshake.accept(for: key),
            ],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(bytes: self.frames))
                try await writer.finish(nil)
                // The server ends the connection first (RFC 6455 §7.1.1); the client's own close frame may still come.
                channel.close(mode: .output, promise: nil)
            }
        )
    }

    private static var frames: [UInt8] {
        let text = Array("Hello from a WebSocket behind a tunnel.\n".utf8)
        let end = WebSocketFrameEncoder.closePayload(.normalClosure, reason: "")
        return WebSocketFrameEncoder.frame(.text, payload: text, maskingKey: nil)
            + WebSocketFrameEncoder.frame(.close, payload: end, maskingKey: nil)
    }
}
