import Bundle
import Conda
import Digests
import Files
import Wheels

/// Everything in a prefix that tells of its files besides Airlift's own list, so that whoever changes a file and the
/// list has to change that as well: `conda-meta` (CEP 32), the `RECORD` of wheels, the manifest, and what Airlift
/// writes by itself, computed anew.
///
/// Only records of archives that the manifest names are asked, and none is taken for true beyond what it is: somebody
/// who may write all of them can make all of them agree. Against that there is the bundle.
struct PrefixWitnesses: Sendable {
    private(set) var witnesses: [RelativePath: [FileWitness]] = [:]
    /// Records that should be there and are not, or cannot be read, with what is wrong.
    private(set) var faults: [PrefixVerification.Change] = []
    /// What nothing can be said of: written when it was installed, with a time or a host's version in it.
    private(set) var unjudged: Set<RelativePath> = []
    private var permissions: [RelativePath: UInt32] = [:]

    private let directory: Directory
    private let record: InstallRecord
    private let manifest: Manifest
    private let list: InstalledFileList

    init(_ directory: Directory, _ record: InstallRecord, _ manifest: Manifest, _ list: InstalledFileList)
        throws
    {
        self.directory = directory
        self.record = record
        self.manifest = manifest
        self.list = list
        let archives = manifest.archives
        for archive in archives where archive.kind == .conda { try addConda(archive) }
        try addWheels(archives.filter { $0.kind == .wheel })
        try addManifestFiles()
        try addOwnFiles()
    }

    /// What is said of a path; empty where nobody knows it.
    func of(_ path: RelativePath) -> [FileWitness] { witnesses[path] ?? [] }

    /// Whether the manifest gives a file no fewer permissions than it has.
    func statesPermissions(of file: InstalledFile) -> Bool {
        permissions[RecordedState.original(of: file.path)].map { file.permissions & ~$0 == 0 } ?? false
    }

    private mutating func add(_ path: RelativePath, _ claim: FileWitness.Claim, _ source: String) {
        witnesses[path, default: []].append(FileWitness(claim: claim, source: source))
    }

    private mutating func note(_ path: String, _ what: String) {
        faults.append(.init(path: path, what: what))
    }

    /// What a damaged or missing record says is nothing: that it is so is the finding.
    private func contents(_ path: RelativePath) -> [UInt8]? {
        try? directory.contents(of: path, limit: PathsJSON.largestDocument)
    }

    private mutating func addConda(_ archive: Manifest.Archive) throws {
        let path = try RelativePath(
            "conda-meta/\(archive.name)-\(archive.version)-\(archive.build ?? "").json")
        unjudged.insert(path)
        guard let bytes = contents(path) else {
            return note(
                path.string, "missing or not readable, so that nothing tells of \(archive.filename)'s files")
        }
        do throws(CondaError) {
            for entry in try PrefixRecord.paths(json: bytes, file: path.string) {
                guard let place = try? RelativePath(entry.path) else { continue }
                add(place, Self.claim(of: entry), path.string)
            }
        } catch {
            note(path.string, "it is no record of a conda package: \(error.reason)")
        }
    }

    private static func claim(of entry: PrefixRecord.Path) -> FileWitness.Claim {
        switch entry.type {
        case .softlink: return .link(nil)
        case .directory: return .directory
        case .bytecode: return .present
        case .hardlink, .entryPoint:
            if let placeholder = entry.placeholder, let original = entry.sha256 {
                return .rewritten(placeholder, original: original, inPrefix: entry.sha256InPrefix)
            }
            guard let digest = entry.sha256 ?? entry.sha256InPrefix else { return .present }
            return .bytes(digest, size: entry.placeholder == nil ? entry.size : nil)
        }
    }

    /// Of each wheel's name there is one distribution; those that conda packages bring are theirs.
    private mutating func addWheels(_ archives: [Manifest.Archive]) throws {
        guard !archives.isEmpty else { return }
        let site = manifest.python.sitePackages
        var records: [String: RelativePath] = [:]
        for file in list.files where file.path.string.hasSuffix(".dist-info/RECORD") && of(file.path).isEmpty
        {
            guard let holder = file.path.parent, holder.parent?.string == site else { continue }
            let name = holder.last.split(separator: "-").first.map(String.init) ?? ""
            if let name = try? ProjectName(name) { records[name.normalized] = file.path }
        }
        for archive in archives {
            let known = (try? ProjectName(archive.name)).flatMap { records[$0.normalized] }
            if let known { unjudged.insert(known) }
            guard let path = known, let bytes = contents(path) else {
                note(
                    known?.string ?? "\(site)/\(archive.name)-\(archive.version).dist-info/RECORD",
                    "missing or not readable, so that nothing tells of \(archive.filename)'s files")
                continue
            }
            guard let rows = try? RecordFile(bytes).rows else {
                note(path.string, "it is no RECORD of a distribution")
                continue
            }
            for row in rows { addRow(row, site, path) }
        }
    }

    private mutating func addRow(_ row: RecordFile.Row, _ site: String, _ record: RelativePath) {
        var components = site.split(separator: "/")
        for part in row.path.utf8.split(separator: 0x2f).map({ Substring($0) }) {
            if part == ".." { _ = components.popLast() } else { components.append(part) }
        }
        guard let path = try? RelativePath(components.joined(separator: "/")), path != record else { return }
        guard case .sha256(let digest)? = row.digest else { return add(path, .present, record.string) }
        add(path, .bytes(digest, size: row.size), record.string)
    }

    private mutating func addManifestFiles() throws {
        for file in manifest.files {
            let path = try RelativePath(file.path)
            permissions[path] = UInt32(file.mode, radix: 8)
            if let link = file.link {
                add(path, .link(link), "the manifest")
            } else if let digest = file.sha256 {
                add(path, .bytes(digest, size: file.size), "the manifest")
            }
        }
    }

    private mutating func addOwnFiles() throws {
        let known = witnesses
        let own = OwnFiles(
            record: record, manifest: manifest,
            bringsActivation: { path in known[path]?.contains { $0.source.hasPrefix("conda-meta/") } == true }
        )
        unjudged.formUnion(try own.unjudged())
        for file in try own.files(directory) {
            let claim: FileWitness.Claim =
                switch file.content {
                case .bytes(let size, let digest): .bytes(digest, size: size)
                case .link(let target): .link(target)
                case .directory: .directory
                }
            add(file.path, claim, "the installer")
        }
    }
}
