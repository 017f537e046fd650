/// A question about package records (CEP 29): `name`, `name version build`, `name=version=build`,
/// `channel/subdir::name[key=value,…]`, or the address of a package.
///
/// What is nil is not asked for. Text fields match without regard to the case of ASCII letters.
public struct MatchSpec: Hashable, Sendable {
    public var name: MatchSpecPattern
    public var version: VersionSpec = .any
    public var build: MatchSpecPattern?
    public var buildNumber: BuildNumberSpec?
    /// A channel's name or address, without credentials.
    public var channel: MatchSpecPattern?
    public var subdir: MatchSpecPattern?
    /// The address of one archive, without credentials or digest.
    public var url: MatchSpecPattern?
    public var filename: MatchSpecPattern?
    public var md5: MatchSpecPattern?
    public var sha256: MatchSpecPattern?
    public var license: MatchSpecPattern?
    public var licenseFamily: MatchSpecPattern?
    /// In alphabetical order; the record must have these and no others.
    public var trackFeatures: [String]?
    public var features: [String]?
    /// All of these must be among the record's flags (CEP 45).
    public var flags: [MatchSpecPattern] = []
    /// Groups of optional dependencies that are asked for (CEP 44). They change no match.
    public var extras: [String] = []
    /// When a dependency counts at all (CEP 43). It changes no match: who follows dependencies must ask it.
    public var condition: MatchSpecCondition?
    /// conda's marks of a request that may be dropped, and of the package that it is to replace.
    public var isOptional = false
    public var target: String?

    /// Name, version and build of a spec that only one build of one version can meet.
    public struct Pin: Hashable, Sendable {
        public let name: String
        public let version: String
        public let build: String
    }

    init(name: MatchSpecPattern) { self.name = name }

    /// Reads a match spec in any of its forms.
    ///
    /// User names, passwords and tokens within an address are dropped. A namespace and a `name` among the keys are
    /// ignored, as CEP 29 says. As in conda, `=1.2` means `1.2.*`, but exactly 1.2 once a build follows.
    /// - Throws: `CondaError` with what is wrong.
    public init(_ text: String) throws(CondaError) {
        var parser = try MatchSpecParser(text)
        self = try parser.specification()
    }

    /// Reads one entry of a dictionary of dependencies, such as that of conda-lock.
    /// - Parameters:
    ///   - name: an exact name.
    ///   - rest: the version and what follows it; empty or `*` for any version.
    public init(name: String, rest: String) throws(CondaError) {
        let parser = try MatchSpecParser(name)
        let pattern = try parser.name(Array(name.utf8)[...])
        guard pattern.exactText != nil else {
            throw CondaError(.matchSpec, name, "the name of a dependency has no asterisk")
        }
        self.init(name: pattern)
        if rest.utf8.contains(where: { !$0.isSpace }) { try self.init("\(name) \(rest)") }
    }

    /// The name in lower case; nil where more names can match.
    public var exactName: String? { name.exactText }

    /// Names the machine rather than a package, as `__glibc` does (CEP 30).
    public var isVirtual: Bool { name.text.utf8.starts(with: "__".utf8) }

    /// Present where name, version and build are exact: `zlib=1.2.13=h1_0`, `zlib 1.2.13 h1_0`, an address, ….
    public var exactPin: Pin? {
        guard let name = exactName, let version = version.exactVersion, let build = build?.exactText else {
            return nil
        }
        return Pin(name: name, version: version.text, build: build)
    }
}
