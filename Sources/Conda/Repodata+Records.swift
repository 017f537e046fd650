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

    /// Decodes the records of a run.
    func forEachRecord(
        in run: RepodataIndex.Run, of name: String, _ cache: inout StringCache,
        _ visit: (Ranked) throws(CondaError) -> Void
    ) throws(CondaError) {
        try forEachMember(of: run) { (scanner, key) throws(CondaError) in
            try scanner.colon()
            try visit(try record(key, &scanner, run.section, name, &cache))
        }
    }

    /// A record, and which of two of one distribution is taken: `.conda` before `.tar.bz2`, and what `v3` says before
    /// what is said for older clients.
    struct Ranked {
        let rank: Int
        let record: PackageRecord
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

    private func record(
        _ key: JSONKey, _ scanner: inout JSONScanner, _ section: RepodataIndex.Section, _ name: String,
        _ cache: inout StringCache
    ) throws(CondaError) -> Ranked {
        guard let (stem, form) = RepodataNames.stem(of: key, section) else {
            throw scanner.failure("its key is no package file name")
        }
        let parts: PackageFilename.Parts
        do throws(PackageFilename.Fault) {
            parts = try PackageFilename.Parts(stem: stem, form: form)
        } catch {
            throw CondaError(.filename, key.shown, error.reason)
        }
        let isThird = section == .v3Conda || section == .v3TarBzip2
        let filename = String(decoding: key.raw, as: UTF8.self) + (isThird ? form.rawValue : "")
        let record = try PackageRecord(
            &scanner, parts, name: name, filename: filename, subdir: info.subdir, &cache)
        return Ranked(rank: (form == .conda ? 2 : 0) + (isThird ? 1 : 0), record: record)
    }
}
