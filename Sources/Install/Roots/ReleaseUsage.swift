import Files

/// What a release takes of the disk.
public struct ReleaseUsage: Sendable, Equatable {
    /// Bytes of its files, each inode once.
    public internal(set) var bytes: UInt64 = 0
    /// Of these, bytes of files that another release has as well, by hard links. Extents that file systems share
    /// (reflinks) are not seen by this.
    public internal(set) var shared: UInt64 = 0

    private struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }

    /// - Parameter releases: directories by name.
    public static func measure(_ releases: [String: Directory]) throws -> [String: ReleaseUsage] {
        var linked: [Inode: Set<String>] = [:]
        var sizes: [Inode: UInt64] = [:]
        var usage: [String: ReleaseUsage] = [:]
        for (name, directory) in releases {
            var own = ReleaseUsage()
            try directory.walk { _, status in
                guard status.kind == .file else { return }
                guard status.linkCount > 1 else {
                    own.bytes += status.size
                    return
                }
                let inode = Inode(device: status.device, number: status.inode)
                if linked[inode, default: []].insert(name).inserted { own.bytes += status.size }
                sizes[inode] = status.size
            }
            usage[name] = own
        }
        for (inode, names) in linked where names.count > 1 {
            for name in names { usage[name]?.shared += sizes[inode] ?? 0 }
        }
        return usage
    }
}
