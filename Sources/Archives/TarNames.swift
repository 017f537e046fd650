import Files

/// The names that an archive has used so far, so that no member can redirect or replace another.
struct TarNames {
    private enum Seen { case file, directory, impliedDirectory, symbolicLink }

    /// As text, so that composed and decomposed forms of a letter are one name: some systems hold them for one.
    private var seen: [String: Seen] = [:]
    /// Bytes of all names in `seen`.
    private(set) var size: UInt64 = 0
    /// The parent of the last member, so that its neighbours need not be looked up.
    private var lastParent: RelativePath?

    /// Takes off a leading `./` and, of directories, the trailing `/`; nil when nothing remains.
    static func normalize(_ name: [UInt8], isDirectory: Bool) -> [UInt8]? {
        var name = name[...]
        while name.starts(with: [0x2e, 0x2f]) { name = name.dropFirst(2) }
        if isDirectory, name.last == 0x2f { name = name.dropLast() }
        if name.isEmpty || (isDirectory && name.elementsEqual([0x2e])) { return nil }
        return Array(name)
    }

    /// Names that mean something else elsewhere: on Windows, or on a terminal.
    static func fault(of name: [UInt8]) -> String? {
        if name.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "its name holds a control character" }
        if name.contains(UInt8(ascii: "\\")) {
            let parts = name.split { $0 == 0x2f || $0 == UInt8(ascii: "\\") }
            if parts.contains(where: { $0.elementsEqual("..".utf8) }) {
                return "it leads outside on some systems"
            }
        }
        let isLetter = name.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a } ?? false
        if name.count >= 3, isLetter, name[1] == 0x3a, name[2] == 0x2f || name[2] == UInt8(ascii: "\\") {
            return "it starts with a drive letter"
        }
        return nil
    }

    /// Notes a member; gives the reason where it must be refused.
    mutating func add(_ path: RelativePath, _ kind: TarEntry.Kind) -> String? {
        let parent = path.parent
        if parent != lastParent {
            if let fault = addDirectories(above: path) { return fault }
            lastParent = parent
        }
        let mark: Seen
        switch kind {
        case .file: mark = .file
        case .directory: mark = .directory
        case .symbolicLink(let target):
            if let fault = Self.fault(of: target, at: path) { return fault }
            mark = .symbolicLink
        case .hardLink(let target):
            guard seen[target.string] == .file else {
                return "it is a hard link to '\(target)', which is no earlier file of the archive"
            }
            mark = .file
        }
        switch note(path, mark) {
        case nil: return nil
        case .impliedDirectory where mark == .directory: return nil
        default: return "the archive has it twice"
        }
    }

    private mutating func addDirectories(above path: RelativePath) -> String? {
        var parent = path.parent
        while let above = parent {
            switch seen[above.string] {
            case .directory, .impliedDirectory: return nil
            case .file: return "'\(above)' above it is a file"
            case .symbolicLink: return "'\(above)' above it is a symbolic link"
            case nil:
                _ = note(above, .impliedDirectory)
                parent = above.parent
            }
        }
        return nil
    }

    /// - Returns: what the name stood for before.
    private mutating func note(_ path: RelativePath, _ mark: Seen) -> Seen? {
        size += UInt64(path.string.utf8.count)
        return seen.updateValue(mark, forKey: path.string)
    }

    /// No member lies below a symbolic link, so the directories above `path` are real and the `..` that a
    /// target starts with mean what they seem to. A `..` after a name could pass through another link.
    static func fault(of target: String, at path: RelativePath) -> String? {
        if target.isEmpty || target.utf8.contains(0) { return "its target is empty or holds a NUL" }
        if target.utf8.first == 0x2f { return "it leads to the absolute path '\(target)'" }
        // Directories above the link.
        var depth = 0
        for byte in path.string.utf8 where byte == 0x2f { depth += 1 }
        var up = 0
        var down = false
        // Split by bytes: as characters, a slash and a combining mark behind it are one, and no separator.
        for component in target.utf8.split(separator: 0x2f) where !component.elementsEqual(".".utf8) {
            if component.elementsEqual("..".utf8) {
                if down { return "its target '\(target)' has a '..' after a name" }
                up += 1
            } else {
                down = true
            }
        }
        return up <= depth ? nil : "its target '\(target)' leads outside"
    }
}
