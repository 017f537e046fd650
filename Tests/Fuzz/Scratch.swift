import Archives
import Files

/// One file without a name that takes each input in turn, for readers that want a file.
final class Scratch: Sendable {
    private let shared: SharedFile

    private init() throws { shared = SharedFile(try OpenFile.temporary()) }

    private static let only = Result { try Scratch() }

    /// The bytes as a file.
    static func region(_ bytes: [UInt8], name: String) throws -> FileRegion {
        let file = try only.get().shared
        try file.file.setSize(0)
        try file.file.write(bytes, at: 0)
        return FileRegion(file, offset: 0, size: UInt64(bytes.count), name: name)
    }

    /// A path under which the bytes can be opened once more.
    static func path(_ bytes: [UInt8]) throws -> String {
        "/proc/self/fd/\(try region(bytes, name: "").file.file.descriptor)"
    }
}
