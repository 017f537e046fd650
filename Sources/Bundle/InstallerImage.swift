import Digests

/// The installer as it lies in a bundle: filled up with NUL to whole pages.
public struct InstallerImage: Sendable {
    public let bytes: [UInt8]
    /// Of all bytes, the filling too: as the manifest and the stub name it.
    public let sha256: SHA256Digest

    public init(_ executable: [UInt8]) {
        let page = Int(BundleLayout.page)
        bytes = executable + [UInt8](repeating: 0, count: (page - executable.count % page) % page)
        sha256 = SHA256.hash(bytes)
    }
}
