import Files

/// `a/__pycache__/b.cpython-311.pyc`, compiled from `a/b.py` (PEP 3147, PEP 488).
enum CompiledModule {
    /// What it may have been compiled from; empty for a path of another form.
    static func sources(of path: RelativePath) -> [RelativePath] {
        let parts = path.components
        guard parts.count >= 2, parts[parts.count - 2] == "__pycache__", path.string.hasSuffix(".pyc") else {
            return []
        }
        var words = parts[parts.count - 1].split(separator: ".", omittingEmptySubsequences: false).dropLast()
        if words.last?.hasPrefix("opt-") == true { words.removeLast() }
        guard words.count >= 2 else { return [] }
        let stem = words.dropLast().joined(separator: ".")
        // Python takes '.py' for a name without an ending.
        let names = stem == "py" ? ["py.py", ".py"] : ["\(stem).py"]
        return names.compactMap {
            try? RelativePath((parts.dropLast(2).map(String.init) + [$0]).joined(separator: "/"))
        }
    }

    /// Those in a prefix with a certain tag, such as `cpython-311`, as they are there.
    static func all(in prefix: Directory, cacheTag: String) throws -> [InstalledFile] {
        var paths: [(RelativePath, UInt32)] = []
        try prefix.walk { path, status in
            guard status.kind == .file, path.string.hasSuffix(".\(cacheTag).pyc") else { return }
            paths.append((path, status.permissions))
        }
        let reader = TreeReader(prefix)
        return try paths.map { path, permissions in
            var size: UInt64 = 0
            let digest = try reader.digest(path, size: &size)
            return InstalledFile(
                path: path, content: .bytes(size: size, sha256: digest), permissions: permissions,
                isBytecode: true)
        }
    }
}
