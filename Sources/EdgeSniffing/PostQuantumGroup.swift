/// Groups whose key exchange withstands a quantum computer, alone or in a hybrid.
enum PostQuantumGroup {
    /// Whether a group is one of them, by IANA's registry "TLS Supported Groups".
    static func contains(_ group: UInt16) -> Bool {
        switch group {
        case 0x0200, 0x0201, 0x0202: true  // MLKEM512, MLKEM768, MLKEM1024
        case 0x11EB, 0x11EC, 0x11ED: true  // SecP256r1MLKEM768, X25519MLKEM768, SecP384r1MLKEM1024
        case 0x6399, 0x639A: true  // X25519Kyber768Draft00, SecP256r1Kyber768Draft00
        default: false
        }
    }
}
