import Archives

extension BundleLayout {
    /// - Parameter manifestBytes: the manifest, encoded.
    init(_ manifest: Manifest, manifestBytes: [UInt8], signatures: [BundleSignature] = []) {
        self.init(
            manifest,
            manifestPart: .init(
                name: Manifest.path, size: UInt64(manifestBytes.count),
                crc32: manifestBytes.withUnsafeBytes { crc32($0) }),
            signatures: signatures.map(\.part))
    }

    /// Writes all that follows the entries which the manifest lists: the signatures and the directory.
    func writeEnd(_ signatures: [BundleSignature], to file: SharedFile) throws {
        for signature in signatures {
            guard let member = member(signature.path) else { continue }
            try file.file.write(member.localHeader + signature.bytes, at: member.offset)
        }
        try file.file.write(directory, at: directoryOffset)
    }
}
