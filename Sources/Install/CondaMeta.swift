import Bundle
import Conda
import Files

/// `conda-meta` in a prefix (CEP 32): a record for each conda package, the history, and the environment's state.
enum CondaMeta {
    static let history = "conda-meta/history"
    static let state = "conda-meta/state"
    static let ownPaths = [history, state]

    static func recordPath(of contents: CondaContents) throws -> RelativePath {
        try RelativePath("conda-meta/\(contents.info.index.distribution).json")
    }

    /// - Parameters:
    ///   - installed: everything in the prefix, by its path.
    ///   - bytecode: modules compiled from sources of this package.
    static func record(
        _ contents: CondaContents, installed: [RelativePath: InstalledFile], bytecode: [RelativePath]
    ) -> PrefixRecord {
        var paths: [PrefixRecord.Path] = []
        paths.reserveCapacity(contents.members.count + bytecode.count + contents.entryPoints.count)
        for member in contents.members where member.role == .file || member.role == .shared {
            // A list from before paths.json takes symbolic links for files.
            var entry = member.entry
            var digest = entry.kind == .file ? entry.sha256 : nil
            switch installed[member.path]?.content {
            case .bytes(_, let sha256): digest = sha256
            case .link: entry = Self.entry(entry, .softlink)
            case .directory: entry = Self.entry(entry, .directory)
            case nil: break
            }
            paths.append(.init(entry, at: member.path.string, sha256InPrefix: digest))
        }
        paths += bytecode.map { .init($0.string, .bytecode) }
        paths += contents.entryPoints.map { entryPoint in
            let path = "bin/\(entryPoint.command)"
            guard let relative = try? RelativePath(path),
                case .bytes(let size, let digest)? = installed[relative]?.content
            else { return .init(path, .entryPoint) }
            return .init(path, .entryPoint, sha256InPrefix: digest, size: size)
        }
        return PrefixRecord(
            package: package(contents), paths: paths, requestedSpecs: contents.archive.specs ?? [])
    }

    private static func entry(_ entry: PathsJSON.Entry, _ kind: PathsJSON.Kind) -> PathsJSON.Entry {
        .init(
            path: entry.path, kind: kind, sha256: entry.sha256, size: entry.size, noLink: entry.noLink,
            placeholder: entry.placeholder)
    }

    /// What the package says of itself, with what only the manifest knows. A package that came from no address is
    /// given its entry in the bundle as one: conda's tools want an absolute URL with the platform in it.
    private static func package(_ contents: CondaContents) -> PackageRecord {
        let archive = contents.archive
        var package = contents.info.index
        package.noarch = contents.info.noarch
        package.license = package.license ?? contents.info.license
        if let subdir = archive.subdir { package.subdir = subdir }
        package.sha256 = archive.sha256
        package.md5 = archive.md5
        package.size = archive.size
        if let url = archive.url, url.contains("://") {
            package.url = url
            package.channel = archive.channel.flatMap { $0.contains("://") ? $0 : nil } ?? channel(of: url)
        } else {
            package.url = "file:///archives/conda/\(package.subdir)/\(archive.filename)"
            package.channel = "file:///archives/conda"
        }
        return package
    }

    /// The address without platform and file name.
    private static func channel(of url: String) -> String {
        var rest = url[...]
        for _ in 0..<2 {
            guard let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
            rest = rest[..<slash]
        }
        return String(rest)
    }

    /// The first block of a new environment's history.
    /// - Parameter now: RFC 3339, UTC.
    static func history(_ packages: [CondaContents], manifest: Manifest, now: String) -> CondaHistory {
        let time = now.prefix(19).map { $0 == "T" ? " " : $0 }
        let generator = Generator.current.split(separator: " ").map(String.init)
        return CondaHistory(
            time: String(time),
            command: ["airlift", "install", "\(manifest.name)-\(manifest.version)-\(manifest.platform).sh"],
            tool: (generator.first ?? "airlift", generator.dropFirst().first ?? "0"),
            linked: packages.map { CondaHistory.distribution(of: package($0)) },
            updateSpecs: packages.flatMap { $0.archive.specs ?? [] })
    }
}
