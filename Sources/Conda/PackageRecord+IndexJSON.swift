extension PackageRecord {
    /// Reads `info/index.json` (CEP 34), also of older packages: numbers as strings, lists as strings, fields
    /// that are null.
    /// - Parameter filename: of the archive; its name, version and build must be those of the document.
    /// - Throws: for text that is no such document, and one that describes another package.
    public init(indexJSON: [UInt8], filename: String) throws(CondaError) {
        var draft = IndexDraft()
        do throws(CondaError) {
            try JSONScanner.read(indexJSON) { (scanner) throws(CondaError) in
                try scanner.object { (scanner, key) throws(CondaError) in try draft.take(key, &scanner) }
            }
        } catch {
            throw CondaError(.index, filename, error.asCause)
        }
        try self.init(draft, filename: filename)
    }

    private init(_ draft: IndexDraft, filename: String) throws(CondaError) {
        let file = try PackageFilename(filename)
        func refusal(_ reason: String) -> CondaError { CondaError(.index, filename, reason) }
        guard let name = draft.name, let version = draft.version, let build = draft.build else {
            throw refusal("it must state name, version and build")
        }
        guard (name, version, build) == (file.name, file.version, file.build) else {
            throw refusal(
                "it describes \(name)-\(version)-\(build), which is another package than the file's name says"
            )
        }
        guard let number = draft.buildNumber, number >= 0 else {
            throw refusal("its build_number is no whole number")
        }
        self.init(
            name: name, version: version, build: build, buildNumber: Int(number), subdir: draft.derivedSubdir,
            filename: filename)
        noarch = draft.noarch
        depends = draft.depends
        constrains = draft.constrains
        trackFeatures = draft.trackFeatures
        features = draft.features
        flags = draft.flags
        license = draft.license
        licenseFamily = draft.licenseFamily
        timestamp = draft.milliseconds
        pythonSitePackagesPath = draft.pythonSitePackagesPath
    }
}

/// What the document says, before it is judged.
private struct IndexDraft {
    var name: String?
    var version: String?
    var build: String?
    var buildNumber: Int64?
    var subdir: String?
    var arch: String?
    var platform: String?
    var noarch: PackageRecord.Noarch?
    var depends: [String] = []
    var constrains: [String] = []
    var trackFeatures: [String] = []
    var features: String?
    var flags: [String] = []
    var license: String?
    var licenseFamily: String?
    var timestamp: Int64?
    var pythonSitePackagesPath: String?

    mutating func take(_ key: JSONKey, _ scanner: inout JSONScanner) throws(CondaError) {
        switch key {
        case "name": name = try scanner.optionalString()
        case "version": version = try scanner.optionalString()
        case "build": build = try scanner.optionalString()
        case "build_number": buildNumber = try scanner.looseInteger()
        case "subdir": subdir = try scanner.looseText()
        case "arch": arch = try scanner.looseText()
        case "platform": platform = try scanner.looseText()
        case "noarch": noarch = try .read(&scanner)
        case "depends": depends = try requirements(&scanner)
        case "constrains": constrains = try requirements(&scanner)
        case "track_features": trackFeatures = try scanner.looseStrings()
        case "features": features = try scanner.looseText()
        case "flags": flags = try scanner.looseStrings()
        case "license": license = try scanner.looseText()
        case "license_family": licenseFamily = try scanner.looseText()
        case "timestamp": timestamp = try scanner.looseInteger()
        case "python_site_packages_path": pythonSitePackagesPath = try scanner.looseText()
        default: try scanner.skip()
        }
    }

    /// A list of match specs; `null` is an empty one.
    private func requirements(_ scanner: inout JSONScanner) throws(CondaError) -> [String] {
        var result: [String] = []
        guard try scanner.token() != .null else {
            try scanner.skip()
            return result
        }
        try scanner.array { (scanner) throws(CondaError) in
            if let text = try scanner.optionalString() { result.append(text) }
        }
        return result
    }

    /// conda takes what is below the year 9999 in seconds for seconds.
    var milliseconds: Int64? {
        timestamp.map { $0 > 0 && $0 < 253_402_300_799 ? $0 * 1_000 : $0 }
    }

    /// Packages from before `subdir` state platform and arch.
    var derivedSubdir: String {
        if let subdir { return subdir }
        guard let platform, let arch else { return noarch == nil && platform == nil ? "" : "noarch" }
        return "\(platform)-\(arch == "x86_64" ? "64" : arch == "x86" ? "32" : arch)"
    }
}
