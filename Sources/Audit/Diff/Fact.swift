/// A statement about a whole environment or about the cut that carries it, always as text.
public enum Fact: String, Codable, Hashable, Sendable, CaseIterable {
    case name, platform
    case pythonSource = "python_source"
    case pythonImplementation = "python_implementation"
    case pythonVersion = "python_version"
    case pythonABI = "python_abi"
    /// What a bundle needs of its host.
    case glibc
    /// What a lock was made for: its bundle may do with less, so the two are not compared.
    case targetGlibc = "target_glibc"
    case longestPrefix = "longest_prefix"
    case bytecode
    case defaultPrefix = "default_prefix"
    case license, state, hooks, overrides, installer, environment
    case version, serial, spec, lock, generator, digest
    /// The channels and indexes that its packages came from.
    case sources
    /// Fingerprints of the keys whose signatures are correct.
    case signers

    /// Facts about the cut alone: two bundles that differ in nothing else install the same environment by the
    /// same installer.
    public var isOfTheCut: Bool {
        switch self {
        case .version, .serial, .spec, .lock, .generator, .digest, .sources, .signers: true
        default: false
        }
    }

    /// In words.
    public var title: String {
        switch self {
        case .pythonSource: "Python source"
        case .pythonImplementation: "Python implementation"
        case .pythonVersion: "Python version"
        case .pythonABI: "Python ABI"
        case .longestPrefix: "longest prefix"
        case .defaultPrefix: "default prefix"
        case .targetGlibc: "glibc of the target"
        case .environment: "environment id"
        case .digest: "bundle digest"
        case .bytecode: "byte code"
        case .license: "licence to accept"
        case .state: "state paths"
        case .sources: "channels and indexes"
        default: rawValue
        }
    }
}
