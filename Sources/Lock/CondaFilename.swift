/// The file name of a conda package: `name-version-build.conda` or `….tar.bz2` (CEP 26).
public struct CondaFilename: Hashable, Sendable {
    public let name: String
    public let version: String
    public let build: String
    /// With its dot.
    public let suffix: String

    public static let suffixes = [".conda", ".tar.bz2"]

    /// nil where it is none; neither version nor build contains a `-`.
    public init?(_ text: String) {
        guard let suffix = Self.suffixes.first(where: { text.hasSuffix($0) }) else { return nil }
        let stem = text.dropLast(suffix.utf8.count)
        guard let last = stem.lastIndex(of: "-"), let before = stem[..<last].lastIndex(of: "-") else {
            return nil
        }
        name = String(stem[..<before])
        version = String(stem[stem.index(after: before)..<last])
        build = String(stem[stem.index(after: last)...])
        self.suffix = suffix
        guard !name.isEmpty, !version.isEmpty, !build.isEmpty else { return nil }
    }
}

/// Where a conda package lies, as its location says: `<channel>/<subdir>/<file name>`.
struct CondaPlace {
    let channel: String
    let subdir: String

    /// nil where the directory is no subdir, as with a package that lies alone.
    init?(_ location: String) {
        let path = location.contains("://") ? location.prefix { $0 != "?" && $0 != "#" } : location[...]
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let directory = path[..<slash]
        let start = directory.lastIndex(of: "/").map { directory.index(after: $0) } ?? directory.startIndex
        subdir = String(directory[start...])
        guard subdir == "noarch" || CondaPlatform.all.contains(subdir) else { return nil }
        channel = start == directory.startIndex ? "." : String(directory[..<start].dropLast())
        guard !channel.isEmpty else { return nil }
    }
}
