import Files
import Glibc

/// A temporary directory that is gone when the work in it returns or throws; a killed process leaves it behind.
enum Scratch {
    static func with<Value>(_ purpose: String, _ body: (Directory) throws -> Value) throws -> Value {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/airlift-\(purpose).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError("create a temporary directory in", parent) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            if let name = try? RelativePath(String(path.dropFirst(parent.utf8.count + 1))) {
                try? Directory.open(parent).removeTree(name)
            }
        }
        return try body(try Directory.open(path))
    }
}
