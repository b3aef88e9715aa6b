/// A local service that sends back what it gets, and ends when its visitor does.
package final class EchoServer: Sendable {
    private let listener: LoopbackListener

    /// Starts a server.
    ///
    /// - Parameter greeting: what it says first, before the visitor has said anything.
    /// - Throws: ``JourneyFailure`` when it cannot listen.
    package init(greeting: String = "") throws {
        self.listener = try LoopbackListener { connection in
            defer { connection.close() }
            do {
                try connection.write(greeting)
                while true {
                    let bytes = try connection.read()
                    guard !bytes.isEmpty else { break }
                    try connection.write(bytes)
                }
                connection.finishWriting()
            } catch {
                // The visitor went away; the test sees it on its own end.
            }
        }
    }

    /// The port on 127.0.0.1.
    package var port: UInt16 { self.listener.port }
}
