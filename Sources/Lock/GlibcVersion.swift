/// A version of the GNU C library, such as 2.28.
public struct GlibcVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// "2.28"; nil for anything but two plain numbers.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isNumber($0) }), let major = Int(parts[0]),
            let minor = Int(parts[1])
        else { return nil }
        self.init(major: major, minor: minor)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...4).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    public var description: String { "\(major).\(minor)" }

    public static func < (a: GlibcVersion, b: GlibcVersion) -> Bool {
        (a.major, a.minor) < (b.major, b.minor)
    }
}
