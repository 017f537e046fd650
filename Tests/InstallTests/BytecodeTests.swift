import Failures
import Files
import Install
import TestSupport
import Testing

@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct BytecodeTests {
    let landing = Landing()

    /// 60 modules in several directories, so that more than one interpreter has something to do.
    private static let large = WheelBuilder("large") {
        $0.files = (0..<60).map { .init("large/part\($0 % 7)/m\($0).py", "value = \($0)\n") }
        $0.files += [
            .init("large/__init__.py", ""), .init("large/a.b.py", "1"), .init("large/not.txt", "x = 1"),
        ]
    }

    /// Reads each compiled module as the import system does (PEP 552).
    private static let judge = """
        import importlib.util, marshal, os, sys
        site = next(p for p in sys.path if p.endswith('site-packages'))
        count = 0
        for directory, _, names in os.walk(site):
            for name in sorted(names):
                if not name.endswith('.py'): continue
                source = os.path.join(directory, name)
                data = open(importlib.util.cache_from_source(source), 'rb').read()
                status = os.stat(source)
                assert data[:4] == importlib.util.MAGIC_NUMBER
                assert data[4:8] == bytes(4), 'timestamp-based'
                assert int.from_bytes(data[8:12], 'little') == int(status.st_mtime) & 0xffffffff
                assert int.from_bytes(data[12:16], 'little') == status.st_size
                code = marshal.loads(data[16:])
                assert code.co_filename == os.path.relpath(source, sys.prefix), code.co_filename
                count += 1
        print(count)
        """

    @Test(arguments: [1, 2, 5]) func `every source is compiled once, for this interpreter`(jobs: Int) throws {
        try landing.install([Self.large, WheelBuilder("other", "2.5")], bytecode: .target) { $0.jobs = jobs }
        let ran = try landing.python(Self.judge, ["-B"])
        #expect(ran.output == "63\n", "\(ran.errors)")
        let files = try landing.recorded()
        let sources = files.keys.filter { $0.hasPrefix(landing.site) && $0.hasSuffix(".py") }
        let compiled = files.values.filter(\.isBytecode).map(\.path.string)
        #expect(sources.count == 63)
        #expect(Set(compiled).count == compiled.count && compiled.count == 63)
        #expect(compiled.allSatisfy { files[$0]?.permissions == 0o644 })
        #expect(files["\(landing.site)/large/__pycache__/a.b.\(HostPython.cacheTag).pyc"] != nil)
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `importing takes the compiled module as it is`() throws {
        try landing.install([WheelBuilder()], bytecode: .target)
        let path = "\(landing.site)/demo/__pycache__/__init__.\(HostPython.cacheTag).pyc"
        let before = try landing.status(path)
        let ran = try landing.python("import demo; print(demo.__file__)", ["-v"])
        #expect(ran.output == "\(landing.prefix)/\(landing.site)/demo/__init__.py\n")
        #expect(ran.errors.contains("\(path) matches"))
        #expect(try landing.status(path) == before)
        #expect(try PrefixVerification.run(landing.prefix).caches == [])
    }

    @Test(arguments: [
        Case("a fault of syntax", Array("def (:\n".utf8)), Case("a NUL", [0x78, 0x00, 0x0a]),
        Case("no UTF-8", [0x78, 0x3d, 0x22, 0xff, 0xfe, 0x22]),
        Case("an unknown encoding", Array("# coding: klingon\nx = 1\n".utf8)),
        Case("nesting without end", [UInt8](repeating: 0x28, count: 5_000)),
        Case("a number of many digits", Array("x = ".utf8) + [UInt8](repeating: 0x39, count: 10_000)),
        Case("nothing but a mark", [0xef, 0xbb, 0xbf]),
        Case("deep unary", Array(("x = " + String(repeating: "-", count: 3_000) + "1").utf8)),
    ])
    func `a source that does not compile is no error`(_ source: Case<[UInt8]>) throws {
        try landing.install(
            [
                WheelBuilder {
                    $0.files.append(.init("demo/template.py", source.value))
                    $0.files += (0..<9).map { .init("demo/m\($0).py", "\($0)") }
                }
            ], bytecode: .target)
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        let compiled = try landing.recorded().values.filter {
            $0.isBytecode && !$0.path.string.contains("template")
        }
        #expect(compiled.count == 10, "the others are compiled all the same")
    }

    @Test func `sources that warn or read their surroundings are compiled and not run`() throws {
        try landing.install(
            [
                WheelBuilder {
                    $0.files.append(.init("demo/loud.py", "x = '\\d'\nprint(1 is 1)\nraise SystemExit(1)\n"))
                    $0.files.append(.init("sitecustomize.py", "raise SystemExit(1)\n"))
                    $0.files.append(.init("os.py", "raise SystemExit(1)\n"))
                }
            ], bytecode: .target)
        for name in ["demo/__pycache__/loud", "__pycache__/sitecustomize", "__pycache__/os"] {
            #expect(try landing.status("\(landing.site)/\(name).\(HostPython.cacheTag).pyc") != nil)
        }
    }

    @Test func `a compiled module that came along is kept`() throws {
        let path = "demo/__pycache__/__init__.\(HostPython.cacheTag).pyc"
        try landing.install(
            [WheelBuilder { $0.files.append(.init(path, "came along")) }, WheelBuilder("other", "2.5")],
            bytecode: .target)
        #expect(try landing.text("\(landing.site)/\(path)") == "came along")
        #expect(try landing.recorded()["\(landing.site)/\(path)"]?.isBytecode == false)
        let compiled = try landing.recorded().values.filter(\.isBytecode).map(\.path.string)
        #expect(compiled == ["\(landing.site)/other/__pycache__/__init__.\(HostPython.cacheTag).pyc"])
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `nothing is compiled where the bundle or the administrator says so`() throws {
        try landing.install([WheelBuilder()], bytecode: .target) { $0.compile = false }
        #expect(try landing.recorded().keys.filter { $0.hasSuffix(".pyc") } == [])
        #expect(try landing.record()?.options.compile == false)
        let other = Landing()
        try other.install([WheelBuilder()], bytecode: .none)
        #expect(try other.status("\(other.site)/demo/__pycache__") == nil)
        #expect(try other.python("import demo").code == 0, "the benign twin: it runs without")
        #expect(try PrefixVerification.run(other.prefix).caches.count == 1)
        #expect(try PrefixVerification.run(other.prefix).isIntact)
    }

    @Test func `only packages are compiled`() throws {
        let bundle = try landing.bundle(bytecode: .target) {
            $0.ownFiles = [.init("etc/settings.py", "x = 1\n")]
            $0.wheels = [WheelBuilder { $0.files.append(.init("\($0.dataDirectory)/data/share/x.py", "1")) }]
        }
        try landing.install(bundle)
        #expect(try landing.recorded().values.filter(\.isBytecode).count == 1)
    }

    @Test func `importing everything is tried where it is asked for`() throws {
        let good = WheelBuilder {
            $0.files += [.init("single.py", "import demo"), .init("_private.py", "raise OSError")]
        }
        try landing.install([good], bytecode: .target) { $0.test = true }
        let refused = Landing()
        let bad = WheelBuilder(
            "bad",
            files: [
                .init("bad/__init__.py", "import no_such_module\n"),
                .init("worse.py", "raise SystemExit(0)\n"),
            ])
        let error = failure { try refused.install([good, bad], bytecode: .target) { $0.test = true } }
        #expect(error?.kind == .hostRequirements)
        #expect(
            error?.description.contains("bad: ModuleNotFoundError: No module named 'no_such_module'") == true)
        #expect(error?.description.contains("worse: SystemExit") == true)
        #expect(try refused.neighbours == [])
    }
}
