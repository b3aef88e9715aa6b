/// What an event of the kernel's queue is about, in the 64 bits that come back with it.
///
///     +----+------------------------------+--------------------------------+
///     |kind|          generation          |         slot or serial         |
///     +----+------------------------------+--------------------------------+
///       2                30                               32
enum EventToken {
    /// Another thread left a command.
    case bell
    /// A listener has connections.
    case listener(serial: UInt32)
    /// Something happened to an arrival.
    case arrival(ArrivalSlots.Key)

    /// Reads a token.
    init(_ bits: UInt64) {
        let low = UInt32(truncatingIfNeeded: bits)
        switch bits >> 62 {
        case 1: self = .listener(serial: low)
        case 2:
            let generation = UInt32(truncatingIfNeeded: bits >> 32) & 0x3FFF_FFFF
            self = .arrival(ArrivalSlots.Key(index: low, generation: generation))
        default: self = .bell
        }
    }

    /// The token's bits.
    var bits: UInt64 {
        switch self {
        case .bell: 0
        case .listener(let serial): 1 << 62 | UInt64(serial)
        case .arrival(let key): 2 << 62 | UInt64(key.generation) << 32 | UInt64(key.index)
        }
    }
}
