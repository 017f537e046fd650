/// `[hooks]`: commands that installing and activating run, without a shell.
public struct SpecHooks: Equatable, Sendable {
    public struct Hook: Equatable, Sendable {
        /// The program and its arguments.
        public var command: [String]
        /// Seconds.
        public var timeout: Int
        public var line: Int

        public init(command: [String], timeout: Int, line: Int) {
            self.command = command
            self.timeout = timeout
            self.line = line
        }
    }

    public static let defaultTimeout = 60
    static let longestTimeout = 86_400

    /// Each list in the order of the spec.
    public var preActivate: [Hook] = []
    public var postActivate: [Hook] = []
    public var postInstall: [Hook] = []
    public var preUninstall: [Hook] = []

    public init() {}

    /// By the names of the keys, in the order of an installation's life.
    static let keys: [(name: String, list: WritableKeyPath<SpecHooks, [Hook]> & Sendable)] = [
        ("pre-activate", \.preActivate), ("post-activate", \.postActivate),
        ("post-install", \.postInstall), ("pre-uninstall", \.preUninstall),
    ]

    public var isEmpty: Bool { Self.keys.allSatisfy { self[keyPath: $0.list].isEmpty } }

    /// Lines do not count.
    var meaning: Meaning {
        .record(
            Dictionary(
                uniqueKeysWithValues: Self.keys.map { name, list in
                    (
                        name,
                        .list(
                            self[keyPath: list].map {
                                .record(["command": .texts($0.command), "timeout": .number($0.timeout)])
                            })
                    )
                }))
    }
}
