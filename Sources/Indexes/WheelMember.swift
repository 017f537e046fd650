import Archives

/// The METADATA member of a wheel, read without the rest of it.
enum WheelMember {
    private static let largest: UInt64 = 16 << 20

    /// - Throws: `ArchiveError` where the wheel is no ZIP archive or has not exactly one METADATA; whatever the
    ///   source throws.
    static func metadata(in wheel: some ByteSource) throws -> [UInt8] {
        let directory = try ZipDirectory.read(from: wheel)
        let found = directory.entries.filter { isMetadata($0.name) }
        guard let entry = found.first else {
            throw ArchiveError(wheel.name, "it has no member '*.dist-info/METADATA', as every wheel must")
        }
        guard found.count == 1 else {
            throw ArchiveError(
                wheel.name, "it has \(found.count) members '*.dist-info/METADATA' where one is allowed")
        }
        return try directory.contents(of: entry, in: wheel, workspace: InflateWorkspace(), limit: largest)
    }

    private static func isMetadata(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[1] == "METADATA" && parts[0].hasSuffix(".dist-info")
    }
}
