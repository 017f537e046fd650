import Digests

/// The environment id: equal ids mean equal environments, whenever and wherever they were cut.
///
/// SHA-256 of the canonical JSON of the archives in install order (kind, file name, SHA-256), the
/// application's own files, the interpreter and the options chosen while cutting. Options of one installation
/// and the prefix are not part of it.
public struct EnvironmentIdentity: Encodable, Sendable {
    struct Archive: Encodable { let kind, filename, sha256: String }
    struct File: Encodable { let path, sha256, mode: String }

    let archives: [Archive]
    let bytecode: String
    let files: [File]
    let python: String
    let state: [String]

    public static func digest(
        archives: [Manifest.Archive], files: [Manifest.File], python: Manifest.Python,
        install: Manifest.Install
    ) throws -> SHA256Digest {
        let identity = EnvironmentIdentity(
            archives: archives.map {
                Archive(kind: $0.kind.rawValue, filename: $0.filename, sha256: $0.sha256.hex)
            },
            bytecode: install.bytecode.rawValue,
            files: files.filter { $0.source == "archives/files/\($0.path)" }
                .map { File(path: $0.path, sha256: $0.sha256?.hex ?? "", mode: $0.mode) },
            python: "\(python.source.rawValue) \(python.implementation) \(python.version) \(python.abi)",
            state: install.state)
        return SHA256.hash(try CanonicalJSON.encode(identity))
    }
}
