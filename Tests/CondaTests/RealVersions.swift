import Files

/// The collection of real versions that lies beside the package.
enum RealVersions {
    static func read(_ directory: String) throws -> [String] {
        try Directory.open(directory).contents(of: RelativePath("versions.txt"))
            .split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}
