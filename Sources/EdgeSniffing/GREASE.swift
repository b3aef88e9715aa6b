/// The values that clients send so that servers learn to ignore what they do not know (RFC 8701).
enum GREASE {
    /// Whether a value is one of 0x0A0A, 0x1A1A, … 0xFAFA (RFC 8701 §2).
    static func isReserved(_ value: UInt16) -> Bool {
        value & 0x0F0F == 0x0A0A && value >> 8 == value & 0xFF
    }
}
