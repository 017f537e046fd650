import Bundle
import Files
import Workers

/// `.airlift/bundles` in a prefix or a root: bundles that were kept when they were installed (`--keep-bundle`), so that
/// repairing needs nothing else.
public enum KeptBundles {
    public static let path = ".airlift/bundles"

    /// Whether a path of a prefix belongs to a kept bundle.
    static func contains(_ path: RelativePath) -> Bool { path.string.utf8.starts(with: "\(Self.path)/".utf8) }

    /// The name under which the bundle of a record is kept.
    static func name(_ name: String, _ version: String, _ platform: String) -> String {
        "\(name)-\(version)-\(platform).sh"
    }

    /// Where the bundle of a record is, or would be, relative to the prefix or root.
    public static func path(of record: InstallRecord) throws -> RelativePath {
        try RelativePath("\(path)/\(name(record.name, record.version, record.platform))")
    }

    /// Copies a bundle into a prefix or root: the very file that was opened, whatever is at its name now; shared on the
    /// disk where the file system can. A reader sees the whole bundle or none.
    ///
    /// - Parameter durable: whether it is on the disk when this returns.
    /// - Returns: the path, relative to the holder.
    @discardableResult
    public static func keep(
        _ bundle: BundleReader, in holder: Directory, permissions: UInt32 = 0o644, durable: Bool
    ) throws -> RelativePath {
        let manifest = bundle.manifest
        let directory = try holder.createDirectories(RelativePath(path))
        let name = try RelativePath(Self.name(manifest.name, manifest.version, manifest.platform))
        let part = try RelativePath(".part")
        try directory.remove(part)
        do {
            let file = try directory.createFile(part, permissions: permissions)
            try bundle.copy(to: file, goOn: Interruption.check)
            if durable { try file.synchronize() }
            try file.close()
            try directory.remove(name)
            try directory.rename(part, to: name)
            if durable { try directory.synchronize() }
        } catch {
            try? directory.remove(part)
            throw error
        }
        return try RelativePath(path).appending(name)
    }

    /// Removes the bundle of a record, where it is kept.
    public static func remove(_ record: InstallRecord, from holder: Directory) throws {
        let path = try path(of: record)
        guard let parent = path.parent, try holder.status(of: parent)?.kind == .directory else { return }
        try holder.remove(path)
    }

    /// The bundle of a record, where it is kept. Whoever uses it compares its digest with the record's.
    /// - Parameter holder: absolute path of the prefix or root.
    public static func find(_ record: InstallRecord, in holder: String) throws -> String? {
        let path = try path(of: record)
        guard try Directory.open(holder).status(of: path)?.kind == .file else { return nil }
        return "\(holder)/\(path)"
    }
}

extension InstallPlan {
    /// Whether the bundle is to be kept, and is not. One of the same version with another digest is another one.
    func lacksBundle(_ record: InstallRecord, _ holder: Directory) throws -> Bool {
        guard request.keepsBundle, record.bundle == bundle.digest else { return false }
        let path = try KeptBundles.path(of: record)
        guard let holderOfIt = path.parent, try holder.status(of: holderOfIt)?.kind == .directory else {
            return true
        }
        return try holder.status(of: path)?.kind != .file
    }

    /// Only the bundle that the record names can repair what it tells of.
    func keepBundle(_ record: InstallRecord, in holder: Directory) throws {
        guard try lacksBundle(record, holder) else { return }
        try KeptBundles.keep(bundle, in: holder, durable: request.synchronize)
    }
}
