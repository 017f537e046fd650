import Bundle
import Files

/// What makes a prefix a standard virtual environment (PEP 405) over its base interpreter. With conda's Python there
/// is none: the prefix is that interpreter's own.
struct VirtualEnvironment: Sendable {
    /// The prefix, absolute.
    let prefix: String
    let name: String
    let python: Manifest.Python
    /// Absolute path of the host's base interpreter, where the environment carries none.
    let hostInterpreter: String?
    /// Its full version.
    let hostVersion: String?

    static let configurationPath = "pyvenv.cfg"

    /// The interpreter that scripts name.
    var interpreter: String {
        python.source == .conda ? "\(prefix)/\(python.executable ?? "bin/python")" : "\(prefix)/bin/python"
    }

    /// Writes everything but the packages and the activation scripts.
    /// - Returns: what was written.
    func write(_ tree: TreeWriter) throws -> [InstalledFile] {
        if python.source == .conda {
            try tree.createDirectory(RelativePath(python.sitePackages))
            return []
        }
        var files: [InstalledFile] = []
        func file(_ path: String, _ text: String, _ permissions: UInt32 = 0o644) throws {
            let path = try RelativePath(path)
            let bytes = Array(text.utf8)
            try tree.createFile(path, bytes, permissions: permissions)
            files.append(InstalledFile(path: path, bytes: bytes, permissions: permissions))
        }
        func link(_ path: String, _ target: String) throws {
            let path = try RelativePath(path)
            try tree.createSymbolicLink(path, to: target)
            files.append(InstalledFile(path: path, content: .link(target: target), permissions: 0o777))
        }
        let versioned = "python\(python.minorVersion)"
        try file(Self.configurationPath, configuration)
        try link("bin/python", hostInterpreter ?? "../" + (python.executable ?? ""))
        try link("bin/python3", "python")
        try link("bin/\(versioned)", "python")
        try tree.createDirectory(RelativePath(python.sitePackages))
        try link("lib64", "lib")
        return files
    }

    /// `home` names the directory of the base interpreter; site-packages of the base or of the user stay out.
    private var configuration: String {
        let home: String
        if let hostInterpreter {
            home = Self.directory(of: hostInterpreter)
        } else {
            home = "\(prefix)/\(Self.directory(of: python.executable ?? ""))"
        }
        return """
            home = \(home)
            implementation = CPython
            include-system-site-packages = false
            version = \(hostVersion ?? python.version)
            airlift = \(name)

            """
    }

    private static func directory(of path: String) -> String {
        String(path[..<(path.utf8.lastIndex(of: 0x2f) ?? path.startIndex)])
    }
}

extension InstalledFile {
    init(path: RelativePath, bytes: [UInt8], permissions: UInt32) {
        self.init(
            path: path, content: .bytes(size: UInt64(bytes.count), sha256: .init(hashing: bytes)),
            permissions: permissions)
    }
}
