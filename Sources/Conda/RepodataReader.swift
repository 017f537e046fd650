/// One pass over a repodata document, noting where its records lie.
struct RepodataReader {
    private var repodata: Repodata
    private let passed: (Int) -> Void
    private var reported = 0
    private var seen: Set<String> = []

    init(_ repodata: Repodata, passed: @escaping (Int) -> Void) {
        self.repodata = repodata
        self.passed = passed
    }

    mutating func read() throws(CondaError) -> Repodata {
        var scanner = JSONScanner(repodata.bytes)
        do throws(CondaError) {
            try scanner.object { (scanner, key) throws(CondaError) in try section(key, &scanner) }
            try scanner.finish()
        } catch {
            throw error.subject == .json ? repodata.refuse("\(error.text): \(error.reason)") : error
        }
        return repodata
    }

    private mutating func section(_ key: JSONKey, _ scanner: inout JSONScanner) throws(CondaError) {
        switch key {
        case "packages", "packages.conda", "removed", "v3", "info":
            guard let name = key.text, seen.insert(name).inserted else {
                throw scanner.failure("a second section of one name begins here")
            }
        default: break
        }
        switch key {
        case "packages", "packages.conda": try records(.packages, &scanner)
        case "removed": try removed(&scanner)
        case "v3": try third(&scanner)
        case "info": try info(&scanner)
        case "repodata_version": try version(&scanner)
        default: try scanner.skip()
        }
        repodata.index.endRun()
    }

    /// An object that maps file names to records; `null` is an empty one.
    private mutating func records(_ section: RepodataIndex.Section, _ scanner: inout JSONScanner)
        throws(CondaError)
    {
        if try scanner.token() == .null {
            try scanner.skip()
            return
        }
        try scanner.object { (scanner, key) throws(CondaError) in
            guard let name = RepodataNames.name(of: key, section) else {
                throw scanner.failure("the key '\(key.shown)' is no package file name")
            }
            guard try scanner.token() == .object else {
                throw scanner.failure("the record '\(key.shown)' is no object")
            }
            try scanner.skip()
            repodata.index.add(name, at: key.offset(in: repodata.bytes), section)
            repodata.count += 1
            report(scanner.position)
        }
    }

    private mutating func removed(_ scanner: inout JSONScanner) throws(CondaError) {
        if try scanner.token() == .null {
            try scanner.skip()
            return
        }
        try scanner.array { (scanner) throws(CondaError) in
            let key = try scanner.key()
            // What is not there needs no proper name.
            guard let name = RepodataNames.name(of: key, .removed) else {
                repodata.index.endRun()
                return
            }
            repodata.index.add(name, at: key.offset(in: repodata.bytes), .removed)
            report(scanner.position)
        }
    }

    /// CEP 48: records by the extension of their archives, of which other kinds than conda's own may come.
    private mutating func third(_ scanner: inout JSONScanner) throws(CondaError) {
        try scanner.object { (scanner, key) throws(CondaError) in
            switch key {
            case "conda": try records(.v3Conda, &scanner)
            case "tar.bz2": try records(.v3TarBzip2, &scanner)
            default:
                var count = 0
                try scanner.object { (scanner, _) throws(CondaError) in
                    try scanner.skip()
                    count += 1
                }
                if count > 0 { repodata.unread["v3.\(key.shown)"] = count }
            }
        }
    }

    private mutating func info(_ scanner: inout JSONScanner) throws(CondaError) {
        if try scanner.token() == .null {
            try scanner.skip()
            return
        }
        try scanner.object { (scanner, key) throws(CondaError) in
            switch key {
            case "subdir": repodata.info.subdir = try scanner.optionalString()
            case "base_url": repodata.info.baseURL = try scanner.optionalString()
            case "repodata_version": try version(&scanner)
            case "repodata_revisions" where try scanner.token() == .object: try revisions(&scanner)
            default: try scanner.skip()
            }
        }
    }

    private mutating func version(_ scanner: inout JSONScanner) throws(CondaError) {
        let version = try scanner.integer()
        guard version <= 2 else {
            throw repodata.refuse(
                "its format is version \(version), and versions 1 and 2 are read; a newer Airlift may read it"
            )
        }
    }

    private mutating func revisions(_ scanner: inout JSONScanner) throws(CondaError) {
        try scanner.object { (scanner, key) throws(CondaError) in
            guard !("v3" ~= key), try scanner.token() == .object else {
                try scanner.skip()
                return
            }
            var message = ""
            try scanner.object { (scanner, field) throws(CondaError) in
                if "message" ~= field {
                    message = String((try scanner.optionalString() ?? "").prefix(8_192))
                } else {
                    try scanner.skip()
                }
            }
            repodata.info.laterRevisions[key.shown] = message
        }
    }

    private mutating func report(_ position: Int) {
        guard position - reported >= 4 << 20 else { return }
        reported = position
        passed(position)
    }
}

/// Package names as they stand in the keys of a document.
enum RepodataNames {
    /// nil for what is no file name of the section.
    static func name(of key: JSONKey, _ section: RepodataIndex.Section) -> UnsafeRawBufferPointer? {
        stem(of: key, section).flatMap { PackageFilename.name(inStem: $0.stem) }
    }

    /// The file name without its extension, and the form that the extension or the section tells.
    static func stem(of key: JSONKey, _ section: RepodataIndex.Section)
        -> (stem: UnsafeRawBufferPointer, form: PackageFilename.Form)?
    {
        switch section {
        case .v3Conda: return (key.raw, .conda)
        case .v3TarBzip2: return (key.raw, .tarBzip2)
        case .packages, .removed:
            guard let form = PackageFilename.form(of: key.raw) else { return nil }
            let count = key.raw.count - form.rawValue.utf8.count
            return (UnsafeRawBufferPointer(rebasing: key.raw[..<count]), form)
        }
    }
}

extension JSONKey {
    /// For messages, which go on where the text is none.
    var shown: String { text ?? String(decoding: raw.prefix(200), as: UTF8.self) }

    /// Of its opening quote.
    func offset(in document: UnsafeRawBufferPointer) -> Int {
        guard let start = raw.baseAddress, let base = document.baseAddress else { return 0 }
        return start - base - 1
    }
}
