/// Dates in the forms that a site needs.
///
/// Days are counted by the calendar of the eras of 400 years, each of which has 146,097 days.
package enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A date as the field `Date` wants it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter unixSeconds: seconds since 1970.
    /// - Returns: the date.
    package static func field(unixSeconds: Int) -> String {
        let (days, rest) = Self.split(unixSeconds)
        let date = Self.civil(days)
        let time = "\(Self.padded(rest / 3600)):\(Self.padded(rest / 60 % 60)):\(Self.padded(rest % 60))"
        let day = "\(Self.padded(date.day)) \(Self.months[date.month - 1]) \(date.year)"
        return "\(Self.weekdays[days % 7]), \(day) \(time) GMT"
    }

    /// A date as a person reads it: `1994-11-06 08:49 UTC`.
    ///
    /// - Parameter unixSeconds: seconds since 1970.
    /// - Returns: the date.
    package static func readable(unixSeconds: Int) -> String {
        let (days, rest) = Self.split(unixSeconds)
        let date = Self.civil(days)
        let day = "\(date.year)-\(Self.padded(date.month))-\(Self.padded(date.day))"
        return "\(day) \(Self.padded(rest / 3600)):\(Self.padded(rest / 60 % 60)) UTC"
    }

    /// Days since 1970 and seconds of the day; between 1970 and the year 9999, which is all that the forms can write.
    private static func split(_ unixSeconds: Int) -> (days: Int, seconds: Int) {
        let seconds = min(max(0, unixSeconds), 253_402_300_799)
        return (seconds / 86_400, seconds % 86_400)
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // Years begin in March here, so that the leap day is the last one.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let isNextYear = month >= 10
        return (yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, day)
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
