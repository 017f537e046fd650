import Digests

extension PackageRecord {
    /// Reads the record of one package out of repodata (CEP 36). Keys that are not known are passed over.
    /// - Parameters:
    ///   - filename: its key, which name, version and build must agree with.
    ///   - subdir: for a record that names none itself.
    /// - Throws: `CondaError` for values of the wrong type and for a record of something else.
    init(_ scanner: inout JSONScanner, filename: PackageFilename, subdir: String?) throws(CondaError) {
        self.init(
            name: filename.name, version: filename.version, build: filename.build, buildNumber: 0,
            subdir: subdir ?? "", filename: filename.description)
        var stated = 0
        try scanner.object { (scanner, key) throws(CondaError) in
            switch key {
            case "name":
                try Self.require("name", try scanner.string(), name)
                stated += 1
            case "version":
                try Self.require("version", try scanner.string(), version)
                stated += 1
            case "build": try Self.require("build", try scanner.string(), build)
            case "depends": depends = try scanner.strings()
            default: try readFurther(key, &scanner)
            }
        }
        guard stated == 2 else {
            throw CondaError(.record, filename.description, "it states no name or no version")
        }
    }

    private mutating func readFurther(_ key: JSONKey, _ scanner: inout JSONScanner) throws(CondaError) {
        switch key {
        case "build_number": buildNumber = Int(try scanner.integer())
        case "subdir": subdir = try scanner.optionalString() ?? subdir
        case "constrains": constrains = try scanner.strings()
        case "md5": md5 = try Self.digest("md5", try scanner.optionalString(), bytes: 16).map(Hex.encode)
        case "sha256":
            let bytes = try Self.digest("sha256", try scanner.optionalString(), bytes: 32)
            sha256 = bytes.flatMap { SHA256Digest(bytes: $0) }
        case "size": size = try Self.size(&scanner)
        case "noarch": noarch = try Self.noarch(&scanner)
        case "timestamp": timestamp = try Self.milliseconds(&scanner)
        case "license": license = try Self.text(&scanner)
        case "license_family": licenseFamily = try Self.text(&scanner)
        case "features": features = try Self.text(&scanner)
        case "track_features": trackFeatures = try Self.words(&scanner)
        case "flags": flags = try scanner.strings()
        case "python_site_packages_path": pythonSitePackagesPath = try scanner.optionalString()
        default: try scanner.skip()
        }
    }

    private static func require(_ field: String, _ found: String, _ expected: String) throws(CondaError) {
        guard found != expected else { return }
        throw CondaError(.record, expected, "its \(field) is '\(found)', which its file name contradicts")
    }

    private static func digest(_ field: String, _ text: String?, bytes count: Int) throws(CondaError)
        -> [UInt8]?
    {
        guard let text, !text.isEmpty else { return nil }
        guard let bytes = Hex.decode(text), bytes.count == count else {
            throw CondaError(.record, text, "its \(field) has not \(2 * count) hexadecimal digits")
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
    private static func text(_ scanner: inout JSONScanner) throws(CondaError) -> String? {
        guard try scanner.token() == .string else {
            try scanner.skip()
            return nil
        }
        return try scanner.string()
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
