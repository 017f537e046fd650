import Digests

/// The name of one document, which is the same whenever and wherever it is written.
///
/// A UUID of version 8 (RFC 9562, section 5.8): the first 128 bits of the SHA-256 of the lines that it is made
/// from, but for the six bits that say version and variant. Of a bundle these lines are name, version, platform,
/// environment id, generator and the installer's SHA-256.
public struct DocumentIdentity: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    init(_ lines: [String]) {
        var text = "airlift sbom 1\n"
        // Each with its length, so that no two lists of lines are one text.
        for line in lines { text += "\(line.utf8.count) \(line)\n" }
        var bytes = Array(SHA256.hash(text).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        self.bytes = bytes
    }

    /// `8-4-4-4-12` digits.
    public var description: String {
        var text = Hex.encode(bytes)
        for place in [20, 16, 12, 8] {
            text.insert("-", at: text.index(text.startIndex, offsetBy: place))
        }
        return text
    }
}

/// The day that a version begins with, where it is one: `2026.11.21` and `2026.11.21.2` are of one day.
enum VersionDate {
    /// `2026-11-21T00:00:00Z`.
    static func timestamp(_ version: String) -> String? {
        let parts = version.split(omittingEmptySubsequences: false) { ".-_+".contains($0) }
        guard parts.count >= 3, parts[0].utf8.count == 4, parts[1].utf8.count <= 2, parts[2].utf8.count <= 2,
            let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2]),
            (1980...9999).contains(year), (1...12).contains(month), (1...days(month, year)).contains(day)
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))T00:00:00Z"
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(text) : nil
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
