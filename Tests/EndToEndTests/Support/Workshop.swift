import Digests
import Files
import Glibc
import TestSupport

/// One engineer's machine: a directory, a store, a home, and nothing shared with another test.
final class Workshop {
    let scratch = TemporaryDirectory()
    /// Where the spec lies.
    let project: String
    var environment: [String: String]

    var path: String { scratch.path }
    var cache: String { path + "/cache" }

    init() throws {
        project = scratch.path + "/payroll"
        environment = ["HOME": scratch.path + "/home", "AIRLIFT_CACHE": scratch.path + "/cache"]
        _ = try Directory.create(scratch.path + "/home")
    }

    /// Writes the spec: a host's interpreter unless something else is said.
    func spec(
        index: String? = nil, requirements: [String] = ["greeter==1.0", "shouter==2.0"],
        python: String = "host = \"\(Shared.minorVersion)\"", more: String = "",
        version: String = "YYYY.0M.0D"
    ) throws {
        let rows = requirements.map { "    \"\($0)\",\n" }.joined()
        try scratch.write(
            "payroll/bundle.toml",
            """
            name = "payroll"
            summary = "Payroll services"
            platforms = ["linux-64"]
            calver = "\(version)"

            [python]
            \(python)

            [wheels]
            \(index.map { "index = [\"\($0)\"]" } ?? "")
            requirements = [
            \(rows)]

            \(more)

            """)
    }

    @discardableResult
    func airlift(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try run(
            [Product.airlift] + arguments, in: path,
            environment: self.environment.merging(environment) { $1 })
    }

    /// A command that is still running.
    func start(_ arguments: String...) throws -> Program {
        try Program([Product.airlift] + arguments, in: path, environment: environment)
    }

    /// Cuts and gives the bundle's path.
    func cut(calver: String = "2026.11.21", to output: String? = nil) throws -> String {
        let output = output ?? path + "/dist"
        let ran = try airlift("cut", project, "--output", output, "--calver", calver)
        guard ran.code == 0 else { throw Unexpected(ran) }
        return "\(output)/payroll-\(calver)-linux-64.sh"
    }

    /// What lies below a directory of the workshop: kind, permissions, size and hash of everything.
    func listing(_ name: String = "") throws -> [String] {
        try Tree.listing(name.isEmpty ? path : "\(path)/\(name)")
    }
}

/// A step on the way to what a test is about went wrong.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ outcome: Outcome) { description = outcome.words }
    init(_ words: String) { description = words }
}

enum Tree {
    /// Every path below with what it is; empty where there is no such directory.
    static func listing(_ path: String) throws -> [String] {
        guard access(path, F_OK) == 0 else { return [] }
        let directory = try Directory.open(path)
        var lines: [String] = []
        try directory.walk { path, status in
            switch status.kind {
            case .file:
                let bytes = try directory.contents(of: path, limit: 1 << 30)
                lines.append("\(path) \(status.permissions) \(status.size) \(SHA256.hash(bytes))")
            case .symbolicLink: lines.append("\(path) -> \(try directory.symbolicLinkTarget(path))")
            case .directory, .other: lines.append("\(path) \(status.kind) \(status.permissions)")
            }
        }
        return lines.sorted()
    }

    static func names(_ path: String) throws -> [String] {
        access(path, F_OK) == 0 ? try Directory.open(path).names().sorted() : []
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        let file = try OpenFile.read(path)
        return try file.bytes(at: 0, count: Int(file.status().size))
    }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    static func digest(_ path: String) throws -> SHA256Digest { SHA256.hash(try bytes(path)) }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}

enum Bytes {
    /// Where some bytes first stand among others.
    static func place(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { all in
            var place = all.baseAddress!
            var left = all.count
            while left >= needle.count, let hit = memchr(place, Int32(needle[0]), left - needle.count + 1) {
                if memcmp(hit, needle, needle.count) == 0 {
                    return UnsafeRawPointer(hit) - all.baseAddress!
                }
                left -= UnsafeRawPointer(hit) - place + 1
                place = UnsafeRawPointer(hit) + 1
            }
            return nil
        }
    }
}

enum SHA256Text {
    static func of(_ bytes: [UInt8]) -> String { SHA256.hash(bytes).hex }
}
