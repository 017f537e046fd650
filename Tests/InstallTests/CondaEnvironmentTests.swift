import Archives
import Bundle
import Conda
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Whole environments on conda's Python: a toy of it, which hands everything to the machine's own.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct CondaEnvironmentTests {
    typealias Builder = CondaPackageBuilder
    let landing = Landing()
    let site = HostPython.site

    static var python: Builder {
        Builder(
            "python", HostPython.version ?? "", "0_cpython",
            files: [
                .executable("bin/python\(HostPython.minor)", "#!/bin/sh\nexec \(HostPython.path) \"$@\"\n"),
                .symbolicLink("bin/python", to: "python\(HostPython.minor)"),
                .file("lib/python\(HostPython.minor)/own.py", "x = 1\n"),
                .file(
                    "lib/python\(HostPython.minor)/config.py",
                    "prefix = '\(Builder.placeholder)'\n"
                ).prefix(),
                .file("lib/python\(HostPython.minor)/__pycache__/config.\(HostPython.cacheTag).pyc", "stale"),
            ])
    }

    static var manifest: Manifest.Python {
        Manifest.Python(
            source: .conda, implementation: "cpython", version: HostPython.version ?? "",
            abi: HostPython.manifest.abi, cacheTag: HostPython.cacheTag,
            executable: "bin/python\(HostPython.minor)", sitePackages: HostPython.site)
    }

    static let noarch = Builder(
        "tool",
        files: [
            .file("site-packages/tool.py", "def main():\n    print('tool runs')\n"),
            .file(
                "site-packages/tool-1.0.dist-info/METADATA",
                "Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n"),
        ]
    ) {
        $0.noarch = .python
        $0.entryPoints = ["tool = tool:main"]
    }

    func bundle(
        _ packages: [Builder], wheels: [WheelBuilder] = [], bytecode: Manifest.Install.Bytecode = .target,
        derived: [String: [UInt8]] = [:], _ edit: @escaping @Sendable (inout Manifest) -> Void = { _ in }
    ) throws -> BundleReader {
        try landing.bundle(bytecode: bytecode) { builder in
            builder.conda = [Self.python] + packages
            builder.wheels = wheels
            builder.editManifest = { manifest in
                manifest.python = Self.manifest
                edit(&manifest)
            }
            builder.editSources = { sources in
                for (path, bytes) in derived { sources[path] = .bytes(bytes) }
            }
        }
    }

    private func record(_ name: String) throws -> String { try landing.text("conda-meta/\(name).json") }

    @Test func `conda packages and wheels land as one environment`() throws {
        let library = Builder(
            "library",
            files: [
                .file("\(site)/native.py", "y = 2\n"), .file("lib/liblibrary.so.1", "elf"),
                .symbolicLink("lib/liblibrary.so", to: "liblibrary.so.1"),
                .file("etc/library.conf", "root=\(Builder.placeholder)\n").prefix(),
                .directory("var/library"),
            ])
        let outcome = try landing.install(bundle([library, Self.noarch], wheels: [WheelBuilder("demo")]))
        #expect(outcome.changed)
        #expect(try landing.status("pyvenv.cfg") == nil)
        #expect(try landing.status("lib64") == nil)
        #expect(try landing.text("etc/library.conf") == "root=\(landing.prefix)\n")
        #expect(try landing.status("var/library")?.kind == .directory)
        let verified = try PrefixVerification.run(landing.prefix)
        #expect(verified.isIntact, "\(verified)")

        // Records, history and state.
        let history = try landing.text("conda-meta/history")
        #expect(history.hasPrefix("==> 2026-11-21 12:00:00 <==\n"))
        for line in [
            "# cmd: airlift install quickstart-2026.11.21-linux-64.sh",
            "+https://channel.example.org/forge/noarch::tool-1.0-0",
            "+https://channel.example.org/forge/linux-64::library-1.0-0",
            "# update specs: ['python ==\(HostPython.version ?? "")', 'library ==1.0', 'tool ==1.0']",
        ] { #expect(history.contains(line + "\n"), "\(line)") }
        #expect(try landing.text("conda-meta/state").contains("env_vars"))
        let tool = try record("tool-1.0-0")
        for text in [
            "\"\(site)/__pycache__/tool.\(HostPython.cacheTag).pyc\"", "\"pyc_file\"", "\"bin/tool\"",
            "\"unix_python_entry_point\"", "\"https://channel.example.org/forge/noarch/tool-1.0-0.conda\"",
            "\"tool ==1.0\"",
        ] { #expect(tool.contains(text), "\(text) in \(tool)") }
        let native = try record("library-1.0-0")
        #expect(native.contains("\"softlink\"") && native.contains("\"directory\""))
        #expect(native.contains(SHA256.hash("root=\(landing.prefix)\n").hex))
        #expect(!native.contains("pyc_file"))

        // Byte code: of noarch Python, of wheels, and where the prefix changed a source; else what packages bring.
        let recorded = try landing.recorded()
        #expect(recorded["\(site)/__pycache__/tool.\(HostPython.cacheTag).pyc"]?.isBytecode == true)
        #expect(recorded["\(site)/demo/__pycache__/__init__.\(HostPython.cacheTag).pyc"]?.isBytecode == true)
        let library311 = "lib/python\(HostPython.minor)"
        #expect(recorded["\(library311)/__pycache__/config.\(HostPython.cacheTag).pyc"]?.isBytecode == true)
        #expect(recorded["\(library311)/__pycache__/own.\(HostPython.cacheTag).pyc"] == nil)
        #expect(recorded["\(site)/__pycache__/native.\(HostPython.cacheTag).pyc"] == nil)

        // It runs, and goes again without a trace.
        let path = "import sys; sys.path.insert(0, '\(landing.prefix)/\(site)'); "
        #expect(
            try landing.run("bin/python", ["-I", "-c", path + "import tool, demo; tool.main()"]).output
                == "tool runs\n")
        #expect(try landing.text("bin/tool").hasPrefix("#!\(landing.prefix)/bin/python\(HostPython.minor)\n"))
        _ = try Uninstallation.run(landing.prefix, force: false)
        #expect(try landing.neighbours == [])
    }

    @Test func `installing it again changes nothing`() throws {
        let bundle = try bundle([Self.noarch])
        try landing.install(bundle)
        #expect(try !landing.install(bundle).changed)
        let other = try self.bundle([Self.noarch.with { $0.files.append(.file("share/x", "new")) }])
        #expect(try landing.install(other) { $0.update = true }.changed)
        #expect(try landing.text("share/x") == "new")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `verifying notices what was changed, also a directory`() throws {
        try landing.install(
            bundle(
                [Builder("demo", files: [.directory("share/none"), .file("share/demo", "x")])],
                bytecode: .none)
        )
        try landing.directory().remove(RelativePath("share/none"), directory: true)
        try landing.put("share/demo", "y")
        try landing.put("conda-meta/demo-1.0-0.json", "{}")
        let report = try PrefixVerification.run(landing.prefix)
        #expect(report.missing == ["share/none"])
        #expect(report.changed.map(\.path).sorted() == ["conda-meta/demo-1.0-0.json", "share/demo"])
    }

    @Test func `a prefix too long for a binary is refused before anything is written`() throws {
        let placeholder = "/" + String(repeating: "p", count: landing.prefix.utf8.count - 2)
        func package(_ placeholder: String) -> Builder {
            Builder(
                "demo",
                files: [.file("lib/demo.so", Array("\(placeholder)\0".utf8)).prefix(placeholder, .binary)])
        }
        let bundle = try bundle([package(placeholder)], bytecode: .none)
        let error = failure { try landing.install(bundle) }
        #expect(error?.kind == .targetInTheWay)
        for text in [
            "lib/demo.so", "demo-1.0-0.conda", "at most \(placeholder.utf8.count) bytes",
            "\(landing.prefix.utf8.count) bytes",
        ] { #expect(error?.description.contains(text) == true, "\(error?.description ?? "")") }
        #expect(try landing.neighbours == [])
        try landing.install(self.bundle([package(placeholder + "p")], bytecode: .none))
        #expect(try landing.text("lib/demo.so") == landing.prefix + "\0")
    }

    @Test func `who wins is what the manifest says, path by path`() throws {
        let packages = [
            Builder("a", files: [.file("share/x", "of a")]), Builder("b", files: [.file("share/x", "of b")]),
        ]
        #expect(failure { try landing.install(bundle(packages, bytecode: .none)) }?.kind == .refused)
        func install(_ paths: [String]?) throws {
            try landing.install(
                bundle(packages, bytecode: .none) {
                    $0.overrides = [
                        .init(subject: "a", rule: "clobber", reason: "tried", over: "b", paths: paths)
                    ]
                })
        }
        for paths in [nil, [], ["share/y"], ["share/x", "share/y"]] as [[String]?] {
            let error = failure { try install(paths) }
            #expect(error?.description.contains("not what its manifest says") == true)
            #expect(try landing.neighbours == [])
        }
        try install(["share/x"])
        #expect(try landing.text("share/x") == "of a")
        #expect(try record("a-1.0-0").contains("share/x"))
        #expect(try !record("b-1.0-0").contains("share/x"))
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `a manifest that describes another Python than the package is refused`() throws {
        for edit in [
            { $0.python.sitePackages = "lib/python3.99/site-packages" }, { $0.python.version = "3.99.0" },
            { $0.python.executable = "bin/other" }, { $0.python.abi = "cp399" },
        ] as [@Sendable (inout Manifest) -> Void] {
            let error = failure { try landing.install(bundle([], edit)) }
            #expect(error?.kind == .damaged)
            #expect(try landing.neighbours == [])
        }
        #expect(try landing.install(bundle([])).changed)
    }

    @Test func `dropped set-id bits are told`() throws {
        let outcome = try landing.install(
            bundle([Builder("demo", files: [.file("bin/su", "x", permissions: 0o4755)])], bytecode: .none))
        #expect(outcome.notices.count == 1)
        #expect(outcome.notices.first?.contains("'bin/su' of demo-1.0-0.conda") == true)
    }

    @Test func `every module is imported when asked for`() throws {
        #expect(try landing.install(bundle([Self.noarch])) { $0.test = true }.changed)
        let broken = Self.noarch.with {
            $0.files[0] = .file("site-packages/tool.py", "import nothing_like_it\n")
        }
        let error = failure {
            try landing.install(bundle([broken])) {
                $0.test = true
                $0.force = true
            }
        }
        #expect(
            error?.description.contains("tool: ModuleNotFoundError") == true, "\(error?.description ?? "")")
    }

    @Test func `a module that bears no company is imported alone`() throws {
        let pair = [
            Builder("first", files: [.file("site-packages/first.py", "first = 1\n")]) { $0.noarch = .python },
            Builder(
                "second",
                files: [.file("site-packages/second.py", "import sys\nassert 'first' not in sys.modules\n")]
            ) { $0.noarch = .python },
        ]
        #expect(try landing.install(bundle(pair)) { $0.test = true }.changed)
    }

    @Test func `conda packages live in a virtual environment over another Python too`() throws {
        let outcome = try landing.install(
            landing.bundle(bytecode: .target) {
                $0.conda = [Self.noarch, Builder("data")]
                $0.wheels = [WheelBuilder("demo")]
            })
        #expect(outcome.changed)
        #expect(try landing.run("bin/tool").output == "tool runs\n")
        #expect(try landing.text("pyvenv.cfg").contains("home = "))
        #expect(try landing.text("share/data.txt") == "data 1.0\n")
        #expect(try record("data-1.0-0").contains("share/data.txt"))
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `a package that was swapped in the bundle is told as damaged`() throws {
        let bundle = try bundle([Self.noarch], bytecode: .none)
        let plan = try InstallPlan.make(bundle, landing.request())
        let region = try bundle.region(of: "archives/conda/noarch/tool-1.0-0.conda")
        let other = Self.noarch.with {
            $0.files[0] = .file("site-packages/tool.py", "def main():\n    print('evil runs')\n")
        }
        let bytes = other.bytes
        try #require(bytes.count <= Int(region.size) + 64)
        let file = try #require(fopen(bundle.path, "r+"))
        fseek(file, Int(region.offset), SEEK_SET)
        fwrite(bytes, 1, min(bytes.count, Int(region.size)), file)
        fclose(file)
        let error = failure { _ = try plan.apply() }
        #expect(error?.kind == .damaged, "\(error?.description ?? "taken")")
        #expect(try landing.neighbours == [])
    }
}
