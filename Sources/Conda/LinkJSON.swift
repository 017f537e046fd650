import Failures

/// `info/link.json` (CEP 34): how a package without platform is linked, and its commands.
///
/// `preferred_env` is ignored, as conda does.
public struct LinkJSON: Hashable, Sendable {
    public let noarch: PackageRecord.Noarch?
    /// As the document states them, `command = module:function`; `CondaEntryPoint` reads them.
    public let entryPoints: [String]

    /// - Parameter file: how a sentence names the document; older packages have `info/package_metadata.json`.
    public init(json: [UInt8], file: String = "info/link.json") throws(CondaError) {
        var noarch: PackageRecord.Noarch?
        var entryPoints: [String] = []
        var version: Int64?
        do throws(CondaError) {
            try JSONScanner.read(json) { (scanner) throws(CondaError) in
                try scanner.object { (scanner, key) throws(CondaError) in
                    switch key {
                    case "package_metadata_version": version = try scanner.integer()
                    case "noarch":
                        guard try scanner.token() == .object else {
                            noarch = try PackageRecord.Noarch.read(&scanner)
                            return
                        }
                        try scanner.object { (scanner, key) throws(CondaError) in
                            switch key {
                            case "type": noarch = try PackageRecord.Noarch.read(&scanner)
                            case "entry_points": entryPoints = try scanner.strings()
                            default: try scanner.skip()
                            }
                        }
                    default: try scanner.skip()
                    }
                }
            }
        } catch {
            throw CondaError(.link, file, error.asCause)
        }
        guard version == 1 else {
            throw CondaError(
                .link, file,
                "its package_metadata_version is \(version.map(String.init) ?? "missing"), and only version 1 is known here"
            )
        }
        self.noarch = noarch
        self.entryPoints = entryPoints
    }
}

extension PackageRecord.Noarch {
    /// `"python"`, `"generic"`, and what older packages say: `true` and `false`, as conda reads them.
    static func read(_ scanner: inout JSONScanner) throws(CondaError) -> PackageRecord.Noarch? {
        switch try scanner.token() {
        case .null:
            try scanner.skip()
            return nil
        case .bool: return try scanner.bool() ? .generic : nil
        default:
            let text = try scanner.string()
            switch text.lowercased() {
            case "python": return .python
            case "generic", "true", "yes", "on": return .generic
            case "", "false", "no", "off", "none": return nil
            default:
                throw CondaError(.link, text, "noarch is python or generic, and nothing else is known here")
            }
        }
    }
}
