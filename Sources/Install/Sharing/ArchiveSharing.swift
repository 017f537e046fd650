import Archives
import Bundle
import Conda
import Digests
import Files
import Wheels

/// Takes the files of whole archives from releases that have the same ones.
///
/// An archive is shared where a release has one with the same SHA-256 and got exactly those paths from it that it is
/// going to bring here. Nothing of it is unpacked then; what becomes of a file is decided for each: what holds the
/// prefix is made anew from the release's file, scripts of wheels from the archive, and the others are placed by
/// `FilePlacer`.
struct ArchiveSharing: Sendable {
    /// In the order in which they are asked.
    let donors: [Donor]
    /// The final path of the environment.
    let prefix: String

    /// What was taken. Files that are missing in it are to be unpacked.
    typealias Placed = [RelativePath: InstalledFile]

    private func donor(of archive: Manifest.Archive, bringing paths: Set<RelativePath>) -> Donor? {
        donors.first { donor in
            guard let theirs = donor.paths(of: archive) else { return false }
            return theirs.count == paths.count && theirs.allSatisfy { paths.contains($0) }
        }
    }

    /// - Parameter number: of the archive in the manifest of the bundle.
    func place(
        _ contents: PackageContents, _ number: Int, interpreter: String, _ placer: FilePlacer,
        _ workspace: InflateWorkspace
    ) throws -> Placed {
        let members = contents.members.values.filter { $0.path != nil }
        guard !donors.isEmpty, !members.contains(where: { $0.role == .shared }),
            let donor = donor(of: contents.archive, bringing: Set(members.compactMap(\.path)))
        else { return [:] }
        var placed: Placed = [:]
        placed.reserveCapacity(members.count)
        for entry in contents.directory.entries {
            guard let member = contents.members[MemberName(entry.name)], let path = member.path,
                let file = donor.files[path]
            else { continue }
            if member.role == .script {
                placed[path] = try script(
                    path, entry, contents, file, of: donor, interpreter, placer, workspace)
            } else if try placer.place(path, file, of: donor) {
                placed[path] = file.installed
            }
        }
        return placed.mapValues { Self.adopt($0, number) }.keyed()
    }

    /// A script of a wheel names the interpreter, unless it is none of Python. What the archive has is believed where
    /// it gives what the release has.
    private func script(
        _ path: RelativePath, _ entry: ZipEntry, _ contents: PackageContents, _ file: Donor.File,
        of donor: Donor,
        _ interpreter: String, _ placer: FilePlacer, _ workspace: InflateWorkspace
    ) throws -> InstalledFile? {
        let bytes = try contents.directory.contents(of: entry, in: contents.region, workspace: workspace)
        let theirs = VirtualEnvironment(
            prefix: donor.record.prefix, name: donor.manifest.name, python: donor.manifest.python,
            hostInterpreter: nil, hostVersion: nil
        ).interpreter
        let was = try Shebang.rewrite(bytes, interpreter: theirs) ?? bytes
        guard
            file.installed.content == .bytes(size: UInt64(was.count), sha256: SHA256.hash(was))
        else { return nil }
        let new = try Shebang.rewrite(bytes, interpreter: interpreter) ?? bytes
        try placer.tree.createFile(
            path, new, permissions: file.installed.permissions,
            modificationTime: file.installed.origin?.modificationTime)
        return InstalledFile(
            path: path, content: .bytes(size: UInt64(new.count), sha256: SHA256.hash(new)),
            permissions: file.installed.permissions, origin: file.installed.origin)
    }

    func place(_ contents: CondaContents, _ number: Int, _ placer: FilePlacer) throws -> Placed {
        guard !donors.isEmpty,
            contents.members.allSatisfy({ $0.role != .shared || $0.entry.sha256 != nil })
        else { return [:] }
        let members = contents.members.filter { $0.role == .file && $0.entry.kind != .directory }
        guard let donor = donor(of: contents.archive, bringing: Set(members.map(\.path))) else { return [:] }
        var placed: Placed = [:]
        placed.reserveCapacity(members.count)
        for member in members {
            guard let file = donor.files[member.path] else { continue }
            placed[member.path] = try place(member, file, of: donor, placer)
        }
        return placed.mapValues { Self.adopt($0, number) }.keyed()
    }

    private func place(
        _ member: CondaContents.Member, _ file: Donor.File, of donor: Donor, _ placer: FilePlacer
    ) throws -> InstalledFile? {
        let (path, entry) = (member.path, member.entry)
        switch file.installed.content {
        case .directory: return nil
        case .link(let target):
            try placer.tree.createSymbolicLink(path, to: target)
            return file.installed
        case .bytes(_, let digest):
            guard entry.kind == .file else { return nil }
            if let placeholder = entry.placeholder {
                guard let original = entry.sha256 else { return nil }
                return try placer.derive(
                    path, file, of: donor, placeholder, original: original, prefix: prefix)
            }
            guard entry.sha256.map({ $0 == digest }) ?? true else { return nil }
            return try placer.place(path, file, of: donor, isOwn: entry.noLink) ? file.installed : nil
        }
    }

    /// - Parameter expected: what the manifest says of the interpreter's files.
    func placeInterpreter(
        _ archive: Manifest.Archive, _ expected: [Manifest.File], _ number: Int, _ placer: FilePlacer
    ) throws -> Placed {
        let paths = try Dictionary(
            expected.map { (try RelativePath($0.path), $0) }, uniquingKeysWith: { first, _ in first })
        guard !donors.isEmpty, let donor = donor(of: archive, bringing: Set(paths.keys)) else { return [:] }
        var placed: Placed = [:]
        placed.reserveCapacity(paths.count)
        for (path, wanted) in paths.sorted(by: { $0.key < $1.key }) {
            guard let file = donor.files[path] else { continue }
            switch file.installed.content {
            case .bytes(_, let digest) where wanted.sha256 == digest:
                guard try placer.place(path, file, of: donor) else { continue }
            case .link(let target) where wanted.link == target:
                try placer.tree.createSymbolicLink(path, to: target)
            default: continue
            }
            placed[path] = file.installed
        }
        return placed.mapValues { Self.adopt($0, number) }.keyed()
    }

    /// One of the application's own files, whichever release has it.
    func place(_ wanted: Manifest.File, _ placer: FilePlacer) throws -> InstalledFile? {
        let path = try RelativePath(wanted.path)
        let permissions = (UInt32(wanted.mode, radix: 8) ?? 0o644) & ~0o222
        for donor in donors {
            guard let file = donor.files[path], case .bytes(_, let digest) = file.installed.content,
                digest == wanted.sha256, file.installed.permissions & ~0o222 == permissions,
                file.installed.origin == nil, !file.installed.isBytecode,
                try placer.place(path, file, of: donor)
            else { continue }
            return file.installed.with(path: path)
        }
        return nil
    }

    /// Byte code that the bundle carries for an archive, where a release got the same.
    func placeDerived(
        _ entry: Manifest.Entry, of archive: Manifest.Archive, _ sources: Set<RelativePath>, cacheTag: String,
        _ number: Int, _ placer: FilePlacer
    ) throws -> (placed: Placed, isWhole: Bool) {
        // Scripts that ran may have changed modules, of which the records do not tell then whose they were.
        guard
            let donor = donors.first(where: { donor in
                donor.manifest.entries.contains { $0.path == entry.path && $0.sha256 == entry.sha256 }
                    && donor.manifest.install.bytecode == .bundle && donor.record.options.linkScripts == nil
            }), let theirs = donor.manifest.archives.firstIndex(where: { $0.sha256 == archive.sha256 })
        else { return ([:], false) }
        let modules = donor.files.filter {
            $0.value.installed.isBytecode && $0.value.installed.origin?.archive == theirs
        }
        guard !modules.isEmpty else { return ([:], false) }
        var placed: Placed = [:]
        for (path, file) in modules.sorted(by: { $0.key < $1.key }) {
            guard let source = DerivedBytecode.source(of: path, cacheTag: cacheTag), sources.contains(source),
                try placer.place(path, file, of: donor)
            else { continue }
            placed[path] = file.installed
        }
        return (placed.mapValues { Self.adopt($0, number) }.keyed(), placed.count == modules.count)
    }

    /// The number of an archive is another in each manifest.
    private static func adopt(_ file: InstalledFile, _ number: Int) -> InstalledFile {
        var file = file
        file.origin = file.origin.map { .init(archive: number, modificationTime: $0.modificationTime) }
        return file
    }
}

extension [RelativePath: InstalledFile] {
    /// With each file's path as it is in the environment: what is kept aside of a root's state has another in a release.
    fileprivate func keyed() -> Self {
        var files = self
        for (path, file) in self where file.path != path { files[path] = file.with(path: path) }
        return files
    }
}
