import Digests

/// The files of one archive as an auditor sees them: where each goes, what it is, and what of it runs or needs
/// something. Everything is sorted by the bytes of its path or name.
public struct PackageFiles: Codable, Hashable, Sendable {
    public var files: [File]
    /// Commands that installing makes, as `name = module:attribute`.
    public var entryPoints: [String]
    public var hooks: [Hook]
    /// Files that the system's loader reads (ELF), programs included.
    public var libraries: [NativeLibrary]

    public init(
        files: [File] = [], entryPoints: [String] = [], hooks: [Hook] = [], libraries: [NativeLibrary] = []
    ) {
        self.files = files.sorted { Self.precedes($0.path, $1.path) }
        self.entryPoints = entryPoints.sorted(by: Self.precedes)
        self.hooks = hooks.sorted { Self.precedes($0.path, $1.path) }
        self.libraries = libraries.sorted { Self.precedes($0.path, $1.path) }
    }

    enum CodingKeys: String, CodingKey {
        case files, hooks, libraries
        case entryPoints = "entry_points"
    }

    /// One file or symbolic link.
    public struct File: Codable, Hashable, Sendable {
        /// Relative to the prefix.
        public var path: String
        /// Permission bits in octal as they will be on disk. A set-id bit of the archive is shown, although
        /// installing drops it.
        public var mode: String
        /// Bytes; nil for a link.
        public var size: UInt64?
        /// nil for a link.
        public var sha256: SHA256Digest?
        /// Target of a symbolic link.
        public var link: String?
        /// True where installing writes the prefix or the interpreter's path into the file: size and digest are
        /// those in the archive, and on disk they will be others. Else nil.
        public var rewritten: Bool?

        public init(
            path: String, mode: String, size: UInt64? = nil, sha256: SHA256Digest? = nil,
            link: String? = nil, rewritten: Bool? = nil
        ) {
            self.path = path
            self.mode = mode
            self.size = size
            self.sha256 = sha256
            self.link = link
            self.rewritten = rewritten
        }
    }

    /// Bytes of all files.
    public var bytes: UInt64 { files.reduce(0) { $0 &+ ($1.size ?? 0) } }

    static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    /// Permission bits as `File.mode` has them.
    static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
