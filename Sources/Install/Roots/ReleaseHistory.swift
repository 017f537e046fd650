import Digests

/// What ran when, by the log of a root.
public struct ReleaseHistory: Sendable {
    /// A time during which one release was the current one.
    public struct Period: Hashable, Sendable, Encodable {
        public let version: String
        /// Environment id; nil where the log does not tell.
        public let environment: SHA256Digest?
        /// RFC 3339, UTC.
        public let from: String
        /// nil while it lasts.
        public internal(set) var until: String?
    }

    /// One after the other.
    public private(set) var periods: [Period] = []

    /// - Parameter entries: the oldest first.
    public init(_ entries: [ActivationLog.Entry]) {
        for entry in entries {
            switch entry.event {
            case .activated, .rolledBack:
                guard let version = entry.version else { continue }
                end(at: entry.time)
                periods.append(Period(version: version, environment: entry.environment, from: entry.time))
            case .uninstalled: end(at: entry.time)
            case .installed, .removed, .repaired, .activationFailed: break
            }
        }
    }

    private mutating func end(at time: String) {
        guard let last = periods.indices.last, periods[last].until == nil else { return }
        periods[last].until = time
    }

    /// What was current at some moment of a day.
    /// - Parameter day: `YYYY-MM-DD`, of UTC.
    public func on(_ day: String) -> [Period] {
        // Texts of this form are in the order of the times that they name.
        periods.filter { $0.from <= "\(day)T23:59:60Z" && ($0.until ?? "9999") >= "\(day)T00:00:00Z" }
    }

    /// Whether it is a day of the calendar (RFC 3339, full-date).
    public static func isDay(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) })
        else { return false }
        let numbers = parts.compactMap { Int(String(Substring($0))) }
        guard numbers.count == 3, (1...12).contains(numbers[1]) else { return false }
        let isLeap = numbers[0] % 4 == 0 && (numbers[0] % 100 != 0 || numbers[0] % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[numbers[1] - 1]).contains(numbers[2])
    }
}
