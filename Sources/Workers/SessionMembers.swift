import Glibc

/// The processes of a session (setsid(2)), found in /proc: job control of a shell gives them groups of their own, so
/// that no signal to one group reaches all.
enum SessionMembers {
    /// - Parameter session: the number of its leader, which still has it.
    /// - Returns: all but the leader and those that have ended; none where there is no /proc.
    static func others(than session: pid_t) -> [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var members: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = pid_t(name), process != session, self.session(of: process) == session else {
                continue
            }
            members.append(process)
        }
        return members
    }

    /// Field 6 of proc(5)'s stat; nil for one that has ended.
    private static func session(of process: pid_t) -> pid_t? {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = read(file, &buffer, buffer.count)
        // The program's name may hold anything; the state follows its last parenthesis.
        guard count > 0, let name = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = buffer[(name + 1)..<count].split(separator: 0x20)
        guard fields.count > 3, fields[0].first != UInt8(ascii: "Z"), fields[0].first != UInt8(ascii: "X")
        else { return nil }
        return pid_t(String(decoding: fields[3], as: UTF8.self))
    }
}
