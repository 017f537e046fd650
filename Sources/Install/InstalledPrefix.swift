import Bundle
import Files

/// An environment on disk as its record tells of it. What lies there now, `PrefixVerification` compares.
public struct InstalledPrefix: Sendable {
    public let directory: Directory
    public let record: InstallRecord
    /// Of the bundle that it came from, compared with the record's digest of it.
    public let manifest: Manifest

    /// The environment in a directory; nil where it has no record.
    /// - Throws: where the record or the manifest beside it is damaged.
    public static func open(_ directory: Directory) throws -> InstalledPrefix? {
        guard let record = try InstallRecord.read(directory) else { return nil }
        return InstalledPrefix(
            directory: directory, record: record, manifest: try record.manifest(directory))
    }
}
