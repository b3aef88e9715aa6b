/// Why an arrival is asked about.
package enum ArrivalSignal: Sendable, Hashable {
    /// Bytes came, as many as were wanted; on a listener that does not peek, the connection itself.
    case bytes
    /// The peer will send no more: these bytes are all there is.
    case ended
    /// The time to speak is over: these bytes are all that is waited for.
    case timedOut
    /// As many bytes are there as are ever looked at.
    case full

    /// Whether nothing more would come of waiting.
    package var isFinal: Bool {
        switch self {
        case .bytes: false
        case .ended, .timedOut, .full: true
        }
    }
}
