import Archives
import Bundle
import Digests
import Workers

extension ManifestDiff {
    /// Compares the files of the packages that were added or have other bytes. Those that are the same on both sides
    /// are not opened, and of those that were removed nothing is left to look at.
    ///
    /// - Parameters:
    ///   - from: the side that the diff was made from.
    ///   - to: as `from`.
    ///   - progress: bytes of the archives since the last call, from several threads.
    /// - Throws: what reading an archive throws: one that is not what its manifest says is an error.
    public mutating func compareFiles(
        from: PackageSet, in old: FileSource, to: PackageSet, in new: FileSource,
        jobs: Int = availableProcessors, progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws {
        let (oldArchives, newArchives) = (Self.archives(old), Self.archives(new))
        let jobsByChange = packages.indices.compactMap { index -> Comparison? in
            let change = packages[index]
            guard let package = change.to, change.bringsBytes else { return nil }
            return Comparison(
                index: index, from: change.from.flatMap { oldArchives[$0.sha256] },
                to: newArchives[package.sha256], hasOld: change.from != nil)
        }.sorted { $0.bytes > $1.bytes }
        let results = try parallelMap(jobsByChange, jobs: jobs, workspace: { InflateWorkspace() }) {
            workspace, item in
            defer { progress(item.bytes) }
            return try item.run(old, new, workspace)
        }
        var unread: [Unread] = []
        for (item, result) in zip(jobsByChange, results) {
            switch result {
            case .success(let files): packages[item.index].files = files
            case .failure(let reason):
                let change = packages[item.index]
                unread.append(Unread(kind: change.kind, name: change.name, reason: reason.text))
            }
        }
        if !files.isEmpty {
            if let a = try old.application(), let b = try new.application() {
                application = FilesDiff(from: a, to: b)
            } else {
                unread.append(
                    Unread(kind: nil, name: "the application", reason: [old, new].compactMap(\.reason)[0]))
            }
        }
        self.unread = unread.sorted { ($0.name, $0.reason) < ($1.name, $1.reason) }
        findAlarms(from: from, to: to)
    }

    /// Bytes of the archives that comparing the files will read.
    public func bytesToRead(_ old: FileSource, _ new: FileSource) -> UInt64 {
        packages.filter(\.bringsBytes).reduce(0) { sum, change in
            let sides = [(old, change.from), (new, change.to)]
            return sides.reduce(sum) { sum, side in
                side.0.manifest == nil ? sum : sum &+ (side.1?.size ?? 0)
            }
        }
    }

    private static func archives(_ source: FileSource) -> [SHA256Digest: Manifest.Archive] {
        Dictionary(
            (source.manifest?.archives ?? []).map { ($0.sha256, $0) }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// One package to be compared.
    private struct Comparison: Sendable {
        let index: Int
        let from: Manifest.Archive?
        let to: Manifest.Archive?
        /// Whether the older side has the package at all.
        let hasOld: Bool

        struct Reason: Error { let text: String }

        var bytes: UInt64 { (from?.size ?? 0) &+ (to?.size ?? 0) }

        func run(
            _ old: FileSource, _ new: FileSource, _ workspace: InflateWorkspace
        ) throws -> Result<FilesDiff, Reason> {
            for (source, isNeeded) in [(old, hasOld), (new, true)] {
                if let reason = source.reason, isNeeded { return .failure(Reason(text: reason)) }
            }
            guard let to else { return .failure(Reason(text: "the newer side has no archive of it")) }
            guard !hasOld || from != nil else {
                return .failure(Reason(text: "the older side has no archive of it"))
            }
            let before = try from.map { try old.side($0, workspace) } ?? .nothing
            return .success(FilesDiff(from: before, to: try new.side(to, workspace)))
        }
    }
}
