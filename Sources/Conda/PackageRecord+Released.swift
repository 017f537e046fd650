extension PackageRecord {
    /// When the package was built, which is as near to its release as conda tells: RFC 3339 in UTC, whole
    /// seconds. nil without a timestamp, and for one outside of the years 1980 to 9999.
    public var released: String? {
        guard let timestamp, (315_532_800_000..<253_402_300_800_000).contains(timestamp) else { return nil }
        let seconds = Int(timestamp / 1_000)
        let (year, month, day) = Self.civilDate(seconds / 86_400)
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60)
        return
            "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))T\(Self.twoDigits(hour)):\(Self.twoDigits(minute)):\(Self.twoDigits(second))Z"
    }

    /// The day of the Gregorian calendar, counted from 1970-01-01, by way of years that begin in March.
    private static func civilDate(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
