/// What a bundle may hold: `[policy]` of a spec, or a TOML file with the same keys. `docs/policy.md` describes
/// every key.
public struct PolicySpec: Equatable, Sendable {
    /// What becomes of a package whose licence is not known exactly.
    public enum UnknownLicense: String, Equatable, Sendable, CaseIterable {
        case refuse, allow
    }

    /// Whose signatures a bundle needs.
    public enum Signers: Equatable, Sendable {
        /// `SHA256:…`, as OpenSSH writes them.
        case fingerprints([Located<String>])
        /// An allowed_signers file of OpenSSH, relative to the policy's own file.
        case file(Located<String>)
    }

    /// One package that one rule does not apply to.
    public struct Exception: Equatable, Sendable {
        /// Of a conda package or wheel, as the user wrote it.
        public var package: String
        public var rule: PolicyRule
        /// One line for whoever reads it later.
        public var reason: String
        public var line: Int

        public init(package: String, rule: PolicyRule, reason: String, line: Int) {
            self.package = package
            self.rule = rule
            self.reason = reason
            self.line = line
        }
    }

    /// SPDX expressions, not judged yet.
    public var allow: [Located<String>] = []
    public var deny: [Located<String>] = []
    /// nil where the policy does not say.
    public var unknownLicense: UnknownLicense?
    /// URL prefixes, hosts or names; nil for any.
    public var channels: [String]?
    /// URL prefixes or hosts; nil for any.
    public var indexes: [String]?
    /// Bytes.
    public var maxArchiveSize: UInt64?
    /// Bytes.
    public var maxBundleSize: UInt64?
    /// Days.
    public var minAge: Int?
    /// Days.
    public var maxAge: Int?
    public var allowsSdists = true
    public var allowsLinkScripts = true
    public var allowsHooks = true
    public var allowsInstallHooks = true
    public var signers: Signers?
    /// How many different keys of the signers.
    public var threshold: Int?
    public var exceptions: [Exception] = []

    public init() {}
}

/// The keys of a policy that can be violated.
public enum PolicyRule: String, Equatable, Hashable, Sendable, CaseIterable {
    case allow, deny, channels, indexes, sdists, hooks, signers
    case unknownLicense = "unknown_license"
    case maxArchiveSize = "max_archive_size"
    case maxBundleSize = "max_bundle_size"
    case minAge = "min_age"
    case maxAge = "max_age"
    case linkScripts = "link_scripts"
    case installHooks = "install_hooks"

    /// Whether it speaks of single packages, so that one can be excepted.
    public var isOfPackages: Bool { ![.maxBundleSize, .signers, .installHooks].contains(self) }
}
