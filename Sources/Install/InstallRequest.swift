import Workers

/// What somebody wants of one installation.
public struct InstallRequest: Sendable {
    /// Absolute; symbolic links in it are not resolved. In a root it follows from the bundle's version.
    public var prefix: String
    /// The root that is to get a release; nil installs at the prefix.
    public var root: String?
    /// The directory below which everything is written as if it were `/`, for packages and images; absolute. What is
    /// written names the prefix alone, and nothing of it is run but the interpreter.
    public var destination: String?
    /// Make the release the current one.
    public var activates = true
    /// Run the hooks that stand around making it the current one.
    public var activationHooks = true
    /// Take a bundle that is older than the latest that was ever in the root.
    public var allowDowngrade = false
    /// Seconds to wait for another run at the same place.
    public var wait = 0
    /// Keep the bundle beside what is installed, so that it can be repaired with nothing else at hand.
    public var keepsBundle = false
    /// Prefixes of finished releases whose files the new one may share, in the order in which they are asked; in a root,
    /// those that are there. Sharing is for releases alone: nobody may write to their files.
    public var donors: [String] = []
    /// Share files with them.
    public var shares = true
    /// Compile byte code, where the bundle leaves that to the target.
    public var compile = true
    /// Replace another environment of Airlift's.
    public var force = false
    /// Replace another environment of Airlift's unless files that nobody recorded would be lost.
    public var update = false
    /// Replace whatever is at the prefix.
    public var replaceForeign = false
    /// Wait until everything is on the disk before it is published.
    public var synchronize = true
    /// Import every top-level module before publishing.
    public var test = false
    /// The host's interpreter to use, where the bundle carries none.
    public var python: String?
    public var jobs = availableProcessors
    public var linkScripts = LinkScriptChoice.manifest
    /// Seconds that each link script may take.
    public var linkScriptLimit = 300
    /// Run the bundle's `post-install` hooks, at a prefix.
    public var hooks = false
    /// Seconds for each hook, instead of what its manifest says.
    public var hookLimit: Int?
    /// What link scripts and hooks inherit: the process's own environment belongs to the executable.
    public var environment: [String: String] = [:]
    /// Whose signatures the bundle must have.
    public var trust = InstallTrust.remembered()
    /// RFC 3339, UTC: the clock belongs to the executable.
    public var now: String
    /// Who installs, and where; for the record alone.
    public var by: ActingUser?
    public var host: HostFacts?

    public init(prefix: String, now: String) {
        self.prefix = prefix
        self.now = now
    }

    /// - Parameter root: absolute.
    public init(root: String, now: String) {
        prefix = root
        self.root = root
        self.now = now
    }
}

/// How far an installation is; told from several threads.
public enum InstallProgress: Sendable {
    /// Bytes of archives that were read, hashed and unpacked.
    case unpacked(UInt64)
    /// Sources that are to be compiled.
    case compiling(Int)
    /// One more source was compiled.
    case compiled
    /// Waiting for the disk.
    case synchronizing
    /// A link script of this package runs.
    case linkScript(String)
    /// This hook runs.
    case hook(String)
}

/// What an installation did.
public struct InstallOutcome: Sendable {
    public internal(set) var record: InstallRecord
    /// False when the same environment was there already.
    public let changed: Bool
    public internal(set) var files: Int
    public internal(set) var bytes: UInt64
    /// Whom the environment remembers now; nil for nobody.
    public internal(set) var trust: RememberedTrust?
    /// What it remembers was changed, although the environment was there already.
    public internal(set) var trustChanged = false
    /// What was taken from releases that were there; nil where there was none.
    public internal(set) var sharing: SharingTally?
    /// Below which directory it was written, where that is not `/`.
    public internal(set) var destination: String?
    /// Where a replaced environment is kept.
    public internal(set) var replaced: String?
    /// What somebody should know of, in sentences.
    public var notices: [String] = []
    /// The script to be sourced in a shell, relative to the prefix.
    public internal(set) var activation = "bin/activate"
    /// Link scripts that were run, in order.
    public var linkScripts: [LinkScriptResult] = []
    /// `post-install` hooks that were run, in order.
    public internal(set) var hooks: [HookResult] = []
    /// The root that the release is in; nil for a prefix of its own.
    public internal(set) var root: String?
    /// What became of `current`; nil where the release was not to be activated.
    public internal(set) var switched: ActivationOutcome?
}
