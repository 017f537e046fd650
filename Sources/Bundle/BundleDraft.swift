import Digests

/// Everything that goes into a bundle, before it is one.
public struct BundleDraft: Sendable {
    public enum Source: Sendable {
        case bytes([UInt8])
        /// A file that is not changed while the bundle is written.
        case file(String)
    }

    /// Complete apart from stub, checksums (CRC-32) and entries, which the writer fills in.
    public var manifest: Manifest
    public var stub: Stub
    /// The static installer for the manifest's platform.
    public var installer: InstallerImage
    /// By path in the bundle: one source for each archive, and the further entries.
    public var sources: [String: Source]

    public init(manifest: Manifest, stub: Stub, installer: [UInt8], sources: [String: Source]) {
        self.init(
            manifest: manifest, stub: stub, installer: InstallerImage(installer), sources: sources)
    }

    public init(manifest: Manifest, stub: Stub, installer: InstallerImage, sources: [String: Source]) {
        self.manifest = manifest
        self.stub = stub
        self.installer = installer
        self.sources = sources
    }

    /// `<name>-<calver>-<platform>.sh`.
    public var filename: String { "\(manifest.name)-\(manifest.version)-\(manifest.platform).sh" }
}

/// A bundle that lies on disk.
public struct WrittenBundle: Sendable, Equatable {
    public let path: String
    /// SHA-256 of the manifest.
    public let digest: SHA256Digest
    public let size: UInt64
    /// The same bundle was there already.
    public let unchanged: Bool
}
