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
