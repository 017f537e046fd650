import Audit
import Bundle
import Digests
import Files
import Glibc
import Install

/// Anything with packages in it that a person may name: a bundle, a manifest, a lock, a spec's directory, an
/// installed prefix, a root of releases.
struct AuditInput {
    let path: String
    let subject: AuditSubject
    let source: Source

    enum Source {
        case bundle(BundleReader)
        case prefix(InstalledPrefix)
        /// With the environment that is the current one.
        case root(InstalledRoot, InstalledPrefix)
        /// A manifest or a lock.
        case document
    }

    var bundle: BundleReader? {
        if case .bundle(let reader) = source { reader } else { nil }
    }

    /// The environment on disk, of a root the current one.
    var prefix: InstalledPrefix? {
        switch source {
        case .prefix(let prefix), .root(_, let prefix): prefix
        case .bundle, .document: nil
        }
    }

    var root: InstalledRoot? {
        if case .root(let root, _) = source { root } else { nil }
    }

    static func read(_ path: String) throws -> AuditSubject { try open(path).subject }

    /// - Parameter judge: judges the signatures of a bundle; of anything else there is none to be judged.
    static func open(_ path: String, _ judge: SignatureJudge = .init(policy: nil)) throws -> AuditInput {
        let input = try open(path, judge.authentication(path))
        guard judge.policy == nil || input.bundle != nil else {
            throw CommandError(
                .usage, "'\(path)' is no bundle and has no signatures that --trust could judge")
        }
        return input
    }

    /// Two things to be compared, of which one at least is a bundle where signatures are to be judged.
    static func pair(
        _ from: String, _ to: String, _ judge: SignatureJudge
    ) throws -> (AuditInput, AuditInput) {
        let pair = try (open(from, judge.authentication(from)), open(to, judge.authentication(to)))
        guard judge.policy == nil || pair.0.bundle != nil || pair.1.bundle != nil else {
            throw CommandError(
                .usage, "neither '\(from)' nor '\(to)' is a bundle with signatures that --trust could judge")
        }
        return pair
    }

    private static func open(
        _ path: String, _ authentication: BundleReader.Authentication?
    ) throws -> AuditInput {
        if let directory = try openDirectory(path) { return try self.directory(directory, path) }
        let start = try OpenFile.read(path).bytes(at: 0, count: 2)
        if start == Array("#!".utf8) || start == Array("PK".utf8) {
            let bundle = try BundleReader.open(path, authenticate: authentication)
            return AuditInput(path: path, subject: AuditSubject(bundle), source: .bundle(bundle))
        }
        return AuditInput(path: path, subject: try document(path), source: .document)
    }

    private static func directory(_ directory: Directory, _ path: String) throws -> AuditInput {
        if let prefix = try InstalledPrefix.open(directory) {
            return AuditInput(path: path, subject: subject(prefix), source: .prefix(prefix))
        }
        if let root = try InstalledRoot.read(directory) {
            let prefix = try current(root)
            return AuditInput(path: path, subject: subject(prefix), source: .root(root, prefix))
        }
        if try directory.status(of: RelativePath(Project.lockName)) != nil {
            return AuditInput(
                path: path, subject: try document("\(path)/\(Project.lockName)"), source: .document)
        }
        throw CommandError(
            .usage,
            "'\(path)' is a directory with neither an installed environment, nor releases, nor a lock (\(Project.lockName))"
        )
    }

    private static func subject(_ prefix: InstalledPrefix) -> AuditSubject {
        .manifest(prefix.manifest, digest: prefix.record.bundle)
    }

    private static func current(_ root: InstalledRoot) throws -> InstalledPrefix {
        let path = root.directory.path
        guard let name = root.current else {
            let names = root.releases.map(\.name).joined(separator: ", ")
            throw CommandError(
                .usage,
                "the root '\(path)' has no current release; name one below '\(path)/\(InstalledRoot.releasesPath)'\(names.isEmpty ? "" : ": \(names)")"
            )
        }
        guard root.releases.contains(where: { $0.name == name }),
            let prefix = try InstalledPrefix.open(root.directory(of: name))
        else {
            throw CommandError(
                .damaged,
                "the current release '\(name)' of the root '\(path)' is missing or has no record; install it again"
            )
        }
        return prefix
    }

    private static func openDirectory(_ path: String) throws -> Directory? {
        do throws(FileError) { return try Directory.open(path) } catch {
            if error.code == ENOTDIR { return nil }
            throw error
        }
    }

    private static func document(_ path: String) throws -> AuditSubject {
        let file = try OpenFile.read(path)
        let size = try file.status().size
        guard size <= 256 << 20 else { throw FileError("read", path, code: EFBIG) }
        guard size > 0 else {
            throw CommandError(.damaged, "'\(path)' is empty: it is no bundle, manifest or lock")
        }
        return try AuditSubject.read(file.bytes(at: 0, count: Int(size)), file: path)
    }
}
