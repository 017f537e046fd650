import Digests

extension PackageRecord {
    /// Reads the record of one package out of repodata (CEP 36). Keys that are not known are passed over.
    /// - Parameters:
    ///   - parts: of its key, which name, version and build must agree with.
    ///   - subdir: for a record that names none itself.
    /// - Throws: `CondaError` for values of the wrong type and for a record of something else.
    init(
        _ scanner: inout JSONScanner, _ parts: PackageFilename.Parts, name: String, filename: String,
        subdir: String?, _ cache: inout StringCache
    ) throws(CondaError) {
        let named = PackageFilename(parts, name: name)
        self.init(
            name: name, version: named.version, build: named.build, buildNumber: 0, subdir: subdir ?? "",
            filename: filename)
        var stated = 0
        try scanner.object { (scanner, key) throws(CondaError) in
            switch key {
            case "name":
                try require("name", &scanner, parts.name)
                stated += 1
            case "version":
                try require("version", &scanner, parts.version)
                stated += 1
            case "build": try require("build", &scanner, parts.build)
            case "depends": depends = try scanner.strings(&cache)
            case "constrains": constrains = try scanner.strings(&cache)
            case "license": license = try Self.text(&scanner, &cache)
            case "license_family": licenseFamily = try Self.text(&scanner, &cache)
            default: try readFurther(key, &scanner)
            }
        }
        guard stated == 2 else { throw CondaError(.record, filename, "it states no name or no version") }
    }

    /// What a record says of itself must be what its file name says.
    private func require(
        _ field: String, _ scanner: inout JSONScanner, _ expected: UnsafeRawBufferPointer
    ) throws(CondaError) {
        guard try scanner.token() == .string else { throw scanner.failure("a string is expected") }
        let found = try scanner.key()
        if RepodataIndex.equal(found.raw, expected) { return }
        guard let text = found.text, text.utf8.elementsEqual(expected) else {
            throw CondaError(
                .record, filename, "its \(field) is '\(found.shown)', which its file name contradicts")
        }
    }

    private mutating func readFurther(_ key: JSONKey, _ scanner: inout JSONScanner) throws(CondaError) {
        switch key {
        case "build_number": buildNumber = Int(try scanner.integer())
        case "subdir": subdir = try scanner.optionalString() ?? subdir
        case "md5": md5 = try Self.digest("md5", &scanner, bytes: 16).map(Hex.encode)
        case "sha256": sha256 = try Self.digest("sha256", &scanner, bytes: 32).map { SHA256Digest(bytes: $0) }
        case "size": size = try Self.size(&scanner)
        case "noarch": noarch = try Self.noarch(&scanner)
        case "timestamp": timestamp = try Self.milliseconds(&scanner)
        case "features": features = try scanner.token() == .string ? scanner.string() : Self.skipped(&scanner)
        case "track_features": trackFeatures = try Self.words(&scanner)
        case "flags": flags = try scanner.strings()
        case "python_site_packages_path": pythonSitePackagesPath = try scanner.optionalString()
        default: try scanner.skip()
        }
    }

    /// nil for `null` and for an empty text.
    private static func digest(_ field: String, _ scanner: inout JSONScanner, bytes count: Int)
        throws(CondaError) -> [UInt8]?
    {
        if try scanner.token() == .null {
            try scanner.skip()
            return nil
        }
        guard try scanner.token() == .string else { throw scanner.failure("a string is expected") }
        let key = try scanner.key()
        if key.raw.isEmpty { return nil }
        guard key.raw.count == 2 * count, let bytes = Hex.decode(key.raw) else {
            throw CondaError(.record, key.shown, "its \(field) has not \(2 * count) hexadecimal digits")
        }
        return bytes
    }

    private static func size(_ scanner: inout JSONScanner) throws(CondaError) -> UInt64? {
        guard try scanner.token() != .null else {
            try scanner.skip()
            return nil
        }
        let size = try scanner.integer()
        guard let value = UInt64(exactly: size) else {
            throw CondaError(.record, "\(size)", "its size is negative")
        }
        return value
    }

    /// Indexes of many years ago say `true` for what is `generic` now.
    private static func noarch(_ scanner: inout JSONScanner) throws(CondaError) -> Noarch? {
        switch try scanner.token() {
        case .string:
            let text = try scanner.string()
            if text.isEmpty { return nil }
            guard let noarch = Noarch(rawValue: text) else {
                throw CondaError(.record, text, "its noarch is neither 'generic' nor 'python'")
            }
            return noarch
        case .bool: return try scanner.bool() ? .generic : nil
        default:
            try scanner.skip()
            return nil
        }
    }

    /// Old packages state seconds, as conda tells by the size of the number.
    private static func milliseconds(_ scanner: inout JSONScanner) throws(CondaError) -> Int64? {
        guard try scanner.token() == .number else {
            try scanner.skip()
            return nil
        }
        let value = try scanner.integer()
        return value.magnitude > 253_402_300_799 ? value : value * 1_000
    }

    /// nil for what is no text: these fields are only shown.
    private static func text(_ scanner: inout JSONScanner, _ cache: inout StringCache) throws(CondaError)
        -> String?
    {
        guard try scanner.token() == .string else { return try skipped(&scanner) }
        return try scanner.string(&cache)
    }

    private static func skipped(_ scanner: inout JSONScanner) throws(CondaError) -> String? {
        try scanner.skip()
        return nil
    }

    /// An array, or one string with the words separated by spaces or commas.
    private static func words(_ scanner: inout JSONScanner) throws(CondaError) -> [String] {
        switch try scanner.token() {
        case .array: return try scanner.strings()
        case .string: return try scanner.string().split { $0 == " " || $0 == "," }.map(String.init)
        default:
            try scanner.skip()
            return []
        }
    }
}
