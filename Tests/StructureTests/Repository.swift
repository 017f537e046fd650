import Files
import Glibc

/// The working tree that these tests were built from.
struct Repository {
    let path: String
    let directory: Directory

    static func open() throws -> Repository {
        let path = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        return Repository(path: path, directory: try Directory.open(path))
    }

    /// Every Swift file below `Sources`, with the module that it belongs to.
    func sources() throws -> [ModuleTable.Source] {
        var sources: [ModuleTable.Source] = []
        let root = try directory.directory(RelativePath("Sources"))
        try root.walk { path, status in
            guard status.kind == .file, path.string.hasSuffix(".swift"), path.components.count > 1 else {
                return
            }
            sources.append(
                .init(
                    module: String(path.components[0]), path: "Sources/\(path)",
                    text: String(decoding: try root.contents(of: path), as: UTF8.self)))
        }
        return sources
    }

    /// The text files that git tracks; without git, all but what is built or hidden.
    func textFiles() throws -> [(path: String, bytes: [UInt8])] {
        let paths = trackedPaths()
        return try (paths.isEmpty ? walkedPaths() : paths).compactMap { text in
            let path = try RelativePath(text)
            // A tracked file may just have been removed, or be a link.
            guard let status = try directory.status(of: path), status.kind == .file, status.size < 8 << 20
            else { return nil }
            let bytes = try directory.contents(of: path)
            return bytes.prefix(4_096).contains(0) ? nil : (text, bytes)
        }
    }

    private func trackedPaths() -> [String] {
        let quoted = path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
        guard let pipe = popen("git -C '\(quoted)' ls-files -z 2>/dev/null", "r") else { return [] }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        guard pclose(pipe) == 0 else { return [] }
        return output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private func walkedPaths() throws -> [String] {
        var paths: [String] = []
        for name in try directory.names() where !name.hasPrefix(".") {
            let path = try RelativePath(name)
            guard try directory.status(of: path)?.kind == .directory else {
                paths.append(name)
                continue
            }
            try directory.directory(path).walk { inner, status in
                if status.kind == .file { paths.append("\(name)/\(inner)") }
            }
        }
        return paths
    }
}
