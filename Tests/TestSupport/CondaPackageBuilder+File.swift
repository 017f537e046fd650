import Digests

extension CondaPackageBuilder {
    /// One path of the payload.
    public struct File: Sendable {
        public enum Content: Sendable {
            case bytes([UInt8])
            case symbolicLink(target: String)
            /// The target is a path of the package that stands before.
            case hardLink(target: String)
            case directory
        }

        public enum Mode: String, Sendable { case text, binary }

        public var path: String
        public var content: Content
        public var permissions: UInt32
        /// The prefix that stands in it, and how it is replaced.
        public var placeholder: (text: String, mode: Mode)?
        public var noLink = false

        public init(_ path: String, _ content: Content, permissions: UInt32 = 0o644) {
            self.path = path
            self.content = content
            self.permissions = permissions
        }

        public static func file(_ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o644) -> File {
            File(path, .bytes(bytes), permissions: permissions)
        }

        public static func file(_ path: String, _ text: String = "", permissions: UInt32 = 0o644) -> File {
            .file(path, Array(text.utf8), permissions: permissions)
        }

        /// A file with permissions 0755.
        public static func executable(_ path: String, _ text: String) -> File {
            .file(path, text, permissions: 0o755)
        }

        public static func symbolicLink(_ path: String, to target: String) -> File {
            File(path, .symbolicLink(target: target), permissions: 0o777)
        }

        /// - Parameter target: a path of the package, not relative to the link.
        public static func hardLink(_ path: String, to target: String) -> File {
            File(path, .hardLink(target: target))
        }

        /// An empty directory.
        public static func directory(_ path: String) -> File {
            File(path, .directory, permissions: 0o755)
        }

        /// The same file, with the prefix that is replaced in it.
        public func prefix(_ text: String = CondaPackageBuilder.placeholder, _ mode: Mode = .text) -> File {
            var copy = self
            copy.placeholder = (text, mode)
            return copy
        }

        /// The same file, which must never be shared by links.
        public func withoutLinking() -> File {
            var copy = self
            copy.noLink = true
            return copy
        }
    }

    /// One line of `paths.json`; the fields as written, nil ones left out.
    public struct PathLine: Sendable {
        public var path: String
        public var type: String
        public var sha256: String?
        public var size: Int64?
        public var placeholder: String?
        public var mode: String?
        public var noLink: Bool?

        public init(_ path: String, type: String = "hardlink", sha256: String? = nil, size: Int64? = nil) {
            self.path = path
            self.type = type
            self.sha256 = sha256
            self.size = size
        }

        var json: JSONValue {
            var line: [String: JSONValue] = ["_path": .text(path), "path_type": .text(type)]
            line["sha256"] = sha256.map { .text($0) }
            line["size_in_bytes"] = size.map { .number($0) }
            line["prefix_placeholder"] = placeholder.map { .text($0) }
            line["file_mode"] = mode.map { .text($0) }
            line["no_link"] = noLink.map { .bool($0) }
            return .object(line)
        }
    }

    /// Those of the description with link scripts and menus.
    var allFiles: [File] {
        files
            + linkScripts.sorted { $0.key < $1.key }.map {
                .executable("bin/.\(name)-\($0.key).sh", $0.value)
            }
            + menus.sorted { $0.key < $1.key }.map { .file("Menu/\($0.key)", $0.value) }
    }

    /// The bytes at a path of the package, through links; nil where there are none.
    private func contents(at path: String, in files: [String: File], depth: Int = 0) -> [UInt8]? {
        guard depth < 8, let file = files[path] else { return nil }
        switch file.content {
        case .bytes(let bytes): return bytes
        case .directory: return nil
        case .hardLink(let target): return contents(at: target, in: files, depth: depth + 1)
        case .symbolicLink(let target):
            var parts = path.split(separator: "/").dropLast().map(String.init)
            for part in target.split(separator: "/") where part != "." {
                if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
            }
            return contents(at: parts.joined(separator: "/"), in: files, depth: depth + 1)
        }
    }

    /// As conda-build writes them: links have size and digest of what they lead to.
    var pathLines: [PathLine] {
        let files = allFiles
        let byPath = Dictionary(files.map { ($0.path, $0) }) { $1 }
        var lines = files.map { file in
            var type = "hardlink"
            if case .symbolicLink = file.content { type = "softlink" }
            if case .directory = file.content { type = "directory" }
            let bytes = contents(at: file.path, in: byPath)
            var line = PathLine(
                file.path, type: type, sha256: bytes.map { SHA256.hash($0).hex },
                size: bytes.map { Int64($0.count) })
            line.placeholder = file.placeholder?.text
            line.mode = file.placeholder?.mode.rawValue
            line.noLink = file.noLink ? true : nil
            return line
        }
        editPaths(&lines)
        return lines
    }
}
