import Digests
import Files

/// One file of an installed environment, as it was written.
public struct InstalledFile: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case bytes(size: UInt64, sha256: SHA256Digest)
        case link(target: String)
        /// One that a conda package makes; those that hold files go without saying.
        case directory
    }

    /// Relative to the prefix.
    public let path: RelativePath
    public let content: Content
    /// Permission bits.
    public let permissions: UInt32
    /// Compiled here from another file of the list.
    public let isBytecode: Bool
    /// What it was unpacked from; nil for what the installer made.
    public var origin: Origin?

    /// Where a file comes from. It is listed in `FileOrigins`, not in `InstalledFileList`.
    public struct Origin: Hashable, Sendable {
        /// The number of the archive in the manifest, from 0.
        public let archive: Int
        /// The one that it was given, in seconds since 1970 UTC; nil for links and directories.
        public let modificationTime: Int64?

        public init(archive: Int, modificationTime: Int64?) {
            self.archive = archive
            self.modificationTime = modificationTime
        }
    }

    public init(
        path: RelativePath, content: Content, permissions: UInt32, isBytecode: Bool = false,
        origin: Origin? = nil
    ) {
        self.path = path
        self.content = content
        self.permissions = permissions
        self.isBytecode = isBytecode
        self.origin = origin
    }

    /// Whether both say the same of the file itself: where it is from is a matter of its own.
    public static func == (a: InstalledFile, b: InstalledFile) -> Bool {
        a.path == b.path && a.content == b.content && a.permissions == b.permissions
            && a.isBytecode == b.isBytecode
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(content)
    }

    /// The same file with another path or other permissions.
    func with(path: RelativePath? = nil, permissions: UInt32? = nil) -> InstalledFile {
        InstalledFile(
            path: path ?? self.path, content: content, permissions: permissions ?? self.permissions,
            isBytecode: isBytecode, origin: origin)
    }
}

/// `.airlift/files` in a prefix, a line for each file sorted by path:
///
///     f 0644 <size> <SHA-256> <path>
///     c 0644 <size> <SHA-256> <path>          byte code, compiled here
///     l <path> -> <target>
///     d <path>                                 a directory that a conda package makes
///
/// Bytes of a path that would break a line (newline, backslash) are written as `\n` and `\\`, and in the path of
/// a link `->` as `-\>`. Plain lines
/// instead of JSON: tens of thousands of them are written and read in a few milliseconds, and `grep` works.
public struct InstalledFileList: Sendable {
    public static let path = ".airlift/files"
    public let files: [InstalledFile]

    public init(_ files: [InstalledFile]) {
        self.files = files.sorted { $0.path < $1.path }
    }

    public func encoded() -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(files.count * 140)
        for file in files {
            switch file.content {
            case .bytes(let size, let digest):
                text.append(contentsOf: (file.isBytecode ? "c " : "f ").utf8)
                text.append(contentsOf: Self.octal(file.permissions).utf8)
                text.append(UInt8(ascii: " "))
                text.append(contentsOf: String(size).utf8)
                text.append(UInt8(ascii: " "))
                text.append(contentsOf: digest.hex.utf8)
                text.append(UInt8(ascii: " "))
                text.append(contentsOf: Self.escape(file.path.string))
            case .directory:
                text.append(contentsOf: "d ".utf8)
                text.append(contentsOf: Self.escape(file.path.string))
            case .link(let target):
                text.append(contentsOf: "l ".utf8)
                text.append(contentsOf: Self.escapeArrows(Self.escape(file.path.string)))
                text.append(contentsOf: " -> ".utf8)
                text.append(contentsOf: Self.escape(target))
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    public static func decode(_ bytes: [UInt8], subject: String) throws -> InstalledFileList {
        var files: [InstalledFile] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let file = try parse(line) else {
                throw InstallError(.damaged, "line \(index + 1) of '\(subject)' is malformed")
            }
            files.append(file)
        }
        return InstalledFileList(files)
    }

    /// Looks at bytes: a path may begin with a combining character, which would be one `Character` with the
    /// space before it.
    private static func parse(_ line: ArraySlice<UInt8>) throws -> InstalledFile? {
        let space = UInt8(ascii: " ")
        if line.starts(with: "l ".utf8) {
            let rest = line.dropFirst(2)
            guard let arrow = arrow(in: rest) else { return nil }
            return InstalledFile(
                path: try RelativePath(bytes: unescape(rest[..<arrow])),
                content: .link(target: String(decoding: unescape(rest[(arrow + 4)...]), as: UTF8.self)),
                permissions: 0o777)
        }
        if line.starts(with: "d ".utf8) {
            return InstalledFile(
                path: try RelativePath(bytes: unescape(line.dropFirst(2))), content: .directory,
                permissions: 0o755)
        }
        let fields = line.split(separator: space, maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0].elementsEqual("f".utf8) || fields[0].elementsEqual("c".utf8),
            let mode = UInt32(text(fields[1]), radix: 8), let size = UInt64(text(fields[2])),
            let digest = SHA256Digest(hex: text(fields[3]))
        else { return nil }
        return InstalledFile(
            path: try RelativePath(bytes: unescape(fields[4])), content: .bytes(size: size, sha256: digest),
            permissions: mode, isBytecode: fields[0].elementsEqual("c".utf8))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Where ` -> ` begins.
    private static func arrow(in bytes: ArraySlice<UInt8>) -> Int? {
        let arrow = Array(" -> ".utf8)
        return bytes.indices.first { bytes[$0...].starts(with: arrow) }
    }

    static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The first arrow of a line is the one before the target.
    private static func escapeArrows(_ bytes: [UInt8]) -> [UInt8] {
        let (dash, head, backslash) = (UInt8(ascii: "-"), UInt8(ascii: ">"), UInt8(ascii: "\\"))
        return bytes.enumerated().flatMap { index, byte -> [UInt8] in
            byte == head && index > 0 && bytes[index - 1] == dash ? [backslash, byte] : [byte]
        }
    }

    private static func escape(_ text: String) -> [UInt8] {
        guard text.utf8.contains(where: { $0 == 0x0a || $0 == 0x5c }) else { return Array(text.utf8) }
        return text.utf8.flatMap { byte -> [UInt8] in
            byte == 0x0a ? Array(#"\n"#.utf8) : byte == 0x5c ? Array(#"\\"#.utf8) : [byte]
        }
    }

    private static func unescape(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(0x5c) else { return Array(text) }
        var bytes: [UInt8] = []
        var escaped = false
        for byte in text {
            if escaped {
                bytes.append(byte == UInt8(ascii: "n") ? 0x0a : byte)
                escaped = false
            } else if byte == 0x5c {
                escaped = true
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
