import Archives
import Files

/// Paths of an environment that may change after installation (`[state]` of the spec): they are taken over when the
/// environment is replaced, and are not removed without being told to.
struct StatePaths: Sendable {
    let paths: [RelativePath]

    init(_ paths: [String]) throws { self.paths = try paths.map { try RelativePath($0) } }

    func contains(_ path: RelativePath) -> Bool {
        paths.contains { path == $0 || path.string.utf8.starts(with: "\($0)/".utf8) }
    }

    /// Copies what the old environment has at these paths over what the new one brings there. The old environment
    /// keeps its own.
    func carry(from old: Directory, into staging: Directory) throws {
        let tree = TreeWriter(staging)
        for path in paths {
            guard let status = try old.status(of: path) else { continue }
            if try staging.status(of: path) != nil { try staging.removeTree(path) }
            try Self.copy(path, status, from: old, tree)
        }
    }

    /// A path with all that lies below it.
    static func copy(
        _ path: RelativePath, _ status: FileStatus, from old: Directory, _ tree: TreeWriter
    ) throws {
        try copyOne(path, status, old, tree)
        guard status.kind == .directory else { return }
        try old.directory(path).walk { below, status in
            try copyOne(path.appending(below), status, old, tree)
        }
    }

    private static func copyOne(
        _ path: RelativePath, _ status: FileStatus, _ old: Directory, _ tree: TreeWriter
    ) throws {
        switch status.kind {
        case .directory: try tree.createDirectory(path)
        case .symbolicLink: try tree.createSymbolicLink(path, to: old.symbolicLinkTarget(path))
        case .file:
            let source = try FileRegion(SharedFile(old.openFile(path)))
            // Of the file that is open: state belongs to whom the service runs as, and may be another file by now.
            let status = try source.file.file.status()
            try tree.createFile(
                path, permissions: status.permissions & 0o777, modificationTime: status.modificationTime
            ) { file in
                try source.forEachPiece { try file.write($0) }
            }
        case .other: break  // A socket or pipe belongs to a process that is to be started anew.
        }
    }

    /// A file at these paths, if there is one.
    func firstFile(in prefix: Directory) throws -> RelativePath? {
        for path in paths {
            guard let status = try prefix.status(of: path) else { continue }
            guard status.kind == .directory else { return path }
            var found: RelativePath?
            try prefix.directory(path).walk { below, status in
                if found == nil, status.kind != .directory { found = path.appending(below) }
            }
            if let found { return found }
        }
        return nil
    }
}
