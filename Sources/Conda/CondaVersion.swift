import Glibc

/// A version of a conda package (CEP 33). Equality and order are conda's: `1.0` equals `1.0.0`, letters come
/// before numbers, `dev` before all letters, `post` after all numbers, and the local part counts last.
public struct CondaVersion: Sendable {
    /// As it was given, without white space around it.
    public let text: String
    private let key: [UInt8]

    /// Reads a version literal. Numbers may have any number of digits.
    /// - Throws: `CondaError` for an empty or overlong text, a character or a separator out of place, or an
    ///   asterisk, which makes a constraint of it.
    public init(_ text: some StringProtocol) throws(CondaError) {
        key = try CondaVersionScanner(text).key()
        self.text = Array(text.utf8)[...].trimmed.text
    }

    /// Whether this is `prefix` or comes below it, as `1.2.3` and `1.2a1` below `1.2`, but not `1.20`.
    public func starts(with prefix: CondaVersionPrefix) -> Bool {
        Self.order(prefix.lower, key) < 0 && Self.order(key, prefix.upper) < 0
    }

    /// Negative, zero or positive.
    private static func order(_ a: [UInt8], _ b: [UInt8]) -> Int {
        a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
                guard let first = a.baseAddress, let second = b.baseAddress else { return a.count - b.count }
                let order = memcmp(first, second, min(a.count, b.count))
                return order == 0 ? a.count - b.count : Int(order)
            }
        }
    }
}

extension CondaVersion: Comparable, Hashable {
    public static func == (a: CondaVersion, b: CondaVersion) -> Bool { order(a.key, b.key) == 0 }
    public static func < (a: CondaVersion, b: CondaVersion) -> Bool { order(a.key, b.key) < 0 }

    public func hash(into hasher: inout Hasher) {
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension CondaVersion: CustomStringConvertible {
    public var description: String { text }
}

/// What the versions of a series have in common, as `1.2` in `1.2.*` (CEP 29, fuzzy equality).
///
/// A version belongs to it if its segments and components are those of the prefix as far as that goes, missing
/// ones being 0. Of a word at the end of the prefix the version's need only begin with it, as in conda: `1.0a`
/// takes `1.0a1` and `1.0alpha`. Unless the prefix has a local part, that of the version does not matter.
public struct CondaVersionPrefix: Hashable, Sendable {
    /// Without the asterisk.
    public let text: String
    let lower: [UInt8]
    let upper: [UInt8]

    public init(_ version: CondaVersion) throws(CondaError) {
        guard let bounds = try CondaVersionScanner(version.text).bounds(droppingLast: false) else {
            throw CondaError(.version, version.text, "it has no part")
        }
        self.init(text: version.text, lower: bounds.lower, upper: bounds.upper)
    }

    private init(text: String, lower: [UInt8], upper: [UInt8]) {
        self.text = text
        self.lower = lower
        self.upper = upper
    }

    /// What `~=version` keeps: the version without its last segment.
    /// - Throws: `CondaError` where it has one segment only, or a local part.
    public init(compatibleWith version: CondaVersion) throws(CondaError) {
        let scanner = try CondaVersionScanner(version.text)
        guard !version.text.utf8.contains(UInt8(ascii: "+")) else {
            throw CondaError(.version, version.text, "'~=' takes no local part")
        }
        guard let bounds = scanner.bounds(droppingLast: true), let text = scanner.textWithoutLast() else {
            throw CondaError(.version, version.text, "'~=' wants two parts or more; write >=\(version.text)")
        }
        self.init(text: text, lower: bounds.lower, upper: bounds.upper)
    }

    public static func == (a: Self, b: Self) -> Bool { a.lower == b.lower && a.upper == b.upper }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(lower)
        hasher.combine(upper)
    }
}
