import EdgeCarrier
import EdgeChannels
import EdgeTunnel
import EdgeTypes
import NIOCore

/// The local side of a stream, which notes what it is told.
final class RecordingEnd: StreamEnd {
    private(set) var delivered: [UInt8] = []
    private(set) var flushed = 0
    private(set) var resumes = 0
    /// What its peer has taken, as the test says.
    var taken: Int? = 0
    private(set) var events: [Event] = []
    /// Called when reading may go on.
    var onResume: (() -> Void)?

    /// What ended.
    enum Event: Equatable {
        case outputEnded
        case finished(CloseReason)
        case reset(CloseReason)
    }

    func deliver(_ bytes: ByteBuffer) {
        self.delivered += Array(bytes.readableBytesView)
    }

    func flush() {
        self.flushed = self.delivered.count
    }

    func endOutput() {
        self.events.append(.outputEnded)
    }

    func finish(_ reason: CloseReason) {
        self.events.append(.finished(reason))
    }

    func reset(_ reason: CloseReason) {
        self.events.append(.reset(reason))
    }

    func resumeReading() {
        self.resumes += 1
        self.onResume?()
    }
}

/// The maker of a carrier, which notes what it is told and gives every stream an end.
final class RecordingOwner: CarrierOwner {

    /// A stream that the peer opened.
    struct Opened {
        let stream: CarrierStream
        let header: TunnelHeader
        let end: RecordingEnd
    }

    private(set) var opened: [Opened] = []
    private(set) var refused = 0
    private(set) var controls: [ControlMessage] = []
    private(set) var ended: [CloseReason] = []
    var refuses = false

    func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)? {
        guard !self.refuses else {
            self.refused += 1
            return nil
        }
        let end = RecordingEnd()
        self.opened.append(Opened(stream: stream, header: header, end: end))
        return end
    }

    func controlReceived(_ message: ControlMessage) {
        self.controls.append(message)
    }

    func carrierEnded(_ reason: CloseReason) {
        self.ended.append(reason)
    }
}
