import Files

/// The files of an interpreter's standard library, without what only serves its makers.
struct StandardLibrary {
    private(set) var items: [CapturedItem] = []
    private(set) var leftOut: [InterpreterDescription.LeftOut] = []

    /// - Parameters:
    ///   - directory: on this machine, without links.
    ///   - place: in the archive, such as `lib/python3.11`.
    static func collect(_ directory: String, at place: String) throws -> StandardLibrary {
        var library = StandardLibrary()
        try library.collect(Directory.open(directory), root: directory, place: place, depth: 0)
        return library
    }

    private mutating func collect(_ directory: Directory, root: String, place: String, depth: Int) throws {
        for name in try directory.names() {
            let path = try RelativePath(name)
            guard let status = try directory.status(of: path) else { continue }
            let source = directory.path + "/" + name
            let target = place + "/" + name
            if let reason = Self.reasonToLeaveOut(name, status.kind == .directory, depth: depth) {
                if !reason.isEmpty { leftOut.append(.init(name: target, reason: reason)) }
                continue
            }
            switch status.kind {
            case .directory:
                try collect(directory.directory(path), root: root, place: target, depth: depth + 1)
            case .file: items.append(try .file(source, as: target))
            case .symbolicLink: try collectLink(source, root: root, target: target, depth: depth, status)
            case .other: leftOut.append(.init(name: target, reason: "it is no file"))
            }
        }
    }

    /// A link to a neighbour stays a link; any other becomes the file that it leads to.
    private mutating func collectLink(
        _ source: String, root: String, target: String, depth: Int, _ status: FileStatus
    ) throws {
        let leaf = String(source.split(separator: "/").last ?? "")
        let text = try Directory.open(String(source.dropLast(leaf.utf8.count))).symbolicLinkTarget(
            RelativePath(leaf))
        guard let real = realPath(source) else {
            return leftOut.append(.init(name: target, reason: "it is a link to '\(text)', which is not here"))
        }
        guard isFile(real) else {
            return leftOut.append(.init(name: target, reason: "it is a link to the directory '\(text)'"))
        }
        let isNeighbour = !text.contains("/") && Self.reasonToLeaveOut(text, false, depth: depth) == nil
        if isNeighbour {
            items.append(
                CapturedItem(
                    path: try RelativePath(target), content: .link(target: text), permissions: 0o777,
                    modificationTime: status.modificationTime))
        } else {
            items.append(try .file(real, as: target))
        }
    }

    /// Nil for what is taken; an empty text for what needs no mention.
    private static func reasonToLeaveOut(_ name: String, _ isDirectory: Bool, depth: Int) -> String? {
        if isDirectory {
            switch name {
            case "__pycache__", "test", "tests", "idle_test": return ""
            case "site-packages", "dist-packages": return depth == 0 ? "" : nil
            case "ensurepip" where depth == 0:
                return "it carries pip as a wheel of its own; ask for pip as a requirement"
            case "idlelib" where depth == 0, "turtledemo" where depth == 0: return "it needs Tk and a display"
            case _ where depth == 0 && name.hasPrefix("config-"):
                return "it serves to build extension modules, and no headers are carried"
            default: return nil
            }
        }
        if name.hasSuffix(".pyc") || name.hasSuffix(".pyo") || name.hasSuffix(".a") { return "" }
        switch name {
        case "EXTERNALLY-MANAGED" where depth == 0:
            return "it would keep pip from working in an environment that no distribution manages"
        case "sitecustomize.py" where depth == 0: return "Airlift's own start-up hook takes its place"
        case "usercustomize.py" where depth == 0: return "it is this machine's own start-up hook"
        default: return nil
        }
    }

    /// Nil for extension modules that are taken.
    static func reasonToLeaveOut(module file: String) -> String? {
        let name = file.prefix { $0 != "." }
        switch name {
        case "nis": return "it needs NIS libraries of the host, and Python itself gave it up"
        case "_tkinter": return "it needs Tcl's script libraries and a display"
        case _ where name.hasPrefix("_test") || name.hasPrefix("xxlimited"), "_ctypes_test", "_xxtestfuzz",
            "xxsubtype":
            return "it serves Python's own tests"
        default: return nil
        }
    }
}
