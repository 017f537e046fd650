import Conda
import Digests
import Files

/// Compares one file of a prefix with Airlift's list, and the list with what others say of the file.
struct FileComparison: Sendable {
    /// What there is to say of a file.
    enum Finding: Equatable, Sendable {
        case same
        /// Its contents follow from those that its package names, and from the prefix.
        case derived
        /// As it was when it was installed; that it follows from its package could not be seen.
        case remembered
        /// Not as its package says, and a link script may have made it so.
        case scripted
        case missing
        case changed(String)
    }

    /// The prefix that files name.
    let prefix: String
    /// nil compares with the list alone.
    let witnesses: PrefixWitnesses?
    /// Link scripts ran, and may have changed what packages brought.
    let allowsScripts: Bool
    /// Whether a compiled module is one of an installed source.
    let isCompiled: @Sendable (RelativePath) -> Bool
    /// Whether a path is the link of a release to the state of its root.
    let isStateLink: @Sendable (RelativePath) -> Bool
    /// False compares kinds, permissions and sizes.
    var contents = true

    func finding(
        _ file: InstalledFile, _ status: FileStatus?, _ reader: TreeReader, _ directory: Directory
    ) throws -> Finding {
        guard let status else { return .missing }
        if let difference = try difference(file, status, directory) { return .changed(difference) }
        guard case .bytes(_, let expected) = file.content else { return judged(file, .same) }
        guard contents else { return .same }
        do {
            if let rewritten = rewritten(file) {
                return judged(file, try restore(file.path, expected, rewritten, reader))
            }
            let digest = try reader.digest(file.path)
            return digest == expected ? judged(file, .same) : .changed(Self.otherContents)
        } catch let error as FileError {
            return .changed("not readable: \(error)")
        }
    }

    static let otherContents = "other contents"

    /// All that is seen without reading it.
    private func difference(
        _ file: InstalledFile, _ status: FileStatus, _ directory: Directory
    ) throws -> String? {
        switch file.content {
        case .directory: return status.kind == .directory ? nil : "no longer a directory"
        case .link(let target):
            guard status.kind == .symbolicLink else { return "no longer a symbolic link" }
            let actual = try directory.symbolicLinkTarget(file.path)
            return actual.utf8.elementsEqual(target.utf8)
                ? nil : "points to '\(actual)' instead of '\(target)'"
        case .bytes(let size, _):
            guard status.kind == .file else { return "no longer a file" }
            guard status.permissions == file.permissions else {
                return
                    "permissions \(InstalledFileList.octal(status.permissions)) instead of \(InstalledFileList.octal(file.permissions))"
            }
            return status.size == size ? nil : "\(status.size) bytes instead of \(size)"
        }
    }

    private typealias Rewritten = (
        placeholder: PathsJSON.Placeholder, original: SHA256Digest, inPrefix: SHA256Digest?, source: String
    )

    private func rewritten(_ file: InstalledFile) -> Rewritten? {
        for witness in witnesses?.of(RecordedState.original(of: file.path)) ?? [] {
            if case .rewritten(let placeholder, let original, let inPrefix) = witness.claim {
                return (placeholder, original, inPrefix, witness.source)
            }
        }
        return nil
    }

    private func restore(
        _ path: RelativePath, _ expected: SHA256Digest, _ rewritten: Rewritten, _ reader: TreeReader
    ) throws -> Finding {
        guard var restoration = try? PrefixRestoration(rewritten.placeholder, prefix: prefix) else {
            return .changed("\(rewritten.source) says that a prefix is in it that could never be put there")
        }
        try reader.read(path) { restoration.update($0) }
        let result = restoration.finish()
        guard result.installed == expected else { return .changed(Self.otherContents) }
        if result.proves(rewritten.original) { return .derived }
        // A file that names the prefix by itself tells not which of the places were a placeholder.
        if result.installed == rewritten.inPrefix { return .remembered }
        return against("it does not follow from what \(rewritten.source) names")
    }

    /// What others say of a file that is as the list says.
    private func judged(_ file: InstalledFile, _ finding: Finding) -> Finding {
        guard let witnesses, finding == .same || finding == .derived || finding == .remembered else {
            return finding
        }
        if file.isBytecode {
            return isCompiled(file.path)
                ? finding : against("it is no compiled module of an installed source")
        }
        if isStateLink(file.path) || witnesses.unjudged.contains(file.path) { return finding }
        let said = witnesses.of(RecordedState.original(of: file.path))
        // Where a package's record is gone, its files are nobody's; that it is gone is said already.
        if said.isEmpty {
            guard witnesses.faults.isEmpty else { return finding }
            return against("no package brings it, and neither does Airlift")
        }
        for witness in said {
            if let objection = witness.objection(to: file) {
                return against("not as \(witness.source) says: \(objection)")
            }
        }
        if case .bytes = file.content, file.permissions & 0o7022 != 0, !witnesses.statesPermissions(of: file)
        {
            return against(
                "permissions \(InstalledFileList.octal(file.permissions)), which no installation gives a file"
            )
        }
        return finding
    }

    private func against(_ reason: String) -> Finding {
        allowsScripts ? .scripted : .changed("\(reason), although Airlift's list agrees with the file")
    }
}
