import Bundle
import Failures
import Testing

@Suite struct CalVerTests {
    static let day = CalendarDate(year: 2026, month: 3, day: 7)

    @Test(arguments: [
        ("YYYY.0M.0D", "2026.03.07"), ("YYYY.MM.DD", "2026.3.7"), ("YY.MM", "26.3"),
        ("0Y.0M.MICRO", "26.03.4"),
        ("YYYY.WW", "2026.10"), ("YYYY.0W.MICRO", "2026.10.4"), ("YYYY-0M-0D_MICRO", "2026-03-07_4"),
        ("YYYY.0M.0Dr1", "2026.03.07r1"), ("YYYY0M0D", "20260307"),
    ])
    func `tokens of calver.org`(pattern: String, version: String) throws {
        #expect(try CalVerPattern(pattern).version(on: Self.day, micro: 4) == version)
    }

    @Test func `weeks count from the first of January in steps of seven days`() throws {
        let pattern = try CalVerPattern("YYYY.0W")
        #expect(pattern.version(on: .init(year: 2026, month: 1, day: 7)) == "2026.01")
        #expect(pattern.version(on: .init(year: 2026, month: 1, day: 8)) == "2026.02")
        #expect(pattern.version(on: .init(year: 2024, month: 12, day: 31)) == "2024.53")
        #expect(pattern.version(on: .init(year: 2024, month: 3, day: 1)) == "2024.09")
        #expect(pattern.version(on: .init(year: 2023, month: 3, day: 1)) == "2023.09")
    }

    @Test func `only MICRO tells two cuts of one day apart`() throws {
        #expect(try CalVerPattern("YYYY.0M.MICRO").countsCuts)
        #expect(try !CalVerPattern(CalVerPattern.standard).countsCuts)
    }

    @Test(arguments: ["", "MM.DD", "MICRO", "YYYY/0M", "YYYY 0M", "YYYY.0M.Ä", "YYYY.MAJOR", "Y"])
    func `a pattern without year or with strangers is refused`(pattern: String) {
        let error = #expect(throws: CalVerError.self) { _ = try CalVerPattern(pattern) }
        #expect(error?.kind == .usage)
        #expect(error?.description.contains("'\(pattern)'") == true)
    }

    @Test(arguments: [".YYYY", "-YYYY.0M", "+YYYY"])
    func `a version begins with a letter or digit`(pattern: String) {
        #expect(throws: CalVerError.self) { _ = try CalVerPattern(pattern) }
    }

    @Test func `the serial orders versions as their dates are ordered`() {
        let ordered = [
            "2025.12.31", "2026.1.2", "2026.01.10", "2026.02.01", "2026.02.01.1", "2026.02.01.10",
            "2026.11.21",
        ]
        let serials = ordered.compactMap { Serial.derived(from: $0) }
        #expect(serials.count == ordered.count)
        #expect(serials == serials.sorted() && Set(serials).count == serials.count)
        #expect(Serial.derived(from: "2026.11.21") == 2_026_112_100_000)
        #expect(Serial.derived(from: "26.11.21") == Serial.derived(from: "2026-11-21"))
    }

    @Test(arguments: [
        "", "1.2.3.4.5", "2026.rc1", "1999.1.1", "2026.100", "2026.1.1.100000", "v1", "99999.1",
    ])
    func `a version of another form has no serial of its own`(version: String) {
        // Years of two digits are of this century: 1 is 2001, and 1999 is none.
        #expect(Serial.derived(from: version) == nil)
    }
}
