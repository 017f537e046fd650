import Bundle

extension CalendarDate {
    /// The day of a time in RFC 3339 (UTC), or of a date by itself.
    public init?(rfc3339 text: String) {
        let date = text.prefix { $0 != "T" }.split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, date.map(\.utf8.count) == [4, 2, 2] else { return nil }
        let numbers = date.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
        }
        guard numbers.count == 3, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else {
            return nil
        }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    /// `2026-11-21`
    public var text: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Days since 0000-03-01 of the Gregorian calendar: the difference of two is the time between them.
    var dayNumber: Int {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthFromMarch + 2) / 5
            + day - 1
    }
}
