import Digests

/// What a release engineer asks for: `bundles/<name>/bundle.toml` as a value.
public struct EnvironmentSpec: Equatable, Sendable {
    /// The base Python of the environment.
    public enum Interpreter: Equatable, Sendable {
        /// A package of the conda channels, by version specifier.
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
    public var channels: [String]
    public var condaDependencies: [Located<String>]
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
        channels = []
        condaDependencies = []
        wheelIndexes = nil
        requirements = []
        files = [:]
        bytecode = .target
        license = nil
        statePaths = []
    }

    /// What this version of Airlift reads and does not carry out yet, one error each (kind `.refused`).
    /// - Parameter file: how errors name the spec.
    public func unsupported(file: String) -> [LockError] {
        var errors: [LockError] = []
        if case .conda = interpreter {
            errors.append(
                .init(
                    file: file,
                    reason:
                        "[python] conda asks for a conda package, and conda packages are not supported yet; "
                        + "use archive, capture or host",
                    kind: .refused))
        }
        if let first = condaDependencies.first {
            errors.append(
                .init(
                    file: file, line: first.line,
                    reason: "[conda] dependencies asks for '\(first.value)', and conda packages are not "
                        + "supported yet; take it from wheels",
                    kind: .refused))
        }
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
