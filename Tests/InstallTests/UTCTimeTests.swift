import Glibc
import Testing

@testable import Install

/// Times of records as seconds, compared with the C library's.
@Suite struct UTCTimeTests {
    @Test(arguments: [
        "1970-01-01T00:00:00Z", "1972-02-29T23:59:59Z", "1999-12-31T23:59:59Z", "2000-02-29T12:00:00Z",
        "2000-03-01T00:00:00Z", "2026-11-21T16:27:26Z", "2038-01-19T03:14:08Z", "2100-02-28T00:00:00Z",
        "2100-03-01T00:00:00Z", "2400-02-29T00:00:00Z", "9999-12-31T23:59:59Z",
    ])
    func `a time is the number that the C library makes of it`(text: String) throws {
        let parts = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int32($0) }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (parts[0] - 1900, parts[1] - 1, parts[2])
        (time.tm_hour, time.tm_min, time.tm_sec) = (parts[3], parts[4], parts[5])
        #expect(UTCTime.seconds(text) == Int64(timegm(&time)))
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T16:27:26", "2026-11-21T16:27:26+00:00", "2026-11-21 16:27:26Z",
        "2026-13-21T16:27:26Z", "2026-00-21T16:27:26Z", "2026-11-32T16:27:26Z", "2026-11-21T24:00:00Z",
        "2026-11-21T16:60:00Z", "2026-11-21T16:27:61Z", "+026-11-21T16:27:26Z", "2026-11-21T16:27:26Zz",
    ])
    func `anything else is no time`(text: String) { #expect(UTCTime.seconds(text) == nil) }
}
