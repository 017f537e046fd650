import Digests
import Failures

/// The interpreter that was captured on this machine: `capture.lock`, which stays beside the lock and is not
/// checked in, since it differs per machine. One small YAML mapping, format version 1.
public struct CaptureLock: Equatable, Sendable {
    public static let formatVersion = 1

    /// The executable that the spec names.
    public var executable: String
    /// The captured archive's file name.
    public var filename: String
    public var sha256: SHA256Digest
    /// Bytes.
    public var size: UInt64
    /// The interpreter's description, one JSON document.
    public var description: String

    public init(executable: String, filename: String, sha256: SHA256Digest, size: UInt64, description: String)
    {
        self.executable = executable
        self.filename = filename
        self.sha256 = sha256
        self.size = size
        self.description = description
    }

    /// The same value gives the same bytes.
    public var text: String {
        """
        # Made by airlift lock on this machine; do not edit, do not check in.
        version: \(Self.formatVersion)
        executable: \(YAMLText.string(executable))
        filename: \(YAMLText.string(filename))
        sha256: \(YAMLText.string(sha256.hex))
        size: \(size)
        description: \(YAMLText.string(description))

        """
    }

    /// - Throws: all problems at once, each a ``LockError`` with its line.
    public static func read(_ bytes: [UInt8], file: String) throws(FailureList) -> CaptureLock {
        var reader = YAMLReader(file: file)
        do throws(LockError) {
            let root = try YAMLReader.root(bytes, file: file)
            let fields = reader.table(
                root, "the capture",
                known: ["version", "executable", "filename", "sha256", "size", "description"])
            let version = reader.required(fields, "version", of: root, "the capture")
            if let version, version.int != formatVersion {
                reader.fail(version, "the format version must be \(formatVersion), not \(version.found)")
            }
            func text(_ key: String) -> String? {
                reader.string(reader.required(fields, key, of: root, "the capture"), key)
            }
            let executable = text("executable")
            let filename = text("filename")
            let digestText = text("sha256")
            let description = text("description")
            let sha256 = digestText.flatMap { SHA256Digest(hex: $0) }
            if digestText != nil, sha256 == nil {
                reader.fail(fields["sha256"], "sha256 must be 64 hexadecimal digits")
            }
            let sizeNode = reader.required(fields, "size", of: root, "the capture")
            let size = sizeNode?.int.flatMap { UInt64(exactly: $0) }
            if let sizeNode, size == nil { reader.fail(sizeNode, "size must be a number of bytes") }
            if reader.problems.isEmpty, let executable, let filename, let sha256, let size, let description {
                return CaptureLock(
                    executable: executable, filename: filename, sha256: sha256, size: size,
                    description: description)
            }
        } catch {
            throw FailureList([error])
        }
        throw reader.failures ?? FailureList([LockError(file: file, reason: "it is no capture.lock")])
    }
}
