import Bundle
import Digests
import Files
import TestSupport
import Testing

@testable import Install

/// Names that are one text to Swift and two to the file system, and the other way round: as characters, a slash,
/// a quote or a space and the combining mark behind it are one.
@Suite struct HostileNamesTests {
    static let site = "lib/python3.11/site-packages"

    @Test func `composed and decomposed forms of a name are two members`() throws {
        let wheel = try HostileWheel(
            WheelBuilder(files: [
                .init("demo/caf\u{e9}.py", "one = 1"), .init("demo/cafe\u{301}.py", "two = 2"),
            ]))
        let files = try wheel.unpack()
        #expect(try wheel.text("\(Self.site)/demo/caf\u{e9}.py") == "one = 1")
        #expect(try wheel.text("\(Self.site)/demo/cafe\u{301}.py") == "two = 2")
        #expect(Set(files.map(\.path)).count == files.count)
        #expect(wheel.conflicts == [])
    }

    @Test(arguments: ["/opt/a\u{301}b", "/opt/it's", "/opt/it'\u{301}s; exit 3 #"])
    func `activation names the prefix byte for byte, whatever quotes are in it`(prefix: String) throws {
        let shell = ActivationScript.posix(prefix: prefix, name: "demo")
        let value = try #require(
            shell.utf8.split(separator: 0x0a).first { $0.starts(with: "VIRTUAL_ENV=".utf8) })
        #expect(unquoted(value.dropFirst(12), escape: #"'\''"#) == Array(prefix.utf8))
        let fish = ActivationScript.fish(prefix: prefix, name: "demo")
        let start = "set -gx VIRTUAL_ENV "
        let line = try #require(fish.utf8.split(separator: 0x0a).first { $0.starts(with: start.utf8) })
        #expect(unquoted(line.dropFirst(start.utf8.count), escape: #"\'"#) == Array(prefix.utf8))
    }

    /// What a quoted word means to a shell that looks at bytes; nil where its quotes end before it does.
    private func unquoted(_ word: some Collection<UInt8>, escape: String) -> [UInt8]? {
        var rest = Array(word)[...]
        guard rest.popFirst() == 0x27 else { return nil }
        var result: [UInt8] = []
        while let byte = rest.first {
            if rest.starts(with: escape.utf8) {
                result.append(0x27)
                rest = rest.dropFirst(escape.utf8.count)
            } else if byte == 0x27 {
                return rest.count == 1 ? result : nil
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return nil
    }

    @Test func `a prefix with '..' before a combining mark is refused, and one with a mark alone is not`()
        throws
    {
        func judged(_ prefix: String) throws -> String {
            try InstallRequest(prefix: prefix, now: "").judged(longestPath: 0).prefix
        }
        #expect(throws: InstallError.self) { try judged("/opt/../\u{301}x") }
        #expect(throws: InstallError.self) { try judged("/opt/\u{301}x/..") }
        #expect(Array(try judged("//opt//\u{301}x/").utf8) == Array("/opt/\u{301}x".utf8))
    }

    @Test func `a prefix whose name starts with a combining mark is staged beside itself`() throws {
        let scratch = TemporaryDirectory()
        let publication = try Publication.begin("\(scratch.path)/\u{301}x")
        _ = try publication.createStaging()
        _ = try publication.publish(synchronizing: false)
        publication.end()
        #expect(try scratch.directory().names().map { Array($0.utf8) } == [Array("\u{301}x".utf8)])
    }

    @Test(arguments: [("a -> b", "c"), ("a", "b -> c"), (#"a -\> b"#, "c"), ("a->b\\", "c\nd")])
    func `a link with an arrow in its name is listed and read back`(path: String, target: String) throws {
        let file = InstalledFile(
            path: try RelativePath(path), content: .link(target: target), permissions: 0o777)
        let list = InstalledFileList([file])
        #expect(try InstalledFileList.decode(list.encoded(), subject: "test").files == [file])
    }
}
