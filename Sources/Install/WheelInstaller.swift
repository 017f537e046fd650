import Archives
import Bundle
import Digests
import Failures
import Files
import Wheels

/// Unpacks one wheel into staging as the binary distribution format says (PEP 427, 376, 610, 627): each file is
/// written once, while the archive streams by; RECORD is enforced, and written anew from what was written.
struct WheelInstaller {
    let contents: PackageContents
    /// Where to write; nil checks everything and writes nothing.
    let tree: TreeWriter?
    /// The interpreter that launchers and scripts name: absolute, in the prefix.
    let interpreter: String
    let workspace: InflateWorkspace
    /// Launchers ask for that by an option: the interpreter is not of a virtual environment, and would look into
    /// the user's site-packages.
    var keepsUserSiteOut = false
    /// Write Python sources and nothing else, for compiling.
    var onlySources = false
    /// The number of the archive in the manifest.
    var number = 0
    /// Files that are there already, taken from another release.
    var placed: [RelativePath: InstalledFile] = [:]

    /// Contents of a file that another archive was expected to bring as well.
    struct SharedFile: Sendable {
        let path: RelativePath
        let sha256: SHA256Digest
    }

    struct Result: Sendable {
        var files: [InstalledFile] = []
        var shared: [SharedFile] = []
    }

    func install(progress: (UInt64) -> Void) throws -> Result {
        if isPlaced { return try takePlaced(progress) }
        var result = Result()
        var measured: [WheelMember] = []
        measured.reserveCapacity(contents.members.count)
        var record: [UInt8]?
        let declared = Declared(contents, workspace)
        var stream = ZipStream(contents.region, directory: contents.directory, workspace: workspace)
        let digest = try stream.run { entry, data in
            defer { progress(entry.compressedSize) }
            guard let member = contents.members[MemberName(entry.name)] else { return }
            if member.role == .record {
                guard data.mayBeWhole else { throw refuse("its RECORD is too large") }
                record = Array(try data.whole())
                return
            }
            let sha256 = try place(member, &data, isDeclared: declared.admits(entry), &result)
            measured.append(WheelMember(path: entry.name, size: entry.size, sha256: sha256))
        }
        guard digest == contents.archive.sha256 else {
            throw refuse(
                "it is damaged: its SHA-256 should be \(contents.archive.sha256) and is \(digest); copy the bundle again"
            )
        }
        guard let record else { throw refuse("it has no RECORD") }
        let problems = try PackageContents.naming(contents.archive.filename) {
            try declared.file(of: record).problems(with: measured, distInfo: contents.distInfo)
        }
        guard problems.isEmpty else {
            throw FailureList(problems.map { ArchiveError(contents.archive.filename, $0.description) })
        }
        try writeOwnFiles(&result)
        return result
    }

    private func refuse(_ reason: String) -> ArchiveError { ArchiveError(contents.region.name, reason) }

    /// What RECORD says, read before anything is written: a member that is not listed, or larger than listed, is not
    /// written at all.
    private struct Declared {
        private let bytes: [UInt8]
        private let record: RecordFile?
        private var sizes: [MemberName: UInt64] = [:]

        init(_ contents: PackageContents, _ workspace: InflateWorkspace) {
            let directory = contents.directory
            let bytes = directory.entry(named: "\(contents.distInfo)/RECORD").flatMap {
                try? directory.contents(of: $0, in: contents.region, workspace: workspace)
            }
            self.bytes = bytes ?? []
            record = bytes.flatMap { try? RecordFile($0) }
            sizes.reserveCapacity(record?.rows.count ?? 0)
            for row in record?.rows ?? [] { sizes[MemberName(row.path)] = row.size ?? .max }
            // Signatures of RECORD, which it cannot list.
            for ending in ["jws", "p7s"] {
                sizes[MemberName("\(contents.distInfo)/RECORD.\(ending)")] = .max
            }
        }

        func admits(_ entry: ZipEntry) -> Bool {
            sizes[MemberName(entry.name)].map { entry.size <= $0 } ?? false
        }

        /// The RECORD that came by while the archive was streamed.
        func file(of streamed: [UInt8]) throws -> RecordFile {
            if let record, streamed == bytes { return record }
            return try RecordFile(streamed)
        }
    }

    /// - Returns: the digest of the member as it is in the archive.
    private func place(
        _ member: PackageContents.Member, _ data: inout ZipContents, isDeclared: Bool, _ result: inout Result
    ) throws -> SHA256Digest {
        guard let path = member.path, member.role != .shared, isDeclared,
            !onlySources || path.string.hasSuffix(".py") || path.string.hasSuffix(".pyc")
        else {
            let digest = try hash(&data)
            if let path = member.path, member.role == .shared {
                result.shared.append(SharedFile(path: path, sha256: digest))
            }
            return digest
        }
        if let there = placed[path] {
            let digest = try hash(&data)
            guard member.role == .script || there.content == .bytes(size: data.entry.size, sha256: digest)
            else {
                throw InstallError(
                    .damaged,
                    "a release whose files were to be shared has another '\(path)' on record for '\(contents.archive.filename)' than is in that archive; use repair on it, or install with --no-share"
                )
            }
            result.files.append(there)
            return digest
        }
        let time = data.entry.modificationTime
        guard member.role == .script && data.mayBeWhole || data.fitsInMemory() else {
            if tree == nil {
                let digest = try hash(&data)
                result.files.append(file(path, data.entry, digest, member.permissions))
                return digest
            }
            var hasher = SHA256()
            try tree?.createFile(path, permissions: member.permissions, modificationTime: time) { file in
                try data.stream { piece in
                    hasher.update(piece)
                    try file.write(piece)
                }
            }
            let digest = hasher.finalize()
            result.files.append(file(path, data.entry, digest, member.permissions))
            return digest
        }
        let bytes = try data.whole()
        let digest = SHA256.hash(bytes)
        if member.role == .script, tree != nil,
            let rewritten = try Shebang.rewrite(Array(bytes), interpreter: interpreter)
        {
            try tree?.createFile(path, rewritten, permissions: member.permissions, modificationTime: time)
            var file = InstalledFile(path: path, bytes: rewritten, permissions: member.permissions)
            file.origin = .init(archive: number, modificationTime: time)
            result.files.append(file)
        } else {
            try tree?.createFile(path, bytes, permissions: member.permissions, modificationTime: time)
            result.files.append(file(path, data.entry, digest, member.permissions))
        }
        return digest
    }

    private func file(
        _ path: RelativePath, _ entry: ZipEntry, _ digest: SHA256Digest, _ permissions: UInt32
    ) -> InstalledFile {
        InstalledFile(
            path: path, content: .bytes(size: entry.size, sha256: digest), permissions: permissions,
            origin: .init(archive: number, modificationTime: entry.modificationTime))
    }

    private func hash(_ data: inout ZipContents) throws -> SHA256Digest {
        if data.fitsInMemory() { return SHA256.hash(try data.whole()) }
        var hasher = SHA256()
        try data.stream { hasher.update($0) }
        return hasher.finalize()
    }

    /// Launchers, INSTALLER, REQUESTED, direct_url.json and, last, RECORD.
    func writeOwnFiles(_ result: inout Result) throws {
        guard tree != nil, !onlySources else { return }
        func write(_ path: RelativePath, _ bytes: [UInt8], _ permissions: UInt32 = 0o644) throws {
            try tree?.createFile(path, bytes, permissions: permissions)
            result.files.append(InstalledFile(path: path, bytes: bytes, permissions: permissions))
        }
        for entryPoint in contents.entryPoints {
            let launcher = try LauncherScript.text(
                for: entryPoint, interpreter: interpreter, arguments: keepsUserSiteOut ? "-s" : "")
            try write(RelativePath("bin/\(entryPoint.name)"), launcher, 0o755)
        }
        let distInfo = try contents.siteRoot.appending(contents.distInfo)
        try write(distInfo.appending("INSTALLER"), Array("airlift\n".utf8))
        if contents.archive.requested { try write(distInfo.appending("REQUESTED"), []) }
        if let url = contents.archive.directURL {
            let direct = DirectURL(url: url, source: .archive(sha256: contents.archive.sha256))
            try write(distInfo.appending("direct_url.json"), direct.encoded())
        }
        let record = try distInfo.appending("RECORD")
        let bytes = try recordBytes(result, record)
        try tree?.createFile(record, bytes, permissions: 0o644)
        result.files.append(InstalledFile(path: record, bytes: bytes, permissions: 0o644))
    }

    /// Rows name paths relative to site-packages, files that another wheel shares included.
    private func recordBytes(_ result: Result, _ record: RelativePath) throws -> [UInt8] {
        let up = contents.siteRoot.components.map { _ in "../" }.joined()
        let site = contents.siteRoot.string + "/"
        func relative(_ path: RelativePath) -> String {
            path.string.hasPrefix(site) ? String(path.string.dropFirst(site.count)) : up + path.string
        }
        var rows: [RecordFile.Row] = result.files.compactMap { file in
            guard case .bytes(let size, let digest) = file.content else { return nil }
            return RecordFile.Row(path: relative(file.path), sha256: digest, size: size)
        }
        for entry in contents.directory.entries {
            if let member = contents.members[MemberName(entry.name)], member.role == .shared,
                let path = member.path,
                let shared = result.shared.first(where: { $0.path == path })
            {
                rows.append(RecordFile.Row(path: relative(path), sha256: shared.sha256, size: entry.size))
            }
        }
        rows.append(RecordFile.Row(path: relative(record), digest: nil, size: nil))
        return RecordFile(rows: rows.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
            .encoded()
    }
}
