import Files
import Glibc

/// The file that somebody named with `--output`.
enum OutputFile {
    /// Replaces a file of that name, whole. As a shell's `>` does, it follows symbolic links, and writes into a device
    /// or a pipe instead of putting a file in its place.
    static func write(_ bytes: [UInt8], to path: String) throws {
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            let file = try OpenFile.write(into: path)
            try bytes.withUnsafeBytes { try file.write($0) }
            return try file.close()
        }
        let place = isThere ? try real(path) : path
        let slash = place.utf8.lastIndex(of: UInt8(ascii: "/"))
        let holder = slash.map { $0 == place.startIndex ? "/" : String(place[..<$0]) } ?? "."
        let name = slash.map { String(place[place.utf8.index(after: $0)...]) } ?? place
        try Directory.open(holder).replaceFile(RelativePath(name), with: bytes)
    }

    /// Where symbolic links lead to.
    private static func real(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else { throw FileError("resolve", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
