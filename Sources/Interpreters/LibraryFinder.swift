import ELF
import Files

/// Finds shared libraries as the loader of this machine does (ld.so(8)).
struct LibraryFinder {
    /// One library: the name it is asked for by, its file, and what the file needs.
    struct Library {
        let name: String
        /// Without symbolic links.
        let path: String
        let file: ELFFile
    }

    /// A library that is not on this machine.
    struct Missing: Error, Equatable {
        let name: String
        /// The file that needs it.
        let by: String
    }

    private let machine: ELFMachine
    private let bits: Int
    private let cache: LoaderCache
    /// The RPATH of the program counts for all that it loads.
    private let programPaths: [String]
    private var files: [String: ELFFile] = [:]

    init(program: String, file: ELFFile, cache: LoaderCache) {
        machine = file.machine
        bits = file.bits
        self.cache = cache
        programPaths = file.runpath.isEmpty ? Self.expand(file.rpath, beside: program) : []
    }

    /// The cache of this machine; an empty one where there is none.
    static func systemCache() -> LoaderCache {
        guard let file = try? OpenFile.read("/etc/ld.so.cache"), let size = try? file.status().size,
            let bytes = try? file.bytes(at: 0, count: Int(min(size, 64 << 20)))
        else { return LoaderCache([]) }
        return LoaderCache(bytes)
    }

    static func parse(_ path: String) throws -> ELFFile {
        let file = try OpenFile.read(path)
        let size = try file.status().size
        return try withUnsafePointer(to: file) { pointer in
            try ELFFile.parse(name: path, size: size) { offset, count in
                try pointer.pointee.bytes(at: offset, count: count)
            }
        }
    }

    /// Everything outside the host set that `path` needs, directly or through others, by name.
    mutating func closure(of path: String, _ file: ELFFile) throws -> [String: Library] {
        var found: [String: Library] = [:]
        var waiting: [(path: String, file: ELFFile, inherited: [String])] = [(path, file, programPaths)]
        while let next = waiting.popLast() {
            let own = next.file.runpath.isEmpty ? Self.expand(next.file.rpath, beside: next.path) : []
            for name in next.file.needed where !HostLibraries.contain(name) && found[name] == nil {
                let before = next.file.runpath.isEmpty ? own + next.inherited : []
                let places = before + Self.expand(next.file.runpath, beside: next.path)
                guard let library = find(name, in: places) else { throw Missing(name: name, by: next.path) }
                found[name] = library
                waiting.append((library.path, library.file, own + next.inherited))
            }
        }
        return found
    }

    private mutating func find(_ name: String, in places: [String]) -> Library? {
        let triplet = "\(machine)-linux-gnu"
        let system = ["/lib/\(triplet)", "/usr/lib/\(triplet)", "/lib64", "/usr/lib64", "/lib", "/usr/lib"]
        let candidates =
            name.contains("/")
            ? [name]
            : places.map { "\($0)/\(name)" } + (cache.paths[name] ?? []) + system.map { "\($0)/\(name)" }
        for candidate in candidates {
            guard let path = realPath(candidate), isFile(path) else { continue }
            if files[path] == nil { files[path] = try? Self.parse(path) }
            // The loader too passes over libraries of another machine.
            guard let file = files[path], file.machine == machine, file.bits == bits else { continue }
            return Library(name: name, path: path, file: file)
        }
        return nil
    }

    private static func expand(_ paths: [String], beside object: String) -> [String] {
        let directory = (realPath(object) ?? object).split(separator: "/").dropLast().joined(separator: "/")
        return paths.map { path in
            for word in ["$ORIGIN", "${ORIGIN}"] where path.hasPrefix(word) {
                return "/" + directory + path.dropFirst(word.count)
            }
            return path
        }
    }
}
