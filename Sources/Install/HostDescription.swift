import Archives
import ELF
import Files
import Glibc

/// What this machine offers, found by looking and without running anything.
public struct HostDescription: Sendable {
    /// As `uname -m` says.
    public let machine: String
    /// Version of the C library; nil where there is none of this kind (musl, an empty root).
    public let glibc: SymbolVersion?
    /// Where the C library was found.
    public let libc: String?

    public init(machine: String, glibc: SymbolVersion?, libc: String?) {
        self.machine = machine
        self.glibc = glibc
        self.libc = libc
    }

    /// Where the common distributions keep their 64-bit C library, in the order of the loader.
    private static let places = [
        "/lib64", "/usr/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu",
        "/lib/aarch64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu", "/lib", "/usr/lib",
    ]

    public static func current() -> HostDescription {
        var name = utsname()
        uname(&name)
        let machine = withUnsafeBytes(of: &name.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        for place in places {
            let path = "\(place)/libc.so.6"
            if let version = glibcVersion(of: path) {
                return HostDescription(machine: machine, glibc: version, libc: path)
            }
        }
        return HostDescription(machine: machine, glibc: nil, libc: nil)
    }

    private static func glibcVersion(of path: String) -> SymbolVersion? {
        guard let file = try? OpenFile.read(path), let size = try? file.status().size else { return nil }
        let shared = SharedFile(file)
        return try? ELF.glibcVersion(ofLibc: path, size: size) { try shared.file.bytes(at: $0, count: $1) }
    }
}
