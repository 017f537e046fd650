import Archives
import Files
import Glibc
import TestSupport

@testable import Interpreters

/// A root file system with nothing but the libraries that every glibc system has, and an interpreter unpacked
/// into it.
final class BareRoot {
    let temporary = TemporaryDirectory()
    let base = "/opt/base"

    /// Whether this process may mount `/proc` in a name space of its own and change its root. The loader reads
    /// `/proc/self/exe` to know what `$ORIGIN` is.
    static let isPermitted: Bool = {
        guard geteuid() == 0, let unshare = findProgram("unshare", path: systemPath) else { return false }
        let temporary = TemporaryDirectory()
        let tried = try? ChildProcess.run(
            unshare, ["--mount", "sh", "-c", "mount --bind /proc \(temporary.path) && chroot / true"],
            environment: ["PATH": systemPath])
        return tried?.exitCode == 0
    }()
    static let systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    init(_ archive: String) throws {
        for name in [
            "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1",
            "libresolv.so.2",
            "libnss_files.so.2", "libnss_dns.so.2", "libgcc_s.so.1", "libstdc++.so.6",
        ] {
            for directory in ["lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu", "lib64"] {
                guard let real = realPath("/\(directory)/\(name)"), isFile(real) else { continue }
                try Self.copy(real, temporary, "\(directory)/\(name)", 0o755)
            }
        }
        for loader in ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"] {
            if let real = realPath("/" + loader) { try Self.copy(real, temporary, loader, 0o755) }
        }
        try Self.extract(archive, temporary, below: "opt/base")
    }

    private static func copy(_ source: String, _ root: TemporaryDirectory, _ name: String, _ mode: UInt32)
        throws
    {
        let file = try OpenFile.read(source)
        try root.write(name, file.bytes(at: 0, count: Int(file.status().size)), permissions: mode)
    }

    static func extract(_ archive: String, _ root: TemporaryDirectory, below place: String) throws {
        _ = try TarReader.read(OpenFile.read(archive)) { entry, content in
            switch entry.kind {
            case .file:
                let path = try root.write(
                    "\(place)/\(entry.path)", content.bytes(limit: 256 << 20), permissions: entry.permissions)
                chmod(path, entry.permissions)
            case .symbolicLink(let target): symlink(target, "\(root.path)/\(place)/\(entry.path)")
            case .directory, .hardLink: break
            }
        }
    }

    /// Runs Python in here; gives what it printed, or its complaint.
    func run(
        _ executable: String, _ options: [String], _ script: String, environment: [String: String] = [:]
    ) throws -> String {
        let unshare = findProgram("unshare", path: Self.systemPath) ?? "unshare"
        let enter = """
            mkdir -p "$0/proc" && mount --bind /proc "$0/proc" && exec chroot "$0" "$@"
            """
        let result = try ChildProcess.run(
            unshare,
            ["--mount", "sh", "-c", enter, temporary.path, "\(base)/\(executable)"] + options + [
                "-c", script,
            ],
            environment: environment.merging(["PATH": Self.systemPath]) { $1 })
        let text = String(decoding: result.exitCode == 0 ? result.output : result.errors, as: UTF8.self)
        return text
    }
}
