/// The name of a project or of an extra (PEP 508), compared in its normalised form (PEP 503, PEP 685).
public struct ProjectName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As it was given.
    public let spelling: String
    /// Lower case, with each run of `-`, `_` and `.` as one `-`.
    public let normalized: String

    /// - Throws: when it is empty or has other characters than ASCII letters, digits, `.`, `-`, `_`,
    ///   or does not start and end with a letter or digit.
    public init(_ text: some StringProtocol) throws(WheelError) {
        guard let first = text.utf8.first, let last = Substring(text).utf8.last, first.isAlphanumeric,
            last.isAlphanumeric, text.utf8.allSatisfy({ $0.isAlphanumeric || Self.isSeparator($0) })
        else {
            throw WheelError(
                .name, text,
                "a name is made of ASCII letters, digits, '.', '-' and '_', and starts and ends with a letter or digit"
            )
        }
        spelling = String(text)
        normalized = Self.normalize(text)
    }

    /// The PEP 503 form of any text, valid as a name or not.
    static func normalize(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var pending = false
        for byte in text.utf8 {
            if isSeparator(byte) {
                pending = true
                continue
            }
            if pending { bytes.append(UInt8(ascii: "-")) }
            pending = false
            bytes.append(byte.lowered)
        }
        if pending { bytes.append(UInt8(ascii: "-")) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    /// The form in file names of wheels (binary distribution format): normalised, with `_` for `-`.
    public var escaped: String {
        String(
            decoding: normalized.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    public var description: String { spelling }

    public static func == (a: ProjectName, b: ProjectName) -> Bool { a.normalized == b.normalized }
    public static func < (a: ProjectName, b: ProjectName) -> Bool { a.normalized < b.normalized }
    public func hash(into hasher: inout Hasher) { hasher.combine(normalized) }
}
