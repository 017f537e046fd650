import Digests

/// The environment id: equal ids mean equal environments, whenever and wherever they were cut.
///
/// SHA-256 of the canonical JSON of the archives in install order (kind, file name, SHA-256; of conda packages the
/// specs that history and records tell), the application's own files, the interpreter, the overrides that decide
/// what lands, and the options chosen while cutting. Options of one installation and the prefix are not part of it.
public struct EnvironmentIdentity: Encodable, Sendable {
    struct Archive: Encodable {
        let kind, filename, sha256: String
        let specs: [String]?
    }
    struct Override: Encodable {
        let rule, subject: String
        let over: String?
        let paths: [String]?
    }
    struct File: Encodable { let path, sha256, mode: String }

    let archives: [Archive]
    let bytecode: String
    let files: [File]
    let hooks: Manifest.Hooks?
    let linkScripts: [String]?
    let overrides: [Override]?
    let python: String
    let state: [String]

    enum CodingKeys: String, CodingKey {
        case archives, bytecode, files, hooks, overrides, python, state
        case linkScripts = "link_scripts"
    }

    /// - Parameter overrides: those of other rules than `paths` and `clobber` change nothing.
    public static func digest(
        archives: [Manifest.Archive], files: [Manifest.File], python: Manifest.Python,
        install: Manifest.Install, overrides: [Manifest.Override] = []
    ) throws -> SHA256Digest {
        let deciding = overrides.filter {
            [Manifest.Override.pathsRule, Manifest.Override.clobberRule].contains($0.rule)
        }.map { Override(rule: $0.rule, subject: $0.subject, over: $0.over, paths: $0.paths) }
        let identity = EnvironmentIdentity(
            archives: archives.map {
                Archive(
                    kind: $0.kind.rawValue, filename: $0.filename, sha256: $0.sha256.hex,
                    specs: $0.kind == .conda ? $0.specs : nil)
            },
            bytecode: install.bytecode.rawValue,
            files: files.filter { $0.source == "archives/files/\($0.path)" }
                .map { File(path: $0.path, sha256: $0.sha256?.hex ?? "", mode: $0.mode) },
            hooks: install.hooks, linkScripts: install.linkScripts,
            overrides: deciding.isEmpty ? nil : deciding,
            python: "\(python.source.rawValue) \(python.implementation) \(python.version) \(python.abi)",
            state: install.state)
        return SHA256.hash(try CanonicalJSON.encode(identity))
    }
}
