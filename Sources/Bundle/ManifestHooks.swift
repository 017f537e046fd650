import Files

extension Manifest {
    /// A command that an installation runs, without a shell.
    public struct Hook: Codable, Hashable, Sendable {
        /// Seconds that a hook may take where nothing else is said, and at most.
        public static let defaultTimeout = 60
        public static let longestTimeout = 86_400

        /// The program and its arguments. A program without a slash is looked for in the prefix's `bin` and then on
        /// the host's PATH, one with a slash below the prefix, an absolute one is taken as it is.
        public var command: [String]
        /// Seconds after which it is ended, and has failed.
        public var timeout: Int

        public init(command: [String], timeout: Int = Self.defaultTimeout) {
            self.command = command
            self.timeout = timeout
        }
    }

    /// What runs when a release is activated, or a prefix is installed and removed; nil where nothing does.
    public struct Hooks: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
            /// Before `current` leads to the release; a failure leaves what was current.
            case preActivate = "pre-activate"
            /// When `current` leads to it; a failure takes that back.
            case postActivate = "post-activate"
            /// When a prefix is in place, where whoever installs allows it.
            case postInstall = "post-install"
            /// Before a prefix is removed, where whoever removes it allows it.
            case preUninstall = "pre-uninstall"

            public static func < (a: Kind, b: Kind) -> Bool { a.place < b.place }

            private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        }

        public var preActivate: [Hook]?
        public var postActivate: [Hook]?
        public var postInstall: [Hook]?
        public var preUninstall: [Hook]?

        enum CodingKeys: String, CodingKey {
            case preActivate = "pre_activate"
            case postActivate = "post_activate"
            case postInstall = "post_install"
            case preUninstall = "pre_uninstall"
        }

        public init() {}

        /// In the order in which they run.
        public subscript(kind: Kind) -> [Hook] {
            get {
                switch kind {
                case .preActivate: preActivate ?? []
                case .postActivate: postActivate ?? []
                case .postInstall: postInstall ?? []
                case .preUninstall: preUninstall ?? []
                }
            }
            set {
                let value = newValue.isEmpty ? nil : newValue
                switch kind {
                case .preActivate: preActivate = value
                case .postActivate: postActivate = value
                case .postInstall: postInstall = value
                case .preUninstall: preUninstall = value
                }
            }
        }

        public var isEmpty: Bool { Kind.allCases.allSatisfy { self[$0].isEmpty } }

        /// Every hook with its kind, in the order of kinds.
        public var all: [(kind: Kind, hook: Hook)] {
            Kind.allCases.flatMap { kind in self[kind].map { (kind, $0) } }
        }
    }
}

extension Manifest.Hook {
    /// The command as a shell would be given it.
    public var words: String { command.map(Self.quoted).joined(separator: " ") }

    private static func quoted(_ word: String) -> String {
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || byte >= 0x80 || "-_.,:/=+@%".utf8.contains(byte)
        }
        guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
        let bytes = word.utf8.flatMap { $0 == 0x27 ? Array(#"'\''"#.utf8) : [$0] }
        return "'" + String(decoding: bytes, as: UTF8.self) + "'"
    }

    /// Why no program can be run so; nil for a sound hook.
    var fault: String? {
        guard let program = command.first, !program.isEmpty else { return "it names no program" }
        if command.contains(where: { $0.utf8.contains(0) }) { return "a NUL stands in it" }
        guard command.count <= 1_024, command.reduce(0, { $0 + $1.utf8.count }) <= 65_536 else {
            return "it is longer than 65536 bytes or 1024 words"
        }
        guard (1...Self.longestTimeout).contains(timeout) else {
            return "its timeout of \(timeout) seconds is not between 1 and \(Self.longestTimeout)"
        }
        guard program.utf8.contains(UInt8(ascii: "/")), program.utf8.first != UInt8(ascii: "/") else {
            return [".", ".."].contains(program) ? "it names no program" : nil
        }
        return (try? RelativePath(program)) == nil ? "its program is no path below the prefix" : nil
    }
}
