import EdgeSniffing
import EdgeTypes
import Testing

@Suite
struct SniffingErrorTests {
    @Test(
        arguments: [
            (
                SniffingError.prefaceTooLarge(actual: 2, limit: 1), CloseReason.prefaceTooLarge, nil,
                TLSAlert.decodeError
            ),
            (.headTooLarge(actual: 2, limit: 1), .prefaceTooLarge, 431, nil),
            (.malformedHello(.emptyRecord), .malformedHello, nil, .decodeError),
            (.malformedHello(.recordTooLong(actual: 2, limit: 1)), .malformedHello, nil, .recordOverflow),
            (.malformedHello(.notAClientHello(type: 2)), .malformedHello, nil, .unexpectedMessage),
            (.malformedHello(.duplicateExtension(0)), .malformedHello, nil, .illegalParameter),
            (.malformedRequest(.severalHosts), .malformedRequest, 400, nil),
        ] as [(SniffingError, CloseReason, Int?, TLSAlert?)]
    )
    func everyErrorSaysHowItIsAnswered(error: SniffingError, reason: CloseReason, status: Int?, alert: TLSAlert?) {
        #expect(error.closeReason == reason)
        #expect(error.statusCode == status)
        #expect(error.alert == alert)
    }

    @Test
    func alertsAreRecordsOfSevenBytes() {
        #expect(TLSAlert.unrecognizedName.record() == [0x15, 3, 3, 0, 2, 2, 112])
        #expect(TLSAlert.decodeError.record(version: 0x0301) == [0x15, 3, 1, 0, 2, 2, 50])
        #expect(TLSAlert.protocolVersion.record(version: 0x0302) == [0x15, 3, 2, 0, 2, 2, 70])
    }

    @Test
    func thePrefaceIsLimitedTo64KiBUnlessSaidOtherwise() {
        #expect(SniffingLimits().preface == .kibibytes(64))
        #expect(SniffingLimits(preface: .kibibytes(1)).preface.bytes == 1024)
    }
}
