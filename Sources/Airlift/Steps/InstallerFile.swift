import Files
import Glibc

/// The static installer that a bundle carries.
enum InstallerFile {
    /// Looks where `--installer` says, beside this program, and in `../libexec/airlift/`.
    static func read(_ named: String?, platform: String) throws -> [UInt8] {
        let path = try named ?? find(platform)
        let file = try OpenFile.read(path)
        let size = try file.status().size
        guard size > 4, size < 1 << 30, try file.bytes(at: 0, count: 4) == [0x7f, 0x45, 0x4c, 0x46] else {
            throw CommandError(.damaged, "'\(path)' is no executable (ELF), so it cannot be the installer")
        }
        return try file.bytes(at: 0, count: Int(size))
    }

    private static func find(_ platform: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
        let name = "airlift-installer-\(platform)"
        let places = ["\(directory)/\(name)", "\(directory)/../libexec/airlift/\(name)"]
        guard let found = places.first(where: { access($0, R_OK) == 0 }) else {
            throw CommandError(
                .usage,
                "there is no installer for \(platform): looked for \(places.map { "'\($0)'" }.joined(separator: " and ")); build it with `make build`, or name one with --installer"
            )
        }
        return found
    }
}
