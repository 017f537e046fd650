/// A channel's list of the packages of one platform: `repodata.json` (CEP 36), with `base_url` (CEP 15) and the
/// `v3` section (CEP 48).
///
/// Opening it notes where the records of each name lie and decodes none of them. The bytes must stay where they
/// are while it is used; a mapped file serves.
public struct Repodata {
    /// How messages call it.
    public let name: String
    public internal(set) var info = RepodataInfo()
    /// Records of all names, those that replace another's older form included.
    public internal(set) var count = 0
    /// What is listed and cannot be installed: the section's name with the count of its records.
    public internal(set) var unread: [String: Int] = [:]
    let bytes: UnsafeRawBufferPointer
    var index = RepodataIndex()

    /// - Parameters:
    ///   - name: for messages, without credentials.
    ///   - passed: called now and then with the count of bytes that have been read so far.
    /// - Throws: `CondaError` with the offset of the byte that is wrong.
    public init(_ bytes: UnsafeRawBufferPointer, name: String, passed: (Int) -> Void = { _ in })
        throws(CondaError)
    {
        self.bytes = bytes
        self.name = name
        guard bytes.count <= RepodataIndex.largest else {
            throw CondaError(
                .repodata, name, "its \(bytes.count) bytes are more than are read of such a file")
        }
        // CEP 36: an empty file is an empty dictionary.
        if bytes.allSatisfy({ [0x20, 0x0a, 0x0d, 0x09].contains($0) }) { return }
        try withoutActuallyEscaping(passed) { (passed) throws(CondaError) in
            var reader = RepodataReader(self, passed: passed)
            self = try reader.read()
        }
        index.seal()
    }

    /// The records of one package, ordered by file name: each distribution once, as `.conda` where it is there in
    /// both forms, and without those that the channel lists as removed.
    /// - Throws: `CondaError` that names the record.
    public func records(named name: String) throws(CondaError) -> [PackageRecord] {
        var found: [Ranked] = []
        var removed: Set<String> = []
        var cache = StringCache()
        try forEachRun(of: name) { (run) throws(CondaError) in
            if run.section == .removed {
                try forEachRemoved(in: run) { removed.insert($0) }
            } else {
                found.reserveCapacity(found.count + run.count)
                try forEachRecord(in: run, of: name, &cache) { found.append($0) }
            }
        }
        // File names are ASCII, whose order as text is that of their bytes.
        found.sort { ($0.record.filename, $0.rank) < ($1.record.filename, $1.rank) }
        try replaceOlderForms(&found)
        if !removed.isEmpty { found.removeAll { removed.contains($0.record.filename) } }
        return found.map(\.record)
    }

    /// Leaves the best of the records of each distribution.
    private func replaceOlderForms(_ found: inout [Ranked]) throws(CondaError) {
        for index in found.indices.dropFirst() {
            let filename = found[index].record.filename
            if found[index - 1].record.filename == filename, found[index - 1].rank == found[index].rank {
                throw refuse("the record '\(filename)' stands in it twice")
            }
        }
        guard let first = found.first, found.contains(where: { $0.rank != first.rank }) else { return }
        var best: [String: Int] = [:]
        for one in found {
            let distribution = one.record.distribution
            best[distribution] = max(one.rank, best[distribution] ?? 0)
        }
        found.removeAll { best[$0.record.distribution] != $0.rank }
    }

    /// File names of packages that the channel had once.
    public func removed(named name: String) throws(CondaError) -> [String] {
        var removed: [String] = []
        try forEachRun(of: name) { (run) throws(CondaError) in
            if run.section == .removed { try forEachRemoved(in: run) { removed.append($0) } }
        }
        return removed
    }

    /// All names of packages, sorted by their bytes.
    public var names: [String] {
        Set(index.all.filter { $0.section != .removed }.compactMap { name(of: $0) })
            .map { String(decoding: $0.bytes, as: UTF8.self) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func refuse(_ reason: String) -> CondaError { CondaError(.repodata, name, reason) }
}

/// What a repodata document says of itself.
public struct RepodataInfo: Hashable, Sendable {
    public var subdir: String?
    /// Where the packages are, an address or one relative to the document's own (CEP 15).
    public var baseURL: String?
    /// Later revisions than those that are read, each with what the channel says of it (CEP 48).
    public var laterRevisions: [String: String] = [:]

    public init() {}
}
