import EdgeCarrier
import EdgeForwarding
import EdgeTypes
import EdgeWebSocket
import NIOCore

/// An attempt that is on its way, or the tunnel that it became.
struct RelayAttempt: Sendable {
    /// The connection, once there is one.
    let channel: EventLoopFuture<any Channel>
    /// Done when everything about it is over.
    let ended: EventLoopFuture<AttemptNews.End>

    /// Ends it: says goodbye where the tunnel is up, else closes.
    func end() {
        self.channel.whenSuccess { channel in
            let pipeline = channel.pipeline
            channel.eventLoop.execute {
                let carrier = try? pipeline.syncOperations.handler(type: TunnelCarrierHandler.self)
                guard let carrier else { return channel.close(promise: nil) }
                carrier.fail(.shutdown, code: .normalClosure, text: "the client stops")
            }
        }
    }
}
