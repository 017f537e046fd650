import Bundle
import Digests
import Failures
import TestSupport
import Testing

@testable import Install

/// Two archives that bring one path: conda packages among themselves, and wheels over conda packages.
@Suite struct CondaClaimsTests {
    typealias Builder = CondaPackageBuilder

    static func a(_ path: String, _ text: String) -> Builder { Builder("a", files: [.file(path, text)]) }
    static func b(_ path: String, _ text: String) -> Builder { Builder("b", files: [.file(path, text)]) }

    private static func wins(_ winner: String, over loser: String, _ paths: [String]? = nil)
        -> Manifest.Override
    {
        Manifest.Override(subject: winner, rule: "clobber", reason: "tried", over: loser, paths: paths)
    }

    @Test func `equal files are written once and belong to both`() throws {
        let scene = try CondaScene([Self.a("share/x", "same"), Self.b("share/x", "same")])
        #expect(scene.conflicts == [])
        let result = try scene.unpack()
        #expect(try scene.text("share/x") == "same")
        #expect(result.files.map(\.path.string) == ["share/x"])
        #expect(result.shared.map(\.path.string) == ["share/x"])
        #expect(scene.conda.map { $0.members.map(\.role) } == [[.file], [.shared]])
    }

    @Test(arguments: [
        Case("other contents", (Self.a("share/x", "one"), Self.b("share/x", "two"))),
        Case("other sizes", (Self.a("share/x", "one"), Self.b("share/x", "three"))),
        Case(
            "a file where the other needs a directory", (Self.a("share/x", "one"), Self.b("share/x/y", "one"))
        ),
        Case(
            "a directory where the other has a file", (Self.a("share/x/y", "one"), Self.b("share/x", "one"))),
        Case(
            "an empty directory where the other has a file",
            (Builder("a", files: [.directory("share/x")]), Self.b("share/x", "one"))),
        Case(
            "a file where the other has an empty directory",
            (Self.a("share/x", "one"), Builder("b", files: [.directory("share/x")]))),
        Case(
            "a link through which the other writes",
            (Builder("a", files: [.symbolicLink("share/x", to: "../lib")]), Self.b("share/x/y", "one"))),
        Case(
            "equal files into which the prefix goes",
            (
                Builder("a", files: [.file("share/x", "same").prefix()]),
                Builder("b", files: [.file("share/x", "same").prefix()])
            )),
        Case(
            "equal files of lists without digests",
            (
                Self.a("share/x", "same").with { $0.isLegacy = true },
                Self.b("share/x", "same").with { $0.isLegacy = true }
            )),
        Case(
            "two links",
            (
                Builder("a", files: [.symbolicLink("share/x", to: "y")]),
                Builder("b", files: [.symbolicLink("share/x", to: "z")])
            )),
        Case(
            "one command of two packages",
            (
                Builder("a", files: []) { ($0.noarch, $0.entryPoints) = (.python, ["x = a:main"]) },
                Builder("b", files: []) { ($0.noarch, $0.entryPoints) = (.python, ["x = b:main"]) }
            )),
        Case(
            "a command and a file",
            (
                Builder("a", files: []) { ($0.noarch, $0.entryPoints) = (.python, ["x = a:main"]) },
                Self.b("bin/x", "x")
            )),
        Case(
            "noarch Python over site-packages",
            (
                Builder("a", files: [.file("site-packages/x.py", "1")]) { $0.noarch = .python },
                Self.b("\(CondaScene.site)/x.py", "2")
            )),
    ])
    func `with different contents is a conflict that names both`(_ claim: Case<(Builder, Builder)>) throws {
        let (first, second) = claim.value
        for packages in [[first, second], [second, first]] {
            let scene = try CondaScene(packages)
            let conflict = try #require(scene.claims.conflicts.first)
            #expect(Set([conflict.first, conflict.second]) == ["a-1.0-0.conda", "b-1.0-0.conda"])
            #expect(conflict.description.contains("'\(conflict.path)'"))
        }
        // Each alone is fine.
        for package in [first, second] { #expect(try CondaScene(package).conflicts == []) }
    }

    @Test(arguments: [false, true])
    func `an override decides, and says where`(reversed: Bool) throws {
        let packages = [
            Builder("a", files: [.file("share/x", "of a"), .file("share/a", "a")]),
            Builder("b", files: [.file("share/x", "of b"), .file("share/b", "b")]),
        ]
        for (winner, loser) in [("a", "b"), ("b", "a"), ("a-1.0-0.conda", "b-1.0-0.conda")] {
            let scene = try CondaScene(
                reversed ? packages.reversed() : packages, overrides: [Self.wins(winner, over: loser)])
            #expect(scene.conflicts == [])
            #expect(scene.claims.overrides == [Self.wins(winner, over: loser, ["share/x"])])
            let result = try scene.unpack()
            #expect(try scene.text("share/x") == "of \(winner.prefix(1))")
            #expect(result.files.count == 3 && Set(result.files.map(\.path)).count == 3)
        }
        let nobody = try CondaScene(packages, overrides: [Self.wins("a", over: "c")])
        #expect(nobody.conflicts == ["share/x"])
    }

    @Test func `what gives way is checked all the same`() throws {
        let loser = Self.b("share/x", "of b")
        let overrides = [Self.wins("a", over: "b")]
        try CondaScene([Self.a("share/x", "of a"), loser], overrides: overrides).unpack()
        let wrong = loser.with { $0.editMembers = { $0[0].content = Array("OF B".utf8) } }
        let error = failure {
            try CondaScene([Self.a("share/x", "of a"), wrong], overrides: overrides).unpack()
        }
        #expect(error?.description.contains("SHA-256 should be") == true)
    }

    @Test func `no override makes a directory of a file`() throws {
        let scene = try CondaScene(
            [Self.a("share/x", "one"), Self.b("share/x/y", "one")],
            overrides: [Self.wins("a", over: "b"), Self.wins("b", over: "a")])
        #expect(scene.conflicts == ["share/x"])
    }

    @Test func `of three, each that gives way is named`() throws {
        let packages = ["a", "b", "c"].map { Builder($0, files: [.file("share/x", "of \($0)")]) }
        #expect(try CondaScene(packages, overrides: [Self.wins("c", over: "a")]).conflicts != [])
        let scene = try CondaScene(
            packages,
            overrides: [Self.wins("c", over: "a"), Self.wins("a", over: "b"), Self.wins("c", over: "b")])
        #expect(scene.conflicts == [])
        try scene.unpack()
        #expect(try scene.text("share/x") == "of c")
        // Where two share a file, both must give way.
        let shared = [Self.a("share/x", "same"), Self.b("share/x", "same"), packages[2]]
        #expect(try CondaScene(shared, overrides: [Self.wins("c", over: "a")]).conflicts == ["share/x"])
        let both = try CondaScene(shared, overrides: [Self.wins("c", over: "a"), Self.wins("c", over: "b")])
        #expect(both.conflicts == [])
        let result = try both.unpack()
        #expect(try both.text("share/x") == "of c")
        #expect(result.shared.isEmpty)
    }

    @Test func `a command that gives way is not written`() throws {
        let command = Builder("a", files: []) { ($0.noarch, $0.entryPoints) = (.python, ["x = a:main"]) }
        let file = Self.b("bin/x", "of b")
        let scene = try CondaScene([command, file], overrides: [Self.wins("b", over: "a")])
        try scene.unpack()
        #expect(try scene.text("bin/x") == "of b")
        let other = try CondaScene([command, file], overrides: [Self.wins("a", over: "b")])
        try other.unpack()
        #expect(try other.text("bin/x").contains("from a import main"))
    }

    @Test func `a hard link to a file that gave way keeps its own bytes`() throws {
        let perl = Builder(
            "perl", files: [.file("bin/perl", "real"), .hardLink("bin/perl5", to: "bin/perl")])
        let scene = try CondaScene(
            [perl, Self.a("bin/perl", "of a")], overrides: [Self.wins("a", over: "perl")])
        try scene.unpack()
        #expect(try scene.text("bin/perl") == "of a")
        #expect(try scene.text("bin/perl5") == "real")
    }

    // Wheels

    private static func wheel(_ path: String, _ text: String) -> WheelBuilder {
        WheelBuilder("other", "2.5") { $0.files.append(.init(path, text)) }
    }

    @Test func `a wheel over a conda package's file is a conflict unless they are equal`() throws {
        let conda = Self.a("\(CondaScene.site)/space/x.py", "x = 1\n")
        let equal = try CondaScene([conda], wheels: [Self.wheel("space/x.py", "x = 1\n")])
        #expect(equal.conflicts == [])
        let result = try equal.unpack()
        #expect(result.shared.map(\.path.string) == ["\(CondaScene.site)/space/x.py"])
        #expect(
            try equal.text("\(CondaScene.site)/other-2.5.dist-info/RECORD").contains("space/x.py,sha256="))

        for text in ["x = 2\n", "x = 10\n"] {
            let scene = try CondaScene([conda], wheels: [Self.wheel("space/x.py", text)])
            let conflict = try #require(scene.claims.conflicts.first)
            #expect(conflict.first == "a-1.0-0.conda" && conflict.second.hasPrefix("other-2.5"))
        }
        let elsewhere = try CondaScene([conda], wheels: [Self.wheel("space/y.py", "x = 2\n")])
        #expect(elsewhere.conflicts == [])
    }

    @Test func `an override decides between a wheel and a conda package`() throws {
        let path = "\(CondaScene.site)/space/x.py"
        let conda = Self.a(path, "conda\n")
        let wheel = Self.wheel("space/x.py", "wheel\n")
        for (winner, loser, text) in [("other", "a", "wheel\n"), ("a", "other", "conda\n")] {
            let scene = try CondaScene([conda], wheels: [wheel], overrides: [Self.wins(winner, over: loser)])
            #expect(scene.claims.overrides[0].paths == [path])
            try scene.unpack()
            #expect(try scene.text(path) == text)
            let record = try scene.text("\(CondaScene.site)/other-2.5.dist-info/RECORD")
            #expect(record.contains("space/x.py") == (winner == "other"))
        }
    }

    @Test(arguments: [
        "Other-2.5.dist-info/METADATA", "OTHER-2.4-py3.11.egg-info", "other-1.egg-info/PKG-INFO",
    ])
    func `a wheel of a project that is there as a conda package is refused with both names`(
        metadata: String
    ) throws {
        let conda = Builder("python-other", files: [.file("site-packages/\(metadata)", "x")]) {
            $0.noarch = .python
        }
        let scene = try CondaScene([conda], wheels: [Self.wheel("y.py", "")])
        let conflict = try #require(scene.claims.conflicts.first { $0.distribution == "other" })
        #expect(conflict.description.contains("python-other-1.0-0.conda"))
        #expect(conflict.description.contains("other-2.5-py3-none-any.whl"))
        let twin = try CondaScene([conda], wheels: [WheelBuilder("another", "2.5")])
        #expect(twin.conflicts == [])
    }

    @Test func `wheels keep out of the standard library that they would change`() throws {
        for path in ["lib/python3.11/encodings/x.py", "lib/python311.zip", "lib/python3.11/x.so"] {
            let error = failure {
                _ = try CondaScene([], wheels: [Self.wheel("other-2.5.data/data/\(path)", "x")])
            }
            #expect(error?.description.contains("standard library") == true, "\(path)")
        }
        let headers = try CondaScene(
            [],
            wheels: [
                WheelBuilder("other", "2.5") {
                    $0.files += [
                        .init("other-2.5.data/headers/other.h", "x"),
                        .init("other-2.5.data/data/share/lib/python3.11/x", "x"),
                        .init("other-2.5.data/scripts/run", "#!python\nprint(1)\n"),
                    ]
                }
            ])
        try headers.unpack()
        #expect(try headers.text("include/python3.11/other/other.h") == "x")
        #expect(try headers.text("bin/run") == "#!/opt/demo/bin/python3.11\nprint(1)\n")
    }

    @Test func `wheels keep out of the environment's records, and say what activating would run`() throws {
        for path in ["conda-meta/x-1.0-0.json", "conda-meta/history", ".airlift/more"] {
            let error = failure {
                _ = try CondaScene([], wheels: [Self.wheel("other-2.5.data/data/\(path)", "x")])
            }
            #expect(error?.description.contains("records are kept there") == true, "\(path)")
        }
        let scratch = TemporaryDirectory()
        let built = try Self.wheel("other-2.5.data/data/etc/conda/activate.d/x.sh", "x").write(to: scratch)
        #expect(try WheelCheck.run(built.path).hooks == ["etc/conda/activate.d/x.sh"])
    }

    @Test func `conda's own script of activation stays`() throws {
        let conda = Self.a("bin/activate", "conda's")
        let scene = try CondaScene([conda])
        #expect(scene.conflicts == [])
        #expect(scene.claims.owner(of: try .init("bin/activate")) == "a-1.0-0.conda")
        #expect(scene.claims.owner(of: try .init("bin/airlift-activate")) == "Airlift")
        let wheel = try CondaScene(
            [], wheels: [Self.wheel("other-2.5.data/scripts/activate", "x")])
        #expect(wheel.conflicts == ["bin/activate"])
    }

    @Test func `names that differ by case are told`() throws {
        let scene = try CondaScene([Self.a("share/X", "1"), Self.b("share/x", "2")])
        #expect(scene.conflicts == [])
        #expect(scene.claims.caseCollisions.map { [$0.0, $0.1] } == [["share/X", "share/x"]])
        try scene.unpack()
        #expect(try scene.text("share/X") == "1" && scene.text("share/x") == "2")
    }
}
