import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Python sources with names that nobody expects.
@Suite(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "there is no /usr/bin/python3"))
struct HostileSourcesTests {
    /// Such as `cpython-311`, of the name that the interpreter's link leads to.
    private func cacheTag() throws -> String {
        let target = try Directory.open("/usr/bin").symbolicLinkTarget(RelativePath("python3"))
        return "cpython-" + target.utf8.filter { (0x30...0x39).contains($0) }.map { "\($0 - 0x30)" }.joined()
    }

    @Test(arguments: [".py", "demo.py", "a.b.py", "caf\u{e9}.py", "\u{301}.py", "x y.py", "-c.py"])
    func `a source is compiled, or left alone, and ends nothing`(name: String) throws {
        let scratch = TemporaryDirectory()
        try scratch.write(name, "one = 1\n")
        let compiled = try BytecodeCompiler(
            interpreter: "/usr/bin/python3", cacheTag: cacheTag(), staging: scratch.directory(), jobs: 1
        ).compile([RelativePath(name)])
        let stem = name == ".py" ? "py" : String(name.dropLast(3))
        #expect(compiled.map(\.path.string) == ["__pycache__/\(stem).\(try cacheTag()).pyc"])
    }
}
