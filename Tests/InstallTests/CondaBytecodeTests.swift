import Bundle
import Files
import TestSupport
import Testing

@testable import Install

/// Byte code of conda packages that travels in the bundle.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct CondaBytecodeTests {
    private let environment = CondaEnvironmentTests()
    private var landing: Landing { environment.landing }
    private let site = HostPython.site

    @Test func `byte code travels along, but for sources that the prefix changes`() throws {
        let packages = [
            CondaEnvironmentTests.noarch.with {
                $0.files.append(
                    .file("site-packages/where.py", "p = '\(CondaPackageBuilder.placeholder)'\n").prefix())
            }
        ]
        let wheel = WheelBuilder("demo")
        func derive() throws -> [String: [UInt8]] {
            let scene = try CondaScene(
                [CondaEnvironmentTests.python] + packages, wheels: [wheel],
                python: CondaEnvironmentTests.manifest)
            let scratch = TemporaryDirectory()
            return try BytecodeDerivation(conda: scene.conda, python: CondaEnvironmentTests.manifest).run(
                scene.wheels, includingInterpreter: false, scratch: scratch.directory())
        }
        let derived = try derive()
        #expect(try derive() == derived)
        #expect(
            derived.keys.sorted() == [
                "archives/conda/noarch/tool-1.0-0.conda", "archives/wheels/\(wheel.filename)",
            ])
        let entries = Dictionary(
            uniqueKeysWithValues: derived.map {
                ("derived/bytecode/\($0.key.split(separator: "/").last ?? "").tar.zst", $0.value)
            })
        try landing.install(
            environment.bundle(packages, wheels: [wheel], bytecode: .bundle, derived: entries))
        let compiled = "\(site)/__pycache__/tool.\(HostPython.cacheTag).pyc"
        let recorded = try landing.recorded()
        #expect(recorded[compiled]?.isBytecode == true)
        #expect(recorded["\(site)/__pycache__/where.\(HostPython.cacheTag).pyc"] == nil)
        #expect(try landing.text("conda-meta/tool-1.0-0.json").contains("tool.\(HostPython.cacheTag).pyc"))
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        // Python believes it: time and size are those of the source.
        let question =
            "import importlib.util as u, sys; sys.dont_write_bytecode = True; s = u.spec_from_file_location('tool', sys.argv[1]); m = u.module_from_spec(s); s.loader.exec_module(m); print(s.loader.path_stats(sys.argv[1])['mtime'] == int.from_bytes(open(s.cached, 'rb').read()[8:12], 'little'))"
        #expect(
            try landing.run("bin/python", ["-I", "-c", question, "\(landing.prefix)/\(site)/tool.py"]).output
                == "True\n")
    }
}
