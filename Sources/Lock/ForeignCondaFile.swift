/// The file name of a conda package: `name-version-build.conda` or `….tar.bz2` (CEP 26).
struct ForeignCondaFile: Hashable, Sendable {
    static let extensions = [".conda", ".tar.bz2"]

    let name: String
    let version: String
    let build: String

    /// nil for a name without three parts or with characters that the parts cannot have.
    init?(_ text: String) {
        guard let suffix = Self.extensions.first(where: { text.hasSuffix($0) }) else { return nil }
        let parts = text.dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        let name = parts.dropLast(2).joined(separator: "-")
        guard Self.isName(name), Self.isPart(parts[parts.count - 2]), Self.isPart(parts[parts.count - 1])
        else { return nil }
        self.name = name
        version = String(parts[parts.count - 2])
        build = String(parts[parts.count - 1])
    }

    static func isArchive(_ filename: String) -> Bool { extensions.contains { filename.hasSuffix($0) } }

    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "_-.".utf8.contains($0) }
    }

    /// A version or a build string.
    static func isPart(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || "_.+!~".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }
}
