import Digests

/// What a release engineer asks for: `bundles/<name>/bundle.toml` as a value.
public struct EnvironmentSpec: Equatable, Sendable {
    /// The base Python of the environment.
    public enum Interpreter: Equatable, Sendable {
        /// One of the environment's conda packages: what its version must satisfy (the version part of a match
        /// spec, CEP 29; `*` for any).
        case conda(String)
        /// A relocatable tarball: URL or path relative to the spec, and its digest.
        case archive(location: String, sha256: SHA256Digest)
        /// An interpreter of the machine that locks: absolute path of its executable.
        case capture(executable: String)
        /// None is carried; the target's own of this minor version, such as "3.11".
        case host(minor: String)
    }

    /// When `.pyc` files are made.
    public enum Bytecode: String, Equatable, Sendable, CaseIterable {
        case target, bundle, none
    }

    /// A lock of another tool, whose packages are taken exactly as it names them.
    public struct ForeignSource: Equatable, Sendable {
        /// Relative to the spec.
        public var path: String
        /// Of a pixi.lock the environment, of a conda-lock.yml the category; nil takes the format's default.
        public var environment: String?
        /// Of the spec.
        public var line: Int

        public init(path: String, environment: String? = nil, line: Int) {
            self.path = path
            self.environment = environment
            self.line = line
        }
    }

    /// Lower-case letters, digits, `-`, `_` and `.`.
    public var name: String
    public var summary: String
    /// Conda's names of platforms, without repetition.
    public var platforms: [String]
    /// calver.org tokens.
    public var calver: String
    /// Absolute; nil leaves the choice to whoever installs.
    public var defaultPrefix: String?
    public var glibc: GlibcVersion
    public var interpreter: Interpreter
    /// `[lock] from`.
    public var foreign: ForeignSource?
    /// URLs, paths relative to the spec, and names below ``channelAlias``, in order of preference. As written:
    /// they may hold credentials, see ``CleanLocation``.
    public var channels: [String]
    /// The URL that bare names of channels are below.
    public var channelAlias: String?
    /// Match specs (CEP 29).
    public var condaDependencies: [Located<String>]
    /// The conda packages whose link scripts may run on the target, by normalized name, sorted.
    public var linkScripts: [String]
    /// In the order of the spec.
    public var overrides: [SpecOverride]
    /// URLs or paths; nil means the public index.
    public var wheelIndexes: [String]?
    /// One line of a requirements file each.
    public var requirements: [Located<String>]
    /// Destination in the prefix → source relative to the spec.
    public var files: [String: String]
    public var bytecode: Bytecode
    /// A text file relative to the spec, shown and asked for by the installer.
    public var license: String?
    /// Relative to the prefix.
    public var statePaths: [String]
    /// Commands that run around installing and activating.
    public var hooks: SpecHooks
    /// What a bundle of this spec may hold; nil says nothing.
    public var policy: PolicySpec?

    public static let defaultCalver = "YYYY.0M.0D"
    public static let defaultGlibc = GlibcVersion(major: 2, minor: 28)

    /// A spec with everything that can be left out left out.
    public init(name: String, platforms: [String], interpreter: Interpreter) {
        self.name = name
        self.platforms = platforms
        self.interpreter = interpreter
        summary = ""
        calver = Self.defaultCalver
        defaultPrefix = nil
        glibc = Self.defaultGlibc
        foreign = nil
        channels = []
        channelAlias = nil
        condaDependencies = []
        linkScripts = []
        overrides = []
        wheelIndexes = nil
        requirements = []
        files = [:]
        bytecode = .target
        license = nil
        statePaths = []
        hooks = SpecHooks()
        policy = nil
    }

    /// What this version of Airlift reads and does not carry out yet, one error each (kind `.refused`).
    /// - Parameter file: how errors name the spec.
    public func unsupported(file: String) -> [LockError] {
        var errors: [LockError] = []
        if bytecode == .bundle, case .host = interpreter {
            errors.append(
                .init(
                    file: file,
                    reason:
                        "[install] bytecode = \"bundle\" needs an interpreter to compile with, and [python] host "
                        + "carries none; use \"target\" or \"none\"",
                    kind: .refused))
        }
        return errors
    }
}
