import Archives
import Bundle
import Digests
import Failures
import Files
import Glibc
import Wheels
import Workers

/// What is inside a bundle as a conda channel and a wheel index, from which other installers install offline: the
/// way out when Airlift's own is not wanted.
///
///     conda/<subdir>/    packages, repodata.json, repodata.json.zst
///     simple/            pages: PEP 503 HTML and, beside it, PEP 691 JSON
///     wheels/            wheels, each with its METADATA beside it (PEP 658)
///     python/            the carried interpreter's archive
///     explicit.txt requirements.txt README.txt
public struct OfflineIndex: Sendable {
    let reader: BundleReader
    let tree: ConvergingTree
    /// The address under which the directory will be found, without a `/` at the end.
    public let base: String
    /// The `file` URL of the directory.
    public let localURL: String

    /// - Parameters:
    ///   - path: of the directory, created where it is missing; one that this made before is made anew.
    ///   - base: nil for a `file` URL of the directory.
    /// - Throws: `BundleError` of kind `targetInTheWay` where something else is in it.
    public init(_ reader: BundleReader, in path: String, base: String? = nil) throws {
        self.reader = reader
        tree = try ConvergingTree(path)
        guard let resolved = realpath(path, nil) else { throw FileError("find", path) }
        defer { free(resolved) }
        localURL = "file://" + URLReference.escapedPath(String(cString: resolved))
        let address = base ?? localURL
        self.base = address.utf8.last == UInt8(ascii: "/") ? String(address.dropLast()) : address
    }

    /// How much was written.
    public struct Summary: Hashable, Sendable {
        public var condaPackages = 0
        public var wheels = 0
        public var interpreters = 0
        public var subdirs: [String] = []
    }

    private struct Copied: Sendable {
        let archive: Manifest.Archive
        let place: String
        var md5 = ""
        var record: AnyJSON?
        var offer: SimpleProject.File?
    }

    /// Copies every archive, checked against the manifest while it is copied, and writes lists and pages.
    /// - Parameter progress: is told the bytes of each piece as it is done, from several threads.
    public func write(
        jobs: Int = availableProcessors, progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws -> Summary {
        let jobList = try places()
        let names = jobList.flatMap { [$0.place, $0.place + ".metadata"] }
        try tree.begin(names + pages(jobList))
        let copied = try parallelMap(
            jobList.sorted { $0.archive.size > $1.archive.size }, jobs: jobs
        ) { try copy($0, progress) }
        let byPath = copied.sorted {
            $0.archive.path.utf8.lexicographicallyPrecedes($1.archive.path.utf8)
        }
        let summary = Summary(
            condaPackages: byPath.count { $0.archive.kind == .conda },
            wheels: byPath.count { $0.archive.kind == .wheel },
            interpreters: byPath.count { $0.archive.kind == .python },
            subdirs: try writeChannel(byPath))
        try writePages(byPath)
        try tree.write(requirements(byPath.map(\.archive)), to: "requirements.txt")
        try tree.write(explicit(), to: "explicit.txt")
        try tree.write(readme(summary), to: "README.txt")
        try tree.finish()
        return summary
    }

    /// Upstream's file names, in which nothing of a manifest may point elsewhere.
    private func places() throws -> [Copied] {
        var seen: Set<String> = []
        return try reader.manifest.archives.map { archive in
            guard (try? RelativePath(archive.filename).parent) == .some(nil),
                !archive.filename.hasPrefix("."),
                archive.filename.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
            else {
                throw BundleError(
                    reader.path, "'\(archive.filename.printable)' of its manifest is no name for a file")
            }
            let place =
                switch archive.kind {
                case .conda: "conda/\(archive.subdir ?? "noarch")/\(archive.filename)"
                case .wheel: "wheels/\(archive.filename)"
                case .python: "python/\(archive.filename)"
                }
            guard seen.insert(place).inserted else {
                throw BundleError(
                    reader.path, "two of its archives would be '\(place.printable)' in an index")
            }
            return Copied(archive: archive, place: place)
        }
    }

    private func pages(_ copied: [Copied]) throws -> [String] {
        let subdirs = Set(copied.compactMap(\.archive.subdir) + [reader.manifest.platform, "noarch"])
        let projects = try copied.filter { $0.archive.kind == .wheel }
            .map { try ProjectName($0.archive.name).normalized }
        return subdirs.flatMap { ["conda/\($0)/repodata.json", "conda/\($0)/repodata.json.zst"] }
            + ([""] + projects.map { $0 + "/" }).flatMap {
                ["simple/\($0)index.html", "simple/\($0)index.json"]
            }
            + ["requirements.txt", "explicit.txt", "README.txt"]
    }

    private func copy(_ item: Copied, _ progress: (UInt64) -> Void) throws -> Copied {
        var item = item
        let archive = item.archive
        item.md5 = try tree.copy(
            reader.region(of: archive.path), to: item.place, expected: archive.sha256, progress: progress)
        // Of the copy, whose bytes were just checked.
        let region = try tree.region(item.place)
        switch archive.kind {
        case .conda: item.record = try CondaIndex.record(archive, in: region, md5: item.md5)
        case .wheel: item.offer = try offer(archive, in: region)
        case .python: break
        }
        return item
    }

    private func offer(_ archive: Manifest.Archive, in region: FileRegion) throws -> SimpleProject.File {
        let directory = try ZipDirectory.read(from: region)
        let info = try WheelLayout.distInfo(
            of: WheelFilename(archive.filename), paths: directory.entries.map(\.name))
        guard let entry = directory.entry(named: "\(info)/METADATA") else {
            throw ArchiveError(archive.filename, "it has no \(info)/METADATA")
        }
        let bytes = try directory.contents(
            of: entry, in: region, workspace: InflateWorkspace(), limit: 16 << 20)
        try tree.write(bytes, to: "wheels/\(archive.filename).metadata")
        return SimpleProject.File(
            filename: archive.filename,
            reference: "../../wheels/\(URLReference.escapedPath(archive.filename))", sha256: archive.sha256,
            size: archive.size, version: archive.version,
            requiresPython: try CoreMetadata(bytes).requiresPython?.description,
            metadata: SHA256.hash(bytes), uploadTime: archive.released)
    }

    private func writeChannel(_ copied: [Copied]) throws -> [String] {
        var index = CondaIndex(platform: reader.manifest.platform)
        for item in copied {
            guard let record = item.record else { continue }
            index.add(record, filename: item.archive.filename, subdir: item.archive.subdir ?? "noarch")
        }
        for subdir in index.subdirs {
            let repodata = try index.repodata(subdir)
            let place = "conda/\(subdir)/repodata.json"
            try tree.write(repodata, to: place)
            try tree.write(ZstandardDeflater.frame(repodata, name: place), to: place + ".zst")
        }
        return index.subdirs
    }

    private func writePages(_ copied: [Copied]) throws {
        var projects: [ProjectName: [SimpleProject.File]] = [:]
        for item in copied {
            guard let offer = item.offer else { continue }
            projects[try ProjectName(item.archive.name), default: []].append(offer)
        }
        let root = SimpleRoot(projects.keys.sorted())
        try tree.write(root.html, to: "simple/index.html")
        try tree.write(root.json, to: "simple/index.json")
        for (name, files) in projects {
            let page = SimpleProject(name, files: files)
            try tree.write(page.html, to: "simple/\(name.normalized)/index.html")
            try tree.write(page.json, to: "simple/\(name.normalized)/index.json")
        }
    }
}
