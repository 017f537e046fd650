import Archives
import Digests
import Files

/// A wheel made in code (binary distribution format 1.0): well formed unless a knob is turned.
public struct WheelBuilder: Sendable {
    /// One file of the archive, by its path in it.
    public struct File: Sendable {
        public var path: String
        public var bytes: [UInt8]
        public var mode: UInt32

        public init(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o100644) {
            self.path = path
            self.bytes = bytes
            self.mode = mode
        }

        public init(_ path: String, _ text: String = "", mode: UInt32 = 0o100644) {
            self.init(path, Array(text.utf8), mode: mode)
        }
    }

    /// One line of RECORD; the fields as written.
    public struct RecordLine: Sendable, Equatable {
        public var path: String
        /// `sha256=<base 64>`, or empty.
        public var hash: String
        public var size: String

        public init(_ path: String, hash: String, size: String) {
            self.path = path
            self.hash = hash
            self.size = size
        }

        /// The true line for these bytes.
        public init(_ path: String, _ bytes: [UInt8]) {
            self.init(
                path, hash: "sha256=\(Base64URL.encode(SHA256.hash(bytes).bytes))", size: "\(bytes.count)")
        }

        /// The line as RECORD has it, with its end.
        public var text: String {
            let quoted =
                path.contains(where: { ",\"\n\r".contains($0) })
                ? "\""
                    + path.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                    + "\""
                : path
            return "\(quoted),\(hash),\(size)\n"
        }
    }

    public var name: String
    public var version: String
    /// Compressed tag set, as in the file name.
    public var tag = "py3-none-any"
    public var build: String?
    public var files: [File]
    public var requires: [String] = []
    public var requiresPython: String?
    public var extras: [String] = []
    /// Whole lines that METADATA gets in addition.
    public var metadataLines: [String] = []
    /// By group, such as `console_scripts`, lines such as `demo = demo:main`.
    public var entryPoints: [(group: String, lines: [String])] = []
    public var isPurelib = true
    public var wheelVersion = "1.0"
    /// Whole lines that WHEEL gets in addition.
    public var wheelLines: [String] = []
    public var deflated = true

    // Knobs for faults.
    /// `<name>-<version>` of the .dist-info directory; nil for the truth.
    public var infoStem: String?
    public var metadataName: String?
    public var metadataVersion: String?
    /// The tags of WHEEL; nil for those of the file name.
    public var wheelTags: [String]?
    /// Files of .dist-info that are left out: `WHEEL`, `METADATA`, `RECORD`.
    public var leavesOut: Set<String> = []
    /// Changes RECORD after it was computed.
    public var editRecord: @Sendable (inout [RecordLine]) -> Void = { _ in }
    /// The whole of RECORD; nil for the computed one.
    public var recordText: String?
    /// Changes the members after RECORD was computed from them: extra ones, other bytes, other attributes.
    public var editMembers: @Sendable (inout [ZipMember]) -> Void = { _ in }
    /// Changes the archive as a whole.
    public var editArchive: @Sendable (inout ZipBuilder) -> Void = { _ in }
    /// The file name; nil for the one that follows from name, version and tag.
    public var filenameOverride: String?

    /// - Parameter files: nil for a package of one module that bears the name.
    public init(_ name: String = "demo", _ version: String = "1.0", files: [File]? = nil) {
        self.name = name
        self.version = version
        let module = Self.escaped(name).lowercased()
        self.files = files ?? [File("\(module)/__init__.py", "__version__ = '\(version)'\n")]
    }

    public init(
        _ name: String = "demo", _ version: String = "1.0", files: [File]? = nil,
        _ change: (inout WheelBuilder) -> Void
    ) {
        self.init(name, version, files: files)
        change(&self)
    }

    static func escaped(_ text: String) -> String { text.split(separator: "-").joined(separator: "_") }

    private var stem: String { "\(Self.escaped(name))-\(Self.escaped(version))" }
    public var filename: String {
        filenameOverride ?? "\(stem)-\(build.map { "\($0)-" } ?? "")\(tag).whl"
    }
    /// `demo-1.0.dist-info`.
    public var infoDirectory: String { "\(infoStem ?? stem).dist-info" }
    /// `demo-1.0.data`.
    public var dataDirectory: String { "\(infoStem ?? stem).data" }

    public var metadata: String {
        var lines = [
            "Metadata-Version: 2.1", "Name: \(metadataName ?? name)",
            "Version: \(metadataVersion ?? version)",
        ]
        lines += requiresPython.map { ["Requires-Python: \($0)"] } ?? []
        lines +=
            extras.map { "Provides-Extra: \($0)" } + requires.map { "Requires-Dist: \($0)" } + metadataLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var wheel: String {
        var tags: [String] = []
        let parts = tag.split(separator: "-").map { $0.split(separator: ".") }
        if parts.count == 3 {
            for python in parts[0] {
                for abi in parts[1] {
                    for platform in parts[2] { tags.append("\(python)-\(abi)-\(platform)") }
                }
            }
        }
        var lines = [
            "Wheel-Version: \(wheelVersion)", "Generator: airlift-tests", "Root-Is-Purelib: \(isPurelib)",
        ]
        lines +=
            (wheelTags ?? tags).map { "Tag: \($0)" } + (build.map { ["Build: \($0)"] } ?? []) + wheelLines
        return lines.joined(separator: "\n") + "\n"
    }

    /// All files with those of .dist-info, RECORD last.
    private var allFiles: [File] {
        var all = files
        let info = infoDirectory
        if !leavesOut.contains("METADATA") { all.append(File("\(info)/METADATA", metadata)) }
        if !leavesOut.contains("WHEEL") { all.append(File("\(info)/WHEEL", wheel)) }
        if !entryPoints.isEmpty {
            let text = entryPoints.map { "[\($0.group)]\n" + $0.lines.map { "\($0)\n" }.joined() }
            all.append(File("\(info)/entry_points.txt", text.joined(separator: "\n")))
        }
        guard !leavesOut.contains("RECORD") else { return all }
        var record = all.map { RecordLine($0.path, $0.bytes) }
        record.append(RecordLine("\(info)/RECORD", hash: "", size: ""))
        editRecord(&record)
        return all + [File("\(info)/RECORD", recordText ?? record.map(\.text).joined())]
    }

    public var bytes: [UInt8] {
        var members = allFiles.map { ZipMember($0.path, $0.bytes, deflated: deflated, mode: $0.mode) }
        editMembers(&members)
        return ZipBuilder(members, editArchive).bytes
    }

    /// Puts the wheel into a directory.
    public func write(to scratch: TemporaryDirectory, below directory: String? = nil) throws -> BuiltWheel {
        let bytes = bytes
        let path = try scratch.write(directory.map { "\($0)/\(filename)" } ?? filename, bytes)
        return BuiltWheel(path: path, filename: filename, bytes: bytes, sha256: SHA256.hash(bytes))
    }
}

/// A wheel that lies on disk.
public struct BuiltWheel: Sendable {
    public let path: String
    public let filename: String
    public let bytes: [UInt8]
    public let sha256: SHA256Digest
}
