import Digests
import Files

/// One file of an installed environment, as it was written.
public struct InstalledFile: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case bytes(size: UInt64, sha256: SHA256Digest)
        case link(target: String)
    }

    /// Relative to the prefix.
    public let path: RelativePath
    public let content: Content
    /// Permission bits.
    public let permissions: UInt32
    /// Compiled here from another file of the list.
    public let isBytecode: Bool

    public init(path: RelativePath, content: Content, permissions: UInt32, isBytecode: Bool = false) {
        self.path = path
        self.content = content
        self.permissions = permissions
        self.isBytecode = isBytecode
    }
}

/// `.airlift/files` in a prefix, a line for each file sorted by path:
///
///     f 0644 <size> <SHA-256> <path>
///     c 0644 <size> <SHA-256> <path>          byte code, compiled here
///     l <path> -> <target>
///
/// Bytes of a path that would break a line (newline, backslash) are written as `\n` and `\\`. Plain lines
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
            case .link(let target):
                text.append(contentsOf: "l ".utf8)
                text.append(contentsOf: Self.escape(file.path.string))
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
            guard let file = try parse(String(decoding: line, as: UTF8.self)) else {
                throw InstallError(.damaged, "line \(index + 1) of '\(subject)' is malformed")
            }
            files.append(file)
        }
        return InstalledFileList(files)
    }

    private static func parse(_ line: String) throws -> InstalledFile? {
        if line.hasPrefix("l ") {
            let rest = line.dropFirst(2)
            guard let arrow = rest.firstRange(of: " -> ") else { return nil }
            return InstalledFile(
                path: try RelativePath(unescape(rest[..<arrow.lowerBound])),
                content: .link(target: unescape(rest[arrow.upperBound...])), permissions: 0o777)
        }
        let fields = line.split(separator: " ", maxSplits: 4)
        guard fields.count == 5, fields[0] == "f" || fields[0] == "c", let mode = UInt32(fields[1], radix: 8),
            let size = UInt64(fields[2]), let digest = SHA256Digest(hex: fields[3])
        else { return nil }
        return InstalledFile(
            path: try RelativePath(unescape(fields[4])), content: .bytes(size: size, sha256: digest),
            permissions: mode, isBytecode: fields[0] == "c")
    }

    static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func escape(_ text: String) -> [UInt8] {
        guard text.utf8.contains(where: { $0 == 0x0a || $0 == 0x5c }) else { return Array(text.utf8) }
        return text.utf8.flatMap { byte -> [UInt8] in
            byte == 0x0a ? Array(#"\n"#.utf8) : byte == 0x5c ? Array(#"\\"#.utf8) : [byte]
        }
    }

    private static func unescape(_ text: Substring) -> String {
        guard text.utf8.contains(0x5c) else { return String(text) }
        var bytes: [UInt8] = []
        var escaped = false
        for byte in text.utf8 {
            if escaped {
                bytes.append(byte == UInt8(ascii: "n") ? 0x0a : byte)
                escaped = false
            } else if byte == 0x5c {
                escaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
