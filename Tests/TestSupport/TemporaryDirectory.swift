import Files
import Glibc

/// A new empty directory, removed with all that is below it when the last reference goes.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init(in parent: String = "/tmp") {
        var template = Array("\(parent)/airlift-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { fatalError("no temporary directory under \(parent)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard let parent = path.lastIndex(of: "/"),
            let name = try? RelativePath(String(path[path.index(after: parent)...]))
        else { return }
        try? Directory.open(String(path[..<parent])).removeTree(name)
    }

    public func directory() throws -> Directory { try Directory.open(path) }

    /// Writes a file below the directory, with what is missing above it, and gives its whole path.
    @discardableResult
    public func write(_ name: String, _ bytes: [UInt8], permissions: UInt32 = 0o644) throws -> String {
        let relative = try RelativePath(name)
        var holder = try directory()
        if let parent = relative.parent { holder = try holder.createDirectories(parent) }
        try holder.replaceFile(
            RelativePath(relative.last), with: bytes, permissions: permissions, durable: false)
        return path + "/" + name
    }

    @discardableResult
    public func write(_ name: String, _ text: String, permissions: UInt32 = 0o644) throws -> String {
        try write(name, Array(text.utf8), permissions: permissions)
    }
}
