import Bundle
import Digests
import Files

/// A release that is in place, from which a new one takes files: what its records say of them, none of which is
/// believed without looking at the file.
final class Donor: Sendable {
    struct File: Sendable {
        /// Where it lies in the donor.
        let path: RelativePath
        let installed: InstalledFile
    }

    let directory: Directory
    let record: InstallRecord
    let manifest: Manifest
    /// By the path that a package gives it; what is kept aside of a root's state has it too.
    let files: [RelativePath: File]
    /// How its files can be had.
    let means = SharingMeans()
    /// Number of each archive.
    private let numbers: [SHA256Digest: Int]
    /// The files and links of each archive, byte code that was compiled left out.
    private let contents: [Int: [RelativePath]]

    /// - Returns: nil for what is no finished release, or was installed before origins were kept.
    /// - Throws: where its records are damaged.
    static func open(_ prefix: String) throws -> Donor? {
        let directory = try Directory.open(prefix)
        guard let record = try InstallRecord.read(directory), try !UnfinishedMark.isIn(directory),
            let files = try record.filesWithOrigins(directory)
        else { return nil }
        return Donor(directory, record, try record.manifest(directory), files)
    }

    private init(
        _ directory: Directory, _ record: InstallRecord, _ manifest: Manifest, _ files: [InstalledFile]
    ) {
        self.directory = directory
        self.record = record
        self.manifest = manifest
        var byPath: [RelativePath: File] = [:]
        byPath.reserveCapacity(files.count)
        var contents: [Int: [RelativePath]] = [:]
        for file in files {
            let kept = Self.pathOfState(file.path)
            let path = kept ?? file.path
            // A path of the state is a link that leads out of the release; what a package brought lies aside.
            if kept == nil, byPath[path] != nil { continue }
            byPath[path] = File(path: file.path, installed: file)
            guard let origin = file.origin, !file.isBytecode, file.content != .directory else { continue }
            contents[origin.archive, default: []].append(path)
        }
        self.files = byPath
        self.contents = contents
        numbers = Dictionary(
            manifest.archives.enumerated().map { ($1.sha256, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func pathOfState(_ path: RelativePath) -> RelativePath? {
        let pristine = "\(StateLinks.pristinePath)/"
        guard path.string.utf8.starts(with: pristine.utf8) else { return nil }
        return try? RelativePath(String(path.string.dropFirst(pristine.count)))
    }

    /// The paths of the archive's files and links here; nil where it does not have the archive.
    func paths(of archive: Manifest.Archive) -> [RelativePath]? {
        numbers[archive.sha256].map { contents[$0] ?? [] }
    }

    /// Whether a module that was compiled there is what compiling the same source here gives.
    /// - Parameter configuration: the environment's own file that names a host's interpreter and its version.
    func hasInterpreter(of plan: InstallPlan, configuration: InstalledFile?) -> Bool {
        let (mine, theirs) = (plan.bundle.manifest, manifest)
        guard mine.python == theirs.python else { return false }
        func interpreter(_ manifest: Manifest) -> SHA256Digest? {
            manifest.archives.first {
                $0.kind == .python
                    || manifest.python.source == .conda && $0.kind == .conda && $0.name == "python"
            }?.sha256
        }
        if mine.python.source == .host {
            return configuration.map { files[$0.path]?.installed.content == $0.content } ?? false
        }
        return interpreter(mine).map { $0 == interpreter(theirs) } ?? false
    }
}
