import Digests
import Wheels

/// A file as the page of an index describes it (PEP 691).
func toyFile(
    _ filename: String, url: String, sha256: SHA256Digest?, size: Int, python: String?, yanked: String?
) -> IndexFile? {
    let hashes = sha256.map { "\"sha256\": \"\($0)\"" } ?? ""
    let page = """
        {"meta": {"api-version": "1.1"}, "name": "toy", "files": [{
          "filename": "\(filename)", "url": "\(url)", "hashes": {\(hashes)}, "size": \(size),
          "requires-python": \(python.map { "\"\($0)\"" } ?? "null"),
          "yanked": \(yanked.map { "\"\($0)\"" } ?? "false")}]}
        """
    return try? SimpleIndexPage(json: Array(page.utf8), url: "https://wheels.example/simple/toy/").files.first
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
