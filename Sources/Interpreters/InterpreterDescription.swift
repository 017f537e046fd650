import Digests
import FoundationEssentials

/// What a captured interpreter is and needs: the first member of its archive, `airlift-interpreter.json`.
///
/// Canonical JSON: sorted keys, no floats, UTF-8, one trailing newline.
public struct InterpreterDescription: Codable, Hashable, Sendable {
    public static let memberName = "airlift-interpreter.json"
    public static let currentFormat = 1

    public struct Library: Codable, Hashable, Sendable {
        /// As programs ask for it.
        public var name: String
        /// In the archive.
        public var path: String
        /// Where it lay; `{prefix}` stands for the interpreter's own prefix.
        public var origin: String
        /// The distribution's package and version that it belongs to, where known.
        public var package: String?
    }

    public struct LeftOut: Codable, Hashable, Sendable {
        public var name: String
        public var reason: String
    }

    /// 1.
    public var format = InterpreterDescription.currentFormat
    /// `cpython`.
    public var implementation: String
    /// `3.11.2`; a pre-release with its suffix.
    public var version: String
    /// As in wheel tags (PEP 425): `cp311`, `cp313t`.
    public var abi: String
    /// As in names of `.pyc` files: `cpython-311`.
    public var cacheTag: String
    /// conda's name for the platform: `linux-64`.
    public var platform: String
    /// The glibc that the executable and all libraries need at least: `2.35`.
    public var glibc: String
    /// The files in the archive that need just that version of glibc.
    public var glibcNeededBy: [String]
    /// The version of libstdc++'s symbols needed of the host, `3.4.30`; nil where none are.
    public var libstdcxx: String?
    /// The executable in the archive: `bin/python3.11`.
    public var executable: String
    /// The standard library in the archive: `lib/python3.11`.
    public var standardLibrary: String
    /// Below the prefix of a virtual environment made with it: `lib/python3.11/site-packages`.
    public var sitePackages: String
    public var libraries: [Library]
    /// The system whose packages the libraries are of: ID and VERSION_ID of os-release(5), such as `debian 12`;
    /// nil where none of them is known to be of a package.
    public var distribution: String?
    /// Modules, directories and links of the original that are not in the archive, each with its reason.
    public var leftOut: [LeftOut]
    /// Files in the archive that run at every start of the interpreter.
    public var hooks: [String]

    func canonicalJSON() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// An interpreter archive: what it is, and every file in it.
public struct CapturedInterpreter: Hashable, Sendable {
    public struct File: Hashable, Sendable {
        public let path: String
        /// Bytes; 0 for links.
        public let size: UInt64
        /// Of the content; nil for links.
        public let sha256: SHA256Digest?
        /// 0644 or 0755; 0777 for links.
        public let permissions: UInt32
        /// Seconds since 1970 UTC.
        public let modificationTime: Int64
        /// Of symbolic links, relative.
        public let linkTarget: String?
    }

    public let description: InterpreterDescription
    /// In the archive's order; the description's own member is the first.
    public let files: [File]
    /// Bytes of the archive.
    public let size: UInt64
    /// Of the archive.
    public let sha256: SHA256Digest
}
