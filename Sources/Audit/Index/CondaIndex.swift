import Archives
import Bundle
import Digests
import Failures
import Files

/// The lists of a conda channel made from packages (`repodata.json`, version 1).
struct CondaIndex {
    /// By subdir, then by file name: `.conda` and `.tar.bz2` apart, as readers of the format expect.
    private var conda: [String: [String: AnyJSON]] = [:]
    private var tarBzip2: [String: [String: AnyJSON]] = [:]

    /// `noarch` is in every channel.
    init(platform: String) {
        for subdir in [platform, "noarch"] { conda[subdir] = [:] }
    }

    mutating func add(_ record: AnyJSON, filename: String, subdir: String) {
        if conda[subdir] == nil { conda[subdir] = [:] }
        if filename.hasSuffix(".conda") {
            conda[subdir]?[filename] = record
        } else {
            tarBzip2[subdir, default: [:]][filename] = record
        }
    }

    var subdirs: [String] { conda.keys.sorted() }

    func repodata(_ subdir: String) throws -> [UInt8] {
        try CanonicalJSON.encode(
            AnyJSON.object([
                "info": .object(["subdir": .text(subdir)]),
                "packages": .object(tarBzip2[subdir] ?? [:]),
                "packages.conda": .object(conda[subdir] ?? [:]),
                "removed": .list([]), "repodata_version": .number(1),
            ]))
    }

    /// What the package says of itself, with its digests. Where the channel that it came from has corrected its
    /// dependencies since it was built, the corrected ones are taken: what was chosen together fits together.
    static func record(_ archive: Manifest.Archive, in region: FileRegion, md5: String) throws -> AnyJSON {
        var index: [UInt8]?
        try CondaArchive.readInfo(region) { entry, content in
            guard entry.path.string == "info/index.json", entry.kind == .file else { return }
            index = try content.bytes(limit: 16 << 20)
        }
        guard let index, case .object(var record)? = try? AnyJSON.read(index) else {
            throw ArchiveError(archive.filename, member: "info/index.json", "it is missing or no JSON object")
        }
        record["md5"] = .text(md5)
        record["sha256"] = .text(archive.sha256.hex)
        guard let size = Int64(exactly: archive.size) else {
            throw ArchiveError(archive.filename, "it is larger than a file can be")
        }
        record["size"] = .number(size)
        record["subdir"] = .text(archive.subdir ?? "noarch")
        record["depends"] = depends(record["depends"], archive)
        return .object(record)
    }

    private static func depends(_ own: AnyJSON?, _ archive: Manifest.Archive) -> AnyJSON {
        var stated: [String]?
        if case .list(let values)? = own {
            stated = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
        }
        // The lock joins several specs for one name and does not keep the order.
        func clauses(_ specs: [String]) -> Set<String> {
            Set(specs.map { String($0.filter { $0 != " " && $0 != "*" }) })
        }
        let kept = stated.map { clauses($0) == clauses(archive.depends) } ?? false
        return .list((kept ? stated ?? [] : archive.depends).map { .text($0) })
    }
}
