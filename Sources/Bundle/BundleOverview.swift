import Digests

/// What `airlift inspect` and the installer's `info` say of a whole bundle: a label and a value each.
public struct BundleOverview: Sendable {
    public struct Row: Hashable, Sendable {
        public let label: String
        public let value: String

        public init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// Rows without a value are left out.
    public let rows: [Row]

    /// - Parameters:
    ///   - fileSize: of the bundle; nil where only its manifest is at hand.
    ///   - identity: put after the digests: who signed it, where it is installed.
    ///   - more: put before the last row.
    public init(
        _ manifest: Manifest, digest: SHA256Digest, fileSize: UInt64?, identity: [Row] = [], more: [Row] = []
    ) {
        let python = manifest.python
        rows =
            ([
                Row("name", manifest.name), Row("version", "\(manifest.version) (serial \(manifest.serial))"),
                Row("platform", manifest.platform), Row("summary", manifest.summary),
                Row("bundle digest", digest.hex), Row("environment", manifest.environment.hex),
            ] + identity + [
                Row("python", "\(python.implementation) \(python.version) (\(python.source.rawValue))"),
                Row("needs", Self.needs(manifest)), Row("archives", Self.archives(manifest)),
                Row("size", Self.size(manifest, fileSize)), Row("files", Self.applicationFiles(manifest)),
                Row("default prefix", manifest.install.defaultPrefix ?? ""),
                Row("state", manifest.install.state.joined(separator: ", ")),
            ] + Self.hooks(manifest) + more + [Row("cut by", manifest.generator)]).filter {
                !$0.value.isEmpty
            }
    }

    /// For people: the values below each other.
    public var lines: [String] { Self.lines(rows) }

    public static func lines(_ rows: [Row]) -> [String] {
        let width = rows.map(\.label.count).max() ?? 0
        return rows.map { row in
            let padding = String(repeating: " ", count: width - row.label.count + 2)
            return TextTable.printable(row.label) + padding + TextTable.printable(row.value)
        }
    }

    /// What a host must offer.
    private static func needs(_ manifest: Manifest) -> String {
        let target = manifest.target
        return [
            manifest.platform == "noarch" ? nil : Stub.machine(of: manifest.platform),
            target.glibc.map { "glibc \($0) or later" },
            "\(ByteCount.text(target.bytes)) and \(target.inodes) inodes",
            "a prefix of at most \(target.longestPrefix) bytes",
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func hooks(_ manifest: Manifest) -> [Row] {
        (manifest.install.hooks?.all ?? []).map { kind, hook in
            Row("\(kind.rawValue)", "runs \(hook.words) (at most \(hook.timeout) s)")
        }
    }

    private static func archives(_ manifest: Manifest) -> String {
        let counts = [
            (Manifest.Archive.Kind.conda, "conda packages"), (.wheel, "wheels"), (.python, "interpreter"),
        ].map { kind, word in (manifest.archives.count { $0.kind == kind }, word) }
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let requested = manifest.archives.count { $0.requested && $0.kind != .python }
        guard !words.isEmpty else { return "none" }
        return
            "\(manifest.archives.count) (\(words.joined(separator: ", "))), \(requested) of them requested"
    }

    private static func size(_ manifest: Manifest, _ fileSize: UInt64?) -> String {
        let installed = "installed \(ByteCount.text(manifest.target.bytes))"
        return fileSize.map { "\(ByteCount.text($0)), \(installed)" } ?? installed
    }

    private static func applicationFiles(_ manifest: Manifest) -> String {
        let count = manifest.files.count { $0.source.hasPrefix("archives/files/") }
        return count == 0 ? "" : "\(count) of the application's own"
    }
}
