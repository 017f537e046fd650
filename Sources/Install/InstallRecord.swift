import Bundle
import Digests
import Files

/// `.airlift/record.json` in a prefix: what was installed, from which bundle, how. The manifest of the bundle
/// lies beside it, and the files are listed in `.airlift/files`.
public struct InstallRecord: Codable, Hashable, Sendable {
    public static let path = ".airlift/record.json"
    public static let manifestPath = ".airlift/manifest.json"
    /// Airlift's own files in every environment. `RememberedTrust.path` and `UnfinishedMark.path` are in some.
    static let ownPaths = [path, manifestPath, InstalledFileList.path, FileOrigins.path]
    static let occasionalPaths = [RememberedTrust.path, UnfinishedMark.path, nextListPath]

    /// The record's format version.
    public var airlift = 1
    public var name: String
    public var version: String
    public var serial: Int
    public var platform: String
    /// Environment id.
    public var environment: SHA256Digest
    /// The bundle digest.
    public var bundle: SHA256Digest
    /// The absolute path that scripts and launchers name.
    public var prefix: String
    /// RFC 3339, UTC.
    public var installedAt: String
    public var options: Options
    /// Digest of `.airlift/files`.
    public var files: SHA256Digest
    /// Digest of `.airlift/origins`; nil in records from before it was kept.
    public var origins: SHA256Digest?
    public var generator: String
    /// The keys that signed the bundle and counted; nil where nobody was asked for.
    public var signers: [Signer]?
    /// Whom the next bundle must be signed by; nil for nobody. The list itself is `RememberedTrust.path`.
    public var trust: Trust?
    /// Who ran the installer; nil in records from before this was kept.
    public var by: ActingUser?
    /// The host as it was; nil in records from before this was kept.
    public var host: HostFacts?

    /// A key that signed the bundle.
    public struct Signer: Codable, Hashable, Sendable {
        /// `SHA256:…`.
        public var fingerprint: String
        /// As the list of signers names its owner.
        public var principals: [String]

        public init(fingerprint: String, principals: [String]) {
            self.fingerprint = fingerprint
            self.principals = principals
        }
    }

    /// How much of the list of signers it takes.
    public struct Trust: Codable, Hashable, Sendable {
        /// Distinct keys.
        public var threshold: Int

        public init(threshold: Int) { self.threshold = threshold }
    }

    /// What was chosen for this installation.
    public struct Options: Codable, Hashable, Sendable {
        /// Whether byte code was compiled here.
        public var compile: Bool
        /// The host's interpreter that the environment stands on, where it carries none.
        public var python: String?
        /// Packages whose link scripts were allowed to run, sorted; nil for none.
        public var linkScripts: [String]?
        /// Whether the bundle's hooks were allowed to run at this prefix; nil where nobody allowed them.
        public var hooks: Bool?

        public init(compile: Bool, python: String?, linkScripts: [String]? = nil, hooks: Bool? = nil) {
            self.compile = compile
            self.python = python
            self.linkScripts = linkScripts
            self.hooks = hooks
        }

        enum CodingKeys: String, CodingKey {
            case compile, python, hooks
            case linkScripts = "link_scripts"
        }
    }

    enum CodingKeys: String, CodingKey {
        case airlift, name, version, serial, platform, environment, bundle, prefix, options, files, generator
        case signers, trust, by, host, origins
        case installedAt = "installed_at"
    }

    /// Whether link scripts or hooks ran when it was installed, which may change what packages brought.
    var mayBeScripted: Bool { options.linkScripts?.isEmpty == false || options.hooks == true }

    /// The record in `prefix`; nil where there is none.
    public static func read(_ prefix: Directory) throws -> InstallRecord? {
        let path = try RelativePath(Self.path)
        guard try prefix.status(of: path) != nil else { return nil }
        do {
            let record = try CanonicalJSON.decode(InstallRecord.self, from: prefix.contents(of: path))
            guard record.airlift == 1 else {
                throw InstallError(
                    .damaged,
                    "'\(prefix.path)/\(path)' has format version \(record.airlift), and this program reads version 1"
                )
            }
            return record
        } catch let error as DecodingError {
            throw InstallError(.damaged, "'\(prefix.path)/\(path)' is malformed: \(error.reason)")
        }
    }

    /// The manifest of the bundle, compared with the record's digest of it.
    public func manifest(_ prefix: Directory) throws -> Manifest {
        let bytes = try prefix.contents(of: RelativePath(Self.manifestPath), limit: 1 << 30)
        guard SHA256.hash(bytes) == bundle else {
            throw InstallError(
                .damaged, "'\(prefix.path)/\(Self.manifestPath)' is not the manifest that the record names")
        }
        return try Manifest.decode(bytes, subject: prefix.path)
    }

    /// The list of installed files, compared with the record's digest of it.
    public func fileList(_ prefix: Directory) throws -> InstalledFileList {
        let path = try RelativePath(InstalledFileList.path)
        var bytes = try prefix.contents(of: path, limit: 1 << 30)
        // A repair that was cut off had the next one in place before the record named it.
        if SHA256.hash(bytes) != files, let next = try? RelativePath(Self.nextListPath),
            let newer = try? prefix.contents(of: next, limit: 1 << 30)
        {
            bytes = newer
        }
        guard SHA256.hash(bytes) == files else {
            throw InstallError(.damaged, "'\(prefix.path)/\(path)' is not the list that the record names")
        }
        return try InstalledFileList.decode(bytes, subject: "\(prefix.path)/\(path)")
    }

    /// The list of installed files with where each comes from; nil where that was not recorded.
    func filesWithOrigins(_ prefix: Directory) throws -> [InstalledFile]? {
        guard let origins else { return nil }
        let path = try RelativePath(FileOrigins.path)
        let bytes = try prefix.contents(of: path, limit: 1 << 30)
        guard SHA256.hash(bytes) == origins else {
            throw InstallError(.damaged, "'\(prefix.path)/\(path)' is not the list that the record names")
        }
        return try FileOrigins.apply(bytes, to: fileList(prefix), subject: "\(prefix.path)/\(path)")
    }
}
