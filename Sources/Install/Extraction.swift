import Bundle
import Digests
import Files

/// Writes what a bundle carries as plain files, verified on the way.
public enum Extraction {
    /// - Parameters:
    ///   - names: entries, or file names of archives; empty for all.
    ///   - destination: created where it is missing; files that are there are not replaced.
    /// - Returns: the entries written.
    public static func run(_ bundle: BundleReader, names: [String], to destination: String) throws -> [String]
    {
        let all = bundle.layout.members.map(\.name)
        let wanted =
            try names.isEmpty
            ? all
            : names.map { name in
                guard let found = all.first(where: { $0 == name || $0.hasSuffix("/" + name) }) else {
                    throw InstallError(.usage, "'\(bundle.path)' has no entry '\(name)'; `list` names them")
                }
                return found
            }
        let directory = try Directory.create(destination)
        for name in wanted where try directory.status(of: RelativePath(name)) != nil {
            throw InstallError(
                .targetInTheWay,
                "'\(destination)/\(name)' is there already and is not replaced; choose another directory")
        }
        let tree = TreeWriter(directory)
        for name in wanted {
            do { try write(name, bundle, tree) } catch {
                // What is not known to be right does not stay under its name.
                try? directory.remove(RelativePath(name))
                throw error
            }
        }
        return wanted
    }

    private static func write(_ name: String, _ bundle: BundleReader, _ tree: TreeWriter) throws {
        let region = try bundle.region(of: name)
        var hasher = SHA256()
        try tree.createFile(RelativePath(name), permissions: 0o644, modificationTime: nil) { file in
            try region.forEachPiece { piece in
                hasher.update(piece)
                try file.write(piece)
            }
            if let expected = bundle.expectedDigest(of: name) {
                try bundle.check(hasher.finalize(), against: expected, name)
            }
        }
    }
}
