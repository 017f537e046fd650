import Bundle
import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing

@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct HostInterpreterTests {
    let place = TemporaryDirectory()

    /// A program that answers as an interpreter would, in a place of its own.
    private func pretender(_ lines: [String], end: Int = 0) throws -> String {
        let text = lines.map { "echo '\($0)'\n" }.joined()
        return try place.write("python", "#!/bin/sh\n\(text)exit \(end)\n", permissions: 0o755)
    }

    @Test func `one is found without a name`() throws {
        let found = try HostInterpreter.find(HostPython.manifest, named: nil)
        #expect(found.executable.hasPrefix("/"))
        #expect(found.version.hasPrefix(HostPython.minor + "."))
    }

    @Test func `the one that is named is taken`() throws {
        let found = try HostInterpreter.find(HostPython.manifest, named: HostPython.path)
        #expect(found.version == HostPython.version)
        #expect(found.executable.hasPrefix("/usr/bin/python3"))
    }

    @Test func `of a virtual environment the base is taken`() throws {
        let landing = Landing()
        try landing.install([WheelBuilder()])
        let found = try HostInterpreter.find(HostPython.manifest, named: "\(landing.prefix)/bin/python")
        #expect(found.executable.hasPrefix("/usr/bin/python3"))
    }

    @Test(
        arguments: [
            Case(
                "another version", (["3.9.1", "cpython", "cpython-39", "/opt/python"], 0, "is cpython 3.9.1")),
            Case(
                "a longer minor version",
                (
                    [HostPython.minor + "0.1", "cpython", HostPython.cacheTag, "/opt/python"], 0,
                    "is cpython \(HostPython.minor)0.1"
                )),
            Case(
                "another implementation",
                (["\(HostPython.minor).1", "pypy", "pypy311", "/opt/pypy"], 0, "is pypy")),
            Case(
                "a failure",
                (["\(HostPython.minor).1", "cpython", HostPython.cacheTag, "/opt/python"], 1, "does not run")),
            Case("other words", (["hello"], 0, "does not run")), Case("nothing", ([], 0, "does not run")),
        ] as [Case<([String], Int, String)>])
    func `one that does not fit is told`(_ one: Case<([String], Int, String)>) throws {
        let (lines, end, says) = one.value
        let path = try pretender(lines, end: end)
        let error = failure { _ = try HostInterpreter.find(HostPython.manifest, named: path) }
        #expect(error?.kind == .hostRequirements)
        #expect(error?.description.contains("'\(path)' \(says)") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("cpython \(HostPython.minor)") == true)
        #expect(error?.description.contains("--python") == true)

        let twin = try pretender(["\(HostPython.minor).1", "cpython", HostPython.cacheTag, "/opt/python"])
        #expect(try HostInterpreter.find(HostPython.manifest, named: twin).executable == "/opt/python")
    }

    @Test(arguments: ["/nowhere/python", "", "python3", "/etc", "/etc/passwd"])
    func `a name that cannot be run is told`(name: String) throws {
        let error = failure { _ = try HostInterpreter.find(HostPython.manifest, named: name) }
        #expect(error?.kind == .hostRequirements)
    }

    @Test func `none of a version that nobody has`() throws {
        var python = HostPython.manifest
        python.version = "3.99"
        python.cacheTag = "cpython-399"
        let error = failure { _ = try HostInterpreter.find(python, named: nil) }
        #expect(error?.kind == .hostRequirements)
        #expect(
            error?.description.contains("is cpython \(HostPython.version ?? "")") == true,
            "what is there is named")
    }

    @Test func `without one nothing is written`() throws {
        let landing = Landing()
        let path = try pretender(["3.9.1", "cpython", "cpython-39", "/opt/python"])
        let error = failure { try landing.install([WheelBuilder()]) { $0.python = path } }
        #expect(error?.kind == .hostRequirements)
        #expect(try landing.neighbours == [])
    }
}
