import Digests
import Wheels

func toyFile(
    _ filename: String, url: String, sha256: SHA256Digest?, size: Int?, python: String?, yanked: String?
) -> IndexFile {
    IndexFile(
        filename: filename, url: url, sha256: sha256, size: size,
        requiresPython: python.flatMap { try? VersionSpecifiers($0) }, yanked: yanked)
}

/// `("flask 3.0.0", ["werkzeug>=3"])` and so on, by project.
func toyMetadata(
    _ packages: [(package: String, requires: [String])], python: String? = nil, extras: [String] = []
) throws -> [ProjectName: CoreMetadata] {
    var result: [ProjectName: CoreMetadata] = [:]
    for (package, requires) in packages {
        let words = package.split(separator: " ")
        var lines = ["Metadata-Version: 2.1", "Name: \(words[0])", "Version: \(words[1])"]
        if let python { lines.append("Requires-Python: \(python)") }
        lines += requires.map { "Requires-Dist: \($0)" } + extras.map { "Provides-Extra: \($0)" }
        let metadata = try CoreMetadata(Array((lines.joined(separator: "\n") + "\n\n").utf8))
        result[metadata.name] = metadata
    }
    return result
}
