import EdgeConfiguration
import Testing

@Suite
struct DurationTests {
    @Test(arguments: [
        ("100ms", Duration.milliseconds(100)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h", .seconds(3600)),
        ("30d", .seconds(2_592_000)), ("0s", .zero), ("1500ms", .milliseconds(1500)),
    ])
    func aLengthOfTimeIsReadAndWritten(text: String, expected: Duration) throws {
        let duration = try #require(Duration(setting: text))
        #expect(duration == expected)
        #expect(Duration(setting: duration.setting) == duration)
    }

    @Test(arguments: ["", "s", "5", "5 s", "-5s", "+5s", "5S", "1.5s", "5s5", "5min", "1h30m", "9223372036854775807d"])
    func whatIsNoLengthOfTimeIsNotRead(text: String) {
        #expect(Duration(setting: text) == nil)
    }

    @Test(arguments: [
        (Duration.seconds(90), "90s"), (.seconds(60), "1m"), (.seconds(86_400), "1d"), (.milliseconds(1), "1ms"),
        (.seconds(300), "5m"),
    ])
    func theLargestUnitThatDividesIsWritten(duration: Duration, text: String) {
        #expect(duration.setting == text)
    }
}
