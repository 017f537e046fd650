import Glibc

/// A date and a time of day as a list of signers writes it: `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with `Z`
/// behind it for UTC and without for the time zone of the machine (ssh-keygen(1), TIME INTERVALS).
struct LocalTime: Hashable, Sendable {
    let year, month, day, hour, minute, second: Int
    let isUTC: Bool

    /// nil for another form, and for what no calendar has: 30 February, 24:00, and second 60, which OpenSSH takes for
    /// the day, the hour or the minute after.
    init?(_ text: [UInt8]) {
        var digits = text[...]
        let tail = text.suffix(3).map { $0 & 0xdf }
        if tail == Array("UTC".utf8) {
            digits = digits.dropLast(3)
        } else if tail.last == UInt8(ascii: "Z") {
            digits = digits.dropLast()
        }
        isUTC = digits.count < text.count
        guard [8, 12, 14].contains(digits.count),
            digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        func number(_ start: Int, _ count: Int) -> Int {
            digits.dropFirst(start).prefix(count).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        (year, month, day) = (number(0, 4), number(4, 2), number(6, 2))
        (hour, minute, second) = (number(8, 2), number(10, 2), number(12, 2))
        guard year >= 1970, (1...12).contains(month), (1...Self.days(year, month)).contains(day), hour < 24,
            minute < 60, second < 60
        else { return nil }
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Seconds since 1970. Without `Z` the C library converts it: by `TZ`, else by `/etc/localtime`, else as UTC.
    var unixSeconds: Int64 {
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        // OpenSSH leaves this at 0 as well: a time of day in summer is read as standard time.
        parts.tm_isdst = 0
        return Int64(isUTC ? timegm(&parts) : mktime(&parts))
    }
}
