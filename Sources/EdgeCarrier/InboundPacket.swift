import EdgeChannels
import EdgeTunnel

/// The packet that a carrier is in the middle of.
struct InboundPacket {
    /// Where the bytes of the packet's body go.
    enum Target {
        /// To a stream's local end.
        case stream(CarrierStream)
        /// Into `collected`: a control message.
        case control
        /// Nowhere: the body says nothing that matters.
        case nowhere
    }

    /// The longest control message, in bytes: a token of 16 KiB with what surrounds it, twice over.
    static var longestControl: Int { 64 << 10 }

    /// Where the body goes.
    var target = Target.nowhere
    /// What came of a control message so far.
    var collected: [UInt8] = []
}
