/// Patterns with commas between them, as ssh_config(5) describes them under PATTERNS: `*` for anything, `?` for one
/// byte, `!` in front of what must not match. Letters' case counts.
struct PatternList: Hashable, Sendable {
    /// OpenSSH takes a list with a longer pattern for one that matches nothing.
    static let limit = 1_022

    let text: [UInt8]

    private var patterns: [ArraySlice<UInt8>] {
        text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    }

    var isTooLong: Bool { patterns.contains { $0.count > Self.limit } }

    /// Patterns that say what matches; the others only say what does not.
    var positive: [ArraySlice<UInt8>] {
        patterns.filter { !$0.isEmpty && $0.first != UInt8(ascii: "!") }
    }

    /// Whether one pattern matches, and none with `!`.
    func matches(_ name: [UInt8]) -> Bool {
        guard !isTooLong else { return false }
        var isMatched = false
        for pattern in patterns {
            let isNegated = pattern.first == UInt8(ascii: "!")
            guard Self.matches(name, isNegated ? pattern.dropFirst() : pattern) else { continue }
            if isNegated { return false }
            isMatched = true
        }
        return isMatched
    }

    /// In time of at most name times pattern: only the last `*` is ever gone back to.
    private static func matches(_ name: [UInt8], _ pattern: ArraySlice<UInt8>) -> Bool {
        var (at, next) = (0, pattern.startIndex)
        var retry: (at: Int, next: Int)?
        while at < name.count {
            if next < pattern.endIndex, pattern[next] == UInt8(ascii: "*") {
                next += 1
                retry = (at, next)
            } else if next < pattern.endIndex, pattern[next] == name[at] || pattern[next] == UInt8(ascii: "?")
            {
                at += 1
                next += 1
            } else if let last = retry {
                at = last.at + 1
                next = last.next
                retry = (at, next)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
