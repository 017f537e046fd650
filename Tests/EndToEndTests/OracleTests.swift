import Bundle
import Install
import TestSupport
import Testing

/// The same tree as pip's and uv's, for wheels with everything that a wheel may hold. `make oracles` does this for
/// real ones; docs/oracles.md says what may differ.
@Suite(.enabled("the machine has no CPython", { OraclePython.current != nil }))
struct OracleTests {
    /// Every scheme, mode and kind of name that the format has.
    private static let features = WheelBuilder("feature-set", "1.0+local.1") { wheel in
        wheel.files = [
            .init("features/__init__.py", "def main():\n    return 0\n\n\nclass Group:\n    run = main\n"),
            .init("features/empty.py"),
            .init("features/données/日本 語.txt", "text\n"),
            .init("features/with, comma and \"quote\".txt", "text\n"),
            .init("features/tool", "#!/bin/sh\n", mode: 0o100755),
            .init("features/group-may-run", "#!/bin/sh\n", mode: 0o100654),
            .init("features/private", "x\n", mode: 0o100600),
            .init("features/read-only", "x\n", mode: 0o100444),
            .init("features/for-all", "x\n", mode: 0o100666),
            .init("features/no-mode", "x\n", mode: 0),
            .init("features.pth", "import sys\n"),
            .init("space/one/part.py", "x = 1\n"),
            .init("\(wheel.dataDirectory)/purelib/pure.py", "pure = True\n"),
            .init("\(wheel.dataDirectory)/platlib/space/two/part.py", "x = 2\n"),
            .init("\(wheel.dataDirectory)/headers/feature.h", "int feature;\n"),
            .init("\(wheel.dataDirectory)/headers/below/more.h", "int more;\n"),
            .init("\(wheel.dataDirectory)/data/share/features/table.csv", "1,2\n"),
            .init("\(wheel.dataDirectory)/data/etc/features.conf", "on\n"),
            .init("\(wheel.dataDirectory)/data/bin/from-data", "#!/bin/sh\n", mode: 0o100755),
            .init("\(wheel.dataDirectory)/scripts/python-script", "#!python\nprint(1)\n", mode: 0o100755),
            .init("\(wheel.dataDirectory)/scripts/shell-script", "#!/bin/sh\necho 1\n", mode: 0o100755),
            .init(
                "\(wheel.dataDirectory)/scripts/program", [0x7f, 0x45, 0x4c, 0x46, 0x23, 0x21], mode: 0o100755
            ),
            .init("\(wheel.dataDirectory)/scripts/not-executable", "#!/bin/sh\necho 1\n"),
            // What old build tools wrote beside the entry point that it is for.
            .init(
                "\(wheel.dataDirectory)/scripts/feature", "#!python\nraise SystemExit(9)\n", mode: 0o100755),
            .init("\(wheel.infoDirectory)/licenses/LICENSE", "free\n"),
        ]
        wheel.extras = ["extra"]
        wheel.requires = ["plain>=1", "absent; extra == 'extra'", "other-system; sys_platform == 'win32'"]
        wheel.entryPoints = [
            ("console_scripts", ["feature = features:main", "feature-extra = features:main [extra]"]),
            ("gui_scripts", ["feature.gui = features:Group.run"]), ("plug.ins", ["one = features"]),
        ]
    }

    private static let wheels = [
        features, WheelBuilder("Plain", "1.2.post1"),
        WheelBuilder("platform.only", "3", files: [.init("platform_only/x.py", "x = 3\n")]) {
            $0.isPurelib = false
            $0.build = "7"
        },
        // pip itself, which has commands of its own.
        WheelBuilder("pip", "99.0", files: [.init("pip/__init__.py", "def main():\n    return 0\n")]) {
            $0.entryPoints = [
                ("console_scripts", ["pip = pip:main", "pip3 = pip:main", "pip3.2 = pip:main"])
            ]
        },
    ]

    private struct Scene {
        let scratch = TemporaryDirectory()
        let python: OraclePython
        let files: [String]
        var ours: String { "\(scratch.path)/airlift" }
        var theirs: String { "\(scratch.path)/theirs" }

        /// Our environment, and an empty one for the other installer, on the same interpreter.
        init() throws {
            let python = try #require(OraclePython.current)
            self.python = python
            let wheels = OracleTests.wheels
            let bundle = try BundleBuilder {
                $0.wheels = wheels
                $0.python = python.minorVersion
                $0.ownFiles = []
            }.write(to: scratch)
            let scratch = scratch
            files = try wheels.map { try $0.write(to: scratch, below: "wheelhouse").path }
            var request = InstallRequest(prefix: "\(scratch.path)/airlift", now: "2026-11-21T12:00:00Z")
            request.python = python.executable
            request.compile = false
            request.synchronize = false
            _ = try InstallPlan.make(BundleReader.open(bundle.path), request).apply()
            let made = OraclePython.run(
                python.executable, ["-I", "-m", "venv", "--without-pip", "\(scratch.path)/theirs"])
            try #require(made.succeeded, "\(made)")
        }

        func compare() -> OraclePython.Ended {
            OraclePython.run(
                python.executable,
                ["-I", "\(OraclePython.package)/Benchmarks/oracles/compare.py", ours, theirs])
        }
    }

    @Test(
        .enabled(
            "its Python has no pip that serves other environments", { OraclePython.current?.hasPip == true }))
    func isThatOfPip() throws {
        let scene = try Scene()
        let installed = OraclePython.run(
            scene.python.executable,
            [
                "-I", "-m", "pip", "--python", "\(scene.theirs)/bin/python", "install", "--quiet",
                "--no-index", "--no-deps", "--no-compile",
            ]
                + scene.files)
        try #require(installed.succeeded, "\(installed)")
        let compared = scene.compare()
        #expect(compared.succeeded, "\(compared)")
        for command in [["check"], ["list", "--format", "json"]] {
            let answers = [scene.ours, scene.theirs].map {
                OraclePython.run(
                    scene.python.executable, ["-I", "-m", "pip", "--python", "\($0)/bin/python"] + command)
            }
            #expect(answers[0].succeeded && answers[0].output == answers[1].output, "\(answers)")
            #expect(command != ["check"] || answers[0].output.contains("No broken"), "\(answers[0])")
        }
    }

    @Test(.enabled("there is no uv", { OraclePython.uv != nil })) func isThatOfUv() throws {
        let scene = try Scene()
        let uv = try #require(OraclePython.uv)
        let installed = OraclePython.run(
            uv,
            [
                "pip", "install", "--quiet", "--python", "\(scene.theirs)/bin/python", "--no-index",
                "--no-deps", "--link-mode", "copy",
            ]
                + scene.files)
        try #require(installed.succeeded, "\(installed)")
        let compared = scene.compare()
        #expect(compared.succeeded, "\(compared)")
        let check = OraclePython.run(uv, ["pip", "check", "--python", "\(scene.ours)/bin/python"])
        #expect(check.succeeded, "\(check)")
    }

    /// The comparison is worth something: it sees a byte, a mode and a file.
    @Test(arguments: [
        "echo >>bin/shell-script", "chmod 600 bin/program", "touch share/extra", "rm etc/features.conf",
    ])
    func theComparisonSeesADifference(change: String) throws {
        let scene = try Scene()
        let copied = OraclePython.run("/bin/cp", ["-a", "\(scene.ours)/.", scene.theirs])
        try #require(copied.succeeded)
        #expect(scene.compare().succeeded)
        try #require(OraclePython.run("/bin/sh", ["-c", change], in: scene.theirs).succeeded)
        #expect(scene.compare().output.contains("DIFFERENCE"))
    }

    @Test func itsRunsAndIsDescribedAsItShould() throws {
        let scene = try Scene()
        let python = "\(scene.ours)/bin/python"
        let described = OraclePython.run(
            python, ["-I", "\(OraclePython.package)/Benchmarks/oracles/describe.py"])
        #expect(described.succeeded && described.output.contains("feature-set"), "\(described)")
        for name in [
            "feature", "feature-extra", "feature.gui", "python-script", "pip\(scene.python.minorVersion)",
        ] {
            let ended = OraclePython.run("\(scene.ours)/bin/\(name)", [])
            #expect(ended.succeeded, "\(name): \(ended)")
        }
    }
}
