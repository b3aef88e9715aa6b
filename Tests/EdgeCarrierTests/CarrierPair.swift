import EdgeCarrier
import EdgeTLS
import NIOEmbedded

/// A relay's carrier and an agent's back to back.
final class CarrierPair {
    let loop = EmbeddedEventLoop()
    let relay: CarrierSide
    let agent: CarrierSide

    init(
        engines: (server: TLSEngine, client: TLSEngine)? = nil,
        adjust: (inout CarrierSettings) -> Void = { _ in }
    ) throws {
        self.relay = try CarrierSide(.relay, loop: self.loop, engine: engines?.server, adjust: adjust)
        self.agent = try CarrierSide(.agent, loop: self.loop, engine: engines?.client, adjust: adjust)
    }

    /// Carries bytes both ways until nothing moves, so many in one read.
    func pump(cut: Int = .max) throws {
        while true {
            let down = try self.relay.sentBytes()
            let up = try self.agent.sentBytes()
            guard !down.isEmpty || !up.isEmpty else { return }
            Self.feed(down, to: self.agent, cut: cut)
            Self.feed(up, to: self.relay, cut: cut)
        }
    }

    private static func feed(_ bytes: [UInt8], to side: CarrierSide, cut: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            side.receive(Array(rest.prefix(cut)))
            rest = rest.dropFirst(cut)
        }
    }
}
