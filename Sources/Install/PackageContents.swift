import Archives
import Bundle
import Digests
import Failures
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
    public var members: [MemberName: Member]
    /// Relative to the prefix.
    public let siteRoot: RelativePath
    /// `name-version.dist-info`.
    public let distInfo: String
    public internal(set) var entryPoints: [EntryPoints.Script]
    public let metadata: CoreMetadata
    public let region: FileRegion

    /// Reads a wheel as far as planning needs it.
    ///
    /// - Parameter python: decides where site-packages and headers are.
    /// - Throws: errors that name the archive.
    public static func read(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python,
        workspace: InflateWorkspace
    ) throws -> PackageContents {
        try naming(archive.filename) {
            try readUnnamed(archive, in: region, python: python, workspace: workspace)
        }
    }

    /// Runs `body`, whose errors may speak of a wheel without saying of which.
    static func naming<Value>(_ archive: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as WheelError {
            throw ArchiveError(archive, error.description)
        } catch let list as FailureList {
            throw FailureList(
                list.failures.map { ($0 as? WheelError).map { ArchiveError(archive, $0.description) } ?? $0 })
        }
    }

    private static func readUnnamed(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python,
        workspace: InflateWorkspace
    ) throws -> PackageContents {
        let directory = try ZipDirectory.read(from: region)
        let filename = try WheelFilename(archive.filename)
        try refuseSpecialFiles(directory.entries, region.name)
        let paths = directory.entries.map(\.name)
        let distInfo = try WheelLayout.distInfo(of: filename, paths: paths)
        func text(_ name: String) throws -> [UInt8]? {
            try directory.entry(named: "\(distInfo)/\(name)").map {
                try directory.contents(of: $0, in: region, workspace: workspace)
            }
        }
        guard let wheel = try text("WHEEL"), let metadataText = try text("METADATA") else {
            throw ArchiveError(region.name, "it has no \(distInfo)/WHEEL or METADATA, so it is no wheel")
        }
        let info = try WheelInfo(wheel)
        let metadata = try CoreMetadata(metadataText)
        try checkAgreement(filename, info, metadata)
        let layout = try WheelLayout(filename, paths: paths, rootIsPurelib: info.rootIsPurelib)
        let entryPoints =
            try text("entry_points.txt").map {
                try EntryPoints($0).commands(of: filename.distribution, minorVersion: python.minorVersion)
            } ?? []
        let launchers = Set(entryPoints.map { "bin/\($0.name)" })
        let places = try WheelPlaces(python: python, distribution: filename.distribution.normalized)
        for script in entryPoints { _ = try places.path(.scripts, script.name) }
        let modes = Dictionary(
            uniqueKeysWithValues: directory.entries.map { (MemberName($0.name), $0.unixMode ?? 0) })
        var members: [MemberName: Member] = [:]
        members.reserveCapacity(layout.members.count)
        for member in layout.members {
            let name = MemberName(member.path)
            var placed = try place(member, mode: modes[name] ?? 0, places)
            // As pip: what a build tool wrote for an entry point gives way to the launcher of the same name.
            if member.scheme == .scripts, let path = placed.path, launchers.contains(path.string) {
                placed = Member(path: nil, role: .replaced, permissions: placed.permissions)
            }
            members[name] = placed
        }
        return PackageContents(
            archive: archive, directory: directory, members: members, siteRoot: places.site,
            distInfo: distInfo,
            entryPoints: entryPoints, metadata: metadata, region: region)
    }

    /// File name, METADATA and WHEEL must speak of one and the same wheel.
    private static func checkAgreement(
        _ filename: WheelFilename, _ info: WheelInfo, _ metadata: CoreMetadata
    ) throws {
        guard metadata.name == filename.distribution, metadata.version == filename.version else {
            throw WheelError(
                .metadata, "\(metadata.name) \(metadata.version)",
                "the wheel's file name says \(filename.distribution) \(filename.version)")
        }
        guard info.tags.isEmpty || !Set(info.tags).isDisjoint(with: filename.tags) else {
            throw WheelError(
                .wheelFile, info.tags.map(\.description).joined(separator: ", "),
                "none of its tags is among those of the file name '\(filename)'")
        }
    }

    private static func refuseSpecialFiles(_ entries: [ZipEntry], _ archive: String) throws {
        for entry in entries where !entry.isDirectory {
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

    private static func place(_ member: WheelLayout.Member, mode: UInt32, _ places: WheelPlaces) throws
        -> Member
    {
        switch member.role {
        case .record: return Member(path: nil, role: .record, permissions: 0o644)
        case .installersOwn: return Member(path: nil, role: .replaced, permissions: 0o644)
        case .content, .metadata, .wheel, .entryPoints, .recordSignature:
            let isScript = member.scheme == .scripts
            return Member(
                path: try places.path(member.scheme, member.destination), role: isScript ? .script : .file,
                permissions: isScript || mode & 0o111 != 0 ? 0o755 : 0o644)
        }
    }
}

/// Where the schemes of a wheel lie: in a virtual environment (the `venv` scheme of Python's sysconfig), or in the
/// prefix of a conda Python (its `posix_prefix`), as pip has them.
struct WheelPlaces {
    let site: RelativePath
    private let headers: RelativePath
    private let carriesInterpreter: Bool
    /// Of a Python that lives in the prefix itself: where its standard library is, and the archive of it that Python
    /// looks into first.
    private let standardLibrary: (directory: String, archive: String)?

    init(python: Manifest.Python, distribution: String) throws {
        site = try RelativePath(python.sitePackages)
        let isConda = python.source == .conda
        carriesInterpreter = python.executable != nil && !isConda
        headers = try RelativePath(
            "include/\(isConda ? "" : "site/")python\(python.minorVersion)/\(distribution)")
        let digits = python.minorVersion.split(separator: ".").joined()
        standardLibrary =
            isConda ? ("lib/python\(python.minorVersion)/", "lib/python\(digits).zip") : nil
    }

    func path(_ scheme: WheelLayout.Scheme, _ destination: String) throws -> RelativePath {
        let path =
            switch scheme {
            case .purelib, .platlib: try site.appending(destination)
            case .scripts: try RelativePath("bin/" + destination)
            case .headers: try headers.appending(destination)
            case .data: try RelativePath(destination)
            }
        if let fault = fault(of: path) ?? (scheme == .data ? fault(ofData: path) : nil) {
            throw WheelError(.member, path.string, fault)
        }
        return path
    }

    /// Data goes anywhere in the prefix, but not among what Python imports while it starts.
    private func fault(ofData path: RelativePath) -> String? {
        guard let standardLibrary else { return nil }
        let isLibrary =
            path.string.utf8.starts(with: standardLibrary.directory.utf8)
            && !path.string.utf8.starts(with: (site.string + "/").utf8)
        return isLibrary || path.string.utf8.elementsEqual(standardLibrary.archive.utf8)
            ? "it would become a part of the interpreter's standard library" : nil
    }

    /// What would run or be believed before anything of the wheel is asked for: the base interpreter starts while
    /// the environment is staged, and takes modules from `lib/python311.zip` before its own.
    private func fault(of path: RelativePath) -> String? {
        let top = path.components[0]
        if carriesInterpreter, top.utf8.elementsEqual(InterpreterInstaller.base.utf8) {
            return "it would become a part of the base interpreter"
        }
        if top.utf8.elementsEqual(".airlift".utf8) || top.utf8.elementsEqual("conda-meta".utf8) {
            return "the environment's own records are kept there"
        }
        // Python looks beside its executable before it looks above.
        if path.string.utf8.elementsEqual("bin/pyvenv.cfg".utf8) {
            return "it would describe another virtual environment"
        }
        return nil
    }
}
