import CLinux
import Glibc
import Synchronization

/// Whom files belong to, seen from this process.
public enum Ownership {
    /// Whether this is neither this user nor root.
    public static func isStranger(_ owner: UInt32) -> Bool {
        owner != 0 && owner != geteuid() && !(owner == unmapped && !isMapped)
    }

    /// How users appear that have no number in a user namespace, root outside of it among them (user_namespaces(7)).
    private static let unmapped: UInt32 = 65_534

    /// Whether that number is also a user's of this namespace.
    private static let isMapped: Bool = {
        guard let file = try? OpenFile.read("/proc/self/uid_map"),
            let bytes = try? file.bytes(at: 0, count: 4_096)
        else { return true }
        return bytes.split(separator: 0x0a).contains { line in
            let numbers = line.split(separator: 0x20).compactMap {
                UInt64(String(decoding: $0, as: UTF8.self))
            }
            guard numbers.count == 3 else { return false }
            return numbers[0] <= unmapped && UInt64(unmapped) - numbers[0] < numbers[2]
        }
    }()
}

extension Directory {
    private static let probes = Atomic<Int>(0)

    /// Whether something in this directory with this owner was put there by another user. On file systems that give
    /// everything one owner (FAT, shared folders, NFS that maps root away) it was not: there, what this process makes
    /// belongs to them as well, which is tried.
    public func isStranger(_ owner: UInt32) -> Bool {
        guard Ownership.isStranger(owner) else { return false }
        let number = Self.probes.wrappingAdd(1, ordering: .relaxed).newValue
        let probe = ".airlift.\(getpid()).\(number).probe"
        guard mkdirat(descriptor, probe, 0o700) == 0 else { return true }
        defer { _ = unlinkat(descriptor, probe, AT_REMOVEDIR) }
        var value = stat()
        return fstatat(descriptor, probe, &value, AT_SYMLINK_NOFOLLOW) != 0 || value.st_uid != owner
    }

    /// This directory, or the nearest above it, where every user may rename and remove what others put there: one that
    /// everybody may write to, without the sticky bit, or with it and another user's. nil where there is none.
    public func sharedAncestor() throws(FileError) -> String? {
        let flags = AIRLIFT_O_PATH | O_DIRECTORY | O_CLOEXEC
        var current = self
        while true {
            let status = try current.status()
            let isSticky = status.permissions & 0o1000 != 0
            if status.permissions & 0o002 != 0, !isSticky || Ownership.isStranger(status.owner) {
                return current.currentPath
            }
            let above = airlift_openat(current.descriptor, "..", flags, 0)
            // Who may not go there has no say there either.
            guard above >= 0 else { return nil }
            let next = Directory(descriptor: above, path: current.path + "/..")
            let parent = try next.status()
            if parent.inode == status.inode, parent.device == status.device { return nil }
            current = next
        }
    }

    /// Where this directory is now, as the kernel has it.
    private var currentPath: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        guard count > 0 else { return path }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
