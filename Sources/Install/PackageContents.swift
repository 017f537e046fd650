import Archives
import Bundle
import Digests
import Files
import Wheels

/// What one wheel is going to put where, read from its directory and the few small files that say so; nothing
/// is unpacked yet.
public struct PackageContents: Sendable {
    public enum Role: Hashable, Sendable {
        /// Written as it is.
        case file
        /// Written with its `#!python` line naming the environment's interpreter.
        case script
        /// The wheel's own RECORD: checked, and written anew from what was installed.
        case record
        /// Checked and not written: the installer writes its own.
        case replaced
        /// Checked and not written: another archive brings the same file.
        case shared
    }

    public struct Member: Sendable {
        /// Relative to the prefix; nil where nothing is written.
        public let path: RelativePath?
        public let role: Role
        public let permissions: UInt32
    }

    public let archive: Manifest.Archive
    public let directory: ZipDirectory
    /// By the member's name in the wheel.
    public var members: [String: Member]
    /// Relative to the prefix.
    public let siteRoot: RelativePath
    /// `name-version.dist-info`.
    public let distInfo: String
    public let entryPoints: [EntryPoint]
    public let metadata: CoreMetadata
    public let region: FileRegion

    /// Reads a wheel as far as planning needs it.
    ///
    /// - Parameter python: decides where site-packages and headers are.
    public static func read(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python,
        workspace: InflateWorkspace
    ) throws -> PackageContents {
        let directory = try ZipDirectory.read(from: region)
        let filename = try WheelFilename(archive.filename)
        let files = directory.entries.filter { !$0.isDirectory }
        try refuseSpecialFiles(files, region.name)
        let layout = try WheelLayout(filename: filename, members: files.map(\.name))
        func text(_ name: String) throws -> [UInt8]? {
            try directory.entry(named: "\(layout.distInfo)/\(name)").map {
                try directory.contents(of: $0, in: region, workspace: workspace)
            }
        }
        guard let wheel = try text("WHEEL"), let metadata = try text("METADATA") else {
            throw ArchiveError(
                region.name, "it has no \(layout.distInfo)/WHEEL or METADATA, so it is no wheel")
        }
        let info = try WheelInfo(wheel, filename: filename)
        try CoreMetadata(metadata).validate(against: filename)
        let entryPoints = try text("entry_points.txt").map { try EntryPoints($0) } ?? EntryPoints()
        let places = WheelPlaces(python: python, distribution: filename.distribution)
        var members: [String: Member] = [:]
        for entry in files {
            members[entry.name] = try member(entry, layout: layout, info: info, places: places)
        }
        return PackageContents(
            archive: archive, directory: directory, members: members, siteRoot: places.site,
            distInfo: layout.distInfo,
            entryPoints: entryPoints.scripts, region: region)
    }

    private static func refuseSpecialFiles(_ entries: [ZipEntry], _ archive: String) throws {
        for entry in entries {
            if entry.isSymbolicLink {
                throw ArchiveError(
                    archive, member: entry.name, "it is a symbolic link, which wheels may not hold")
            }
            guard entry.isRegularFile else {
                throw ArchiveError(archive, member: entry.name, "it is neither a file nor a directory")
            }
            guard (entry.unixMode ?? 0) & 0o7000 & ~0o1000 == 0 else {
                throw ArchiveError(archive, member: entry.name, "it has a set-id bit")
            }
        }
    }

    private static func member(
        _ entry: ZipEntry, layout: WheelLayout, info: WheelInfo, places: WheelPlaces
    ) throws -> Member {
        if entry.name == "\(layout.distInfo)/RECORD" {
            return Member(path: nil, role: .record, permissions: 0o644)
        }
        let own = ["INSTALLER", "REQUESTED", "direct_url.json"].map { "\(layout.distInfo)/\($0)" }
        if own.contains(entry.name) { return Member(path: nil, role: .replaced, permissions: 0o644) }
        guard let destination = layout.destinations[entry.name] else {
            throw ArchiveError(layout.distInfo, member: entry.name, "it has no place in a wheel")
        }
        let executable = (entry.unixMode ?? 0) & 0o111 != 0
        let (path, isScript) = try places.path(of: destination)
        return Member(
            path: path, role: isScript ? .script : .file, permissions: isScript || executable ? 0o755 : 0o644)
    }
}

/// Where the schemes of a wheel lie in a virtual environment (the `venv` scheme of Python's sysconfig).
struct WheelPlaces {
    let site: RelativePath
    private let headers: RelativePath

    init(python: Manifest.Python, distribution: String) throws {
        site = try RelativePath(python.sitePackages)
        headers = try RelativePath("include/site/python\(python.minorVersion)/\(distribution)")
    }

    func path(of destination: WheelLayout.Destination) throws -> (RelativePath, isScript: Bool) {
        switch destination {
        case .purelib(let path), .platlib(let path): (try site.appending(path), false)
        case .scripts(let path): (try RelativePath("bin/" + path), true)
        case .headers(let path): (try headers.appending(path), false)
        case .data(let path): (try RelativePath(path), false)
        }
    }
}
