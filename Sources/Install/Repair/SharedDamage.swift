import Files

/// Names that damaged files have in other releases of a root: one file with several names is damaged under all of
/// them.
struct SharedDamage {
    private struct Name {
        let version: String
        let path: RelativePath
        /// In the release that is repaired.
        let source: RelativePath
    }

    private var names: [Name] = []
    private var releases: [String: Directory] = [:]

    /// Looks before the damaged files are replaced.
    mutating func look(
        for paths: [RelativePath], in release: Directory, _ root: ReleaseRoot?, besides version: String
    ) throws {
        guard let root else { return }
        var wanted: [UInt64: (device: UInt64, path: RelativePath)] = [:]
        for path in paths {
            guard let status = (try? release.status(of: path)) ?? nil, status.kind == .file,
                status.linkCount > 1
            else { continue }
            wanted[status.inode] = (status.device, path)
        }
        guard !wanted.isEmpty else { return }
        for other in try root.releases() where other.name != version {
            let directory = try root.releasesDirectory().directory(ReleaseRoot.releaseName(other.name))
            releases[other.name] = directory
            try directory.walk { path, status in
                guard status.kind == .file, let found = wanted[status.inode], found.device == status.device
                else { return }
                names.append(Name(version: other.name, path: path, source: found.path))
            }
        }
    }

    /// Gives other releases the repaired files, where their own lists say that they have the same.
    /// - Parameters:
    ///   - files: of the release that was repaired.
    ///   - failed: paths in it that were not.
    func repair(
        from release: Directory, files: InstalledFileList, _ failed: [String]
    ) throws -> [RepairOutcome.Shared] {
        guard !names.isEmpty else { return [] }
        let good = Dictionary(
            files.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var lists: [String: [RelativePath: InstalledFile]] = [:]
        for (version, directory) in releases {
            guard let record = try? InstallRecord.read(directory),
                let list = try? record.fileList(directory)
            else { continue }
            lists[version] = Dictionary(
                list.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        }
        return names.map { name in
            func shared(_ fault: String?) -> RepairOutcome.Shared {
                .init(version: name.version, path: name.path.string, fault: fault)
            }
            if failed.contains(name.source.string) { return shared("it could not be repaired here either") }
            guard let directory = releases[name.version], let mine = good[name.source],
                let its = lists[name.version]?[name.path], its.content == mine.content,
                its.permissions == mine.permissions
            else { return shared("its own list says otherwise; repair that release from its own bundle") }
            do {
                try link(name.source, of: release, as: name.path, in: directory)
                return shared(nil)
            } catch {
                return shared("\(error)")
            }
        }
    }

    /// The same file under both names again.
    private func link(
        _ source: RelativePath, of release: Directory, as path: RelativePath, in other: Directory
    ) throws {
        let temporary = try RelativePath(".airlift/shared.part")
        try other.remove(temporary)
        let holder = try source.parent.map { try release.directory($0) } ?? release
        try other.directory(RelativePath(".airlift")).createHardLink(
            named: "shared.part", to: source.last, in: holder)
        try other.replace(path, with: temporary)
    }
}
