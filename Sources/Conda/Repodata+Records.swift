extension Repodata {
    /// A name as it stands in the document, compared by its bytes.
    struct RawName: Hashable {
        let bytes: UnsafeRawBufferPointer

        static func == (a: RawName, b: RawName) -> Bool { RepodataIndex.equal(a.bytes, b.bytes) }
        func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
    }

    /// The name that all records of a run have.
    func name(of run: RepodataIndex.Run) -> RawName? {
        var scanner = JSONScanner(bytes, at: run.offset)
        guard let key = try? scanner.key() else { return nil }
        return RepodataNames.name(of: key, run.section).map { RawName(bytes: $0) }
    }

    func forEachRun(
        of wanted: String, _ visit: (RepodataIndex.Run) throws(CondaError) -> Void
    ) throws(CondaError) {
        let text = Array(wanted.utf8)
        let runs = text.withUnsafeBytes { text in
            index.candidates(text).filter { name(of: $0) == RawName(bytes: text) }
        }
        for run in runs { try visit(run) }
    }

    func forEachRemoved(
        in run: RepodataIndex.Run, _ visit: (String) throws(CondaError) -> Void
    ) throws(CondaError) {
        try forEachMember(of: run) { (scanner, key) throws(CondaError) in try visit(key.shown) }
    }

    /// Decodes the records of a run. The rank tells which of two records of one distribution is taken: `.conda`
    /// before `.tar.bz2`, and what `v3` says before what is said for older clients.
    func forEachRecord(
        in run: RepodataIndex.Run, of name: String,
        _ visit: (Int, PackageRecord) throws(CondaError) -> Void
    ) throws(CondaError) {
        try forEachMember(of: run) { (scanner, key) throws(CondaError) in
            try scanner.colon()
            let (rank, record) = try self.record(key, &scanner, run.section)
            try visit(rank, record)
        }
    }

    private func forEachMember(
        of run: RepodataIndex.Run,
        _ visit: (inout JSONScanner, JSONKey) throws(CondaError) -> Void
    ) throws(CondaError) {
        var scanner = JSONScanner(bytes, at: run.offset)
        for number in 0..<run.count {
            var shown = ""
            do throws(CondaError) {
                if number > 0 { try scanner.comma() }
                let key = try scanner.key()
                shown = key.shown
                try visit(&scanner, key)
            } catch {
                guard error.subject != .repodata else { throw error }
                throw refuse("the record '\(shown)' is not right: \(error.text): \(error.reason)")
            }
        }
    }

    private func record(_ key: JSONKey, _ scanner: inout JSONScanner, _ section: RepodataIndex.Section)
        throws(CondaError) -> (rank: Int, PackageRecord)
    {
        guard let (stem, form) = RepodataNames.stem(of: key, section) else {
            throw scanner.failure("its key is no package file name")
        }
        let filename = try PackageFilename(stem: stem, form: form) { CondaError(.filename, key.shown, $0) }
        let record = try PackageRecord(&scanner, filename: filename, subdir: info.subdir)
        let isThird = section == .v3Conda || section == .v3TarBzip2
        return ((form == .conda ? 2 : 0) + (isThird ? 1 : 0), record)
    }
}
