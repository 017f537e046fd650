import Bundle

extension BundleReader {
    /// Opens a bundle and checks every byte of it.
    static func judge(_ path: String) throws { try open(path).verify(jobs: 1) }
}
