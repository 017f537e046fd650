import Conda
import Glibc
import TestSupport
import Testing

@Suite("noarch: python") struct NoarchPythonTests {
    private func python(_ version: String, _ build: String, path: String? = nil) throws -> NoarchPython {
        var record = PackageRecord(
            name: "python", version: version, build: build, buildNumber: 0, subdir: "linux-64",
            filename: "python-\(version)-\(build).conda")
        record.pythonSitePackagesPath = path
        return try NoarchPython(python: record)
    }

    @Test(
        "site-packages of the environment's Python",
        arguments: [
            ("3.10.13", "0_cpython", nil, "lib/python3.10/site-packages"),
            ("3.13.0", "h9ebbce0_100_cp313", nil, "lib/python3.13/site-packages"),
            ("3.13.0", "h4724d56_1_cp313t", nil, "lib/python3.13t/site-packages"),
            // CEP 17: the record has the word.
            ("3.13.0", "h0_1_cp313t", "lib/python3.13t/site-packages", "lib/python3.13t/site-packages"),
            ("3.12.1", "0_graalpy", "lib/graalpy/site-packages", "lib/graalpy/site-packages"),
        ])
    func sitePackages(_ version: String, _ build: String, _ path: String?, _ expected: String) throws {
        #expect(try python(version, build, path: path).sitePackages == expected)
    }

    @Test("destinations and byte code")
    func destinations() throws {
        let python = try python("3.13.0", "h4724d56_1_cp313t")
        #expect(python.minorVersion == "3.13")
        #expect(python.executable == "bin/python3.13")
        #expect(python.destination(of: "site-packages/a/b.py") == "lib/python3.13t/site-packages/a/b.py")
        #expect(python.destination(of: "python-scripts/tool") == "bin/tool")
        #expect(python.destination(of: "share/site-packages/x") == "share/site-packages/x")
        #expect(python.destination(of: "site-packages") == "site-packages")
        #expect(NoarchPython.isCompiled("site-packages/a/b.py"))
        #expect(!NoarchPython.isCompiled("site-packages/a/b.pyi"))
        #expect(!NoarchPython.isCompiled("python-scripts/b.py"))
        #expect(python.bytecode(of: "lib/a/b.py") == "lib/a/__pycache__/b.cpython-313.pyc")
        #expect(python.bytecode(of: "b.c.py") == "__pycache__/b.c.cpython-313.pyc")
    }

    @Test("a Python that cannot be is refused", arguments: ["3", "3.x", "", ".1", "3.1234.1"])
    func version(_ version: String) {
        #expect(throws: CondaError.self) { try NoarchPython(version: version) }
        #expect(throws: Never.self) { try NoarchPython(version: "3.14.0rc2") }
    }

    @Test("site-packages outside of the prefix are refused", arguments: ["../lib", "/usr/lib", "lib//x"])
    func outside(_ path: String) {
        #expect(throws: CondaError.self) { try python("3.12.0", "0", path: path) }
    }

    @Test("entry points as packages write them")
    func entryPoints() throws {
        let plain = try CondaEntryPoint("jupyter-lab = jupyterlab.labapp:LabApp.main")
        #expect(plain.command == "jupyter-lab")
        #expect(plain.module == "jupyterlab.labapp")
        #expect(plain.function == "LabApp.main")
        #expect(try CondaEntryPoint("spiffy=spiffy:main").command == "spiffy")
        #expect(try CondaEntryPoint("a = b:c [extra]").function == "c")
        #expect(try CondaEntryPoint("größe = größe:haupt").module == "größe")
    }

    @Test(
        "text that would become other code, or another file, is refused",
        arguments: [
            "x = os; import evil:main", "x = os:system('rm')", "x = os:path\nimport evil", "x = a.b", "x a:b",
            "../x = a:b", "a/b = a:b", "-x = a:b", ". = a:b", " = a:b", "x = :b", "x = a:", "x = a..b:c",
            "x = a:b.", "x = class:b", "x = a:b()", "x\u{0} = a:b", "x\u{1b} = a:b",
        ])
    func hostile(_ line: String) {
        #expect(throws: CondaError.self) { try CondaEntryPoint(line) }
    }

    @Test("a command runs the function with the environment's Python, and exits with its result")
    func script() throws {
        guard access("/usr/bin/python3", X_OK) == 0 else { return }
        let directory = TemporaryDirectory()
        let long = String(repeating: "long/", count: 30)
        for below in ["", "with space/", "it's/", "do$lar/", long] {
            let home = directory.path + "/" + below
            try directory.write(
                "\(below)tool_module.py", "import sys\nclass A:\n def run():\n  print(sys.argv); return 7\n")
            #expect(symlink("/usr/bin/python3", home + "python3") == 0)
            let script = try CondaEntryPoint("tool = tool_module:A.run").script(interpreter: home + "python3")
            try directory.write("\(below)tool-script.py", script, permissions: 0o755)
            let command =
                "PYTHONPATH=\(quoted(home)) \(quoted(home + "tool-script.py")) one 'two  2' > \(directory.path)/out"
            #expect(system(command) == 7 << 8, "\(below)")
            #expect(
                try contents(directory.path + "/out")
                    == "['\(home)tool', 'one', 'two  2']\n".replacing("['\(home)tool'", with: listStart(home))
            )
        }
    }

    /// As Python writes the first element of a list.
    private func listStart(_ home: String) -> String {
        home.contains("'") ? "[\"\(home)tool\"" : "['\(home)tool'"
    }
}

func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }

func contents(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
}
