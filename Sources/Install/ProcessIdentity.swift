import Files
import Glibc

/// A process by its number, its start and the boot, which together no other one has: fit for a note that outlives this
/// program.
struct ProcessIdentity: Equatable {
    /// As notes keep it.
    let text: String
    private let number: pid_t

    /// nil for one that has ended, or that is not to be seen.
    init?(of process: pid_t) {
        guard process > 1, let status = Self.text("/proc/\(process)/stat"),
            let boot = Self.text("/proc/sys/kernel/random/boot_id"),
            let name = status.utf8.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        // What follows the name begins with field 3 (proc(5)), the state; field 22 is the start in ticks since the boot.
        let fields = status[name...].split(separator: " ").dropFirst().map(String.init)
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        number = process
        text = "\(process) \(fields[19]) \(boot.split(separator: "\n").first ?? "")"
    }

    /// Ends the process that a note names, with its group, if it still is that one.
    static func endGroup(notedAs line: String) {
        guard let number = line.split(separator: " ").first.flatMap({ pid_t($0) }),
            let identity = ProcessIdentity(of: number), identity.text == line
        else { return }
        kill(-number, SIGKILL)
        // Its writes end with it, and that takes a moment.
        for _ in 0..<100 where ProcessIdentity(of: number) == identity { usleep(10_000) }
    }

    private static func text(_ path: String) -> String? {
        guard let file = try? OpenFile.read(path), let bytes = try? file.bytes(at: 0, count: 4_096) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
