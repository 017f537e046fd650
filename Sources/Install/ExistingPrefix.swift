import Bundle
import Files
import Glibc

/// What is at the prefix before an installation.
public enum ExistingPrefix: Sendable, Equatable {
    case absent
    case empty
    case environment(InstallRecord)
    /// Something without an Airlift record.
    case foreign

    /// A symbolic link at the prefix itself is foreign, wherever it leads: publishing would replace the link, and
    /// what is behind it would stay. An environment whose link scripts were cut off is not there: what it replaced is.
    public static func examine(_ prefix: String) throws -> ExistingPrefix {
        guard let standing = Publication.standing(prefix) else { return .absent }
        if standing != prefix {
            let name = standing.utf8.split(separator: 0x2f).last.map { String(Substring($0)) } ?? ""
            try Strangers.refuse([RelativePath(name)], in: parent(of: standing))
        }
        return try examineThere(standing)
    }

    private static func examineThere(_ prefix: String) throws -> ExistingPrefix {
        var status = stat()
        if lstat(prefix, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { return .foreign }
        let directory: Directory
        do throws(FileError) { directory = try Directory.open(prefix) } catch {
            if error.code == ENOENT { return .absent }
            if error.code == ENOTDIR { return .foreign }
            throw error
        }
        if let record = try InstallRecord.read(directory) {
            // What it says of itself is only worth as much as whoever can change it.
            let owner = try directory.status().owner
            if Ownership.isStranger(owner), try Self.parent(of: prefix).isStranger(owner) {
                throw Strangers.refusal(prefix, owner)
            }
            return .environment(record)
        }
        return try directory.names().isEmpty ? .empty : .foreign
    }

    private static func parent(of path: String) throws -> Directory {
        try Directory.open(path.utf8.lastIndex(of: 0x2f).map { "\(path[..<$0])/" } ?? ".")
    }

    /// Whether the installation may go on, and whether it has anything to do.
    /// - Returns: false when the same environment is there already.
    func admit(_ request: InstallRequest, _ bundle: BundleReader) throws -> Bool {
        let manifest = bundle.manifest
        if request.root != nil { return try admitRelease(request, manifest) }
        switch self {
        case .absent, .empty: return true
        case .foreign:
            guard request.replaceForeign else {
                throw InstallError(
                    .targetInTheWay,
                    "'\(request.place)' exists and was not made by Airlift; choose another prefix, or give --replace-foreign to put the environment in its place"
                )
            }
            return true
        case .environment(let record):
            if record.environment == manifest.environment, record.prefix == request.prefix,
                record.name == manifest.name,
                record.options.compile == request.compiles(manifest),
                record.options.linkScripts
                    == (try LinkScript.all(of: manifest, request.effectiveLinkScripts).allowed),
                !request.runsHooks(manifest) || record.options.hooks == true, !request.force
            {
                return false
            }
            guard request.destination == nil else {
                throw InstallError(
                    .targetInTheWay,
                    "'\(request.place)' holds \(record.name) \(record.version) already; a package or image is built in an empty directory: remove what is there, or name another one with --destdir"
                )
            }
            guard request.force || request.update else {
                throw InstallError(
                    .targetInTheWay,
                    "'\(request.prefix)' holds \(record.name) \(record.version); give -u to update it, -f to replace it, or choose another prefix"
                )
            }
            return true
        }
    }
}

extension InstallRequest {
    /// Whether byte code is compiled on this host.
    func compiles(_ manifest: Manifest) -> Bool { compile && manifest.install.bytecode == .target }
}
