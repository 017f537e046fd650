import Bundle
import Digests
import Failures
import Files
import TestSupport
import Testing

@testable import Install

/// What a conda package becomes on disk.
@Suite struct CondaPlacingTests {
    typealias Builder = CondaPackageBuilder
    private static let placeholder = CondaPackageBuilder.placeholder

    private static func binary(_ strings: String...) -> [UInt8] {
        Array("\u{7f}ELF".utf8) + strings.flatMap { Array($0.utf8) + [0] } + [1, 2, 3]
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases, [false, true])
    func `a package lands as it is`(form: CondaPackageBuilder.Form, isLegacy: Bool) throws {
        let files: [Builder.File] = [
            .executable("bin/demo", "#!/bin/sh\n"), .file("share/demo/é.txt", "text"), .file("share/empty"),
            .symbolicLink("lib/libdemo.so", to: "libdemo.so.1"), .file("lib/libdemo.so.1", "elf"),
            .symbolicLink("share/libraries", to: "../lib"), .symbolicLink("share/broken", to: "nowhere"),
        ]
        let scene = try CondaScene(
            Builder("demo", files: files) {
                $0.form = form
                $0.isLegacy = isLegacy
            })
        let result = try scene.unpack()
        #expect(
            Set(try scene.paths()) == Set(files.map(\.path)))
        #expect(result.files.count == files.count)
        #expect(try scene.text("share/demo/é.txt") == "text")
        #expect(try scene.status("bin/demo")?.permissions == 0o755)
        #expect(try scene.status("share/empty")?.permissions == 0o644)
        #expect(try scene.status("bin/demo")?.modificationTime == 1_700_000_000)
        #expect(try scene.link("share/libraries") == "../lib")
        #expect(try scene.link("share/broken") == "nowhere")
    }

    @Test(
        arguments: [
            (0o664, 0o644), (0o775, 0o755), (0o666, 0o644), (0o777, 0o755), (0o600, 0o644), (0o700, 0o755),
            (0o444, 0o444), (0o555, 0o555), (0o640, 0o644), (0o000, 0o444),
        ] as [(UInt32, UInt32)])
    func `only the owner may write, and all may read`(mode: UInt32, expected: UInt32) throws {
        let scene = try CondaScene(Builder("demo", files: [.file("x", "x", permissions: mode)]))
        let result = try scene.unpack()
        #expect(try scene.status("x")?.permissions == expected)
        #expect(result.files.map(\.permissions) == [expected])
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases, [false, true])
    func `the prefix takes the place of placeholders`(form: CondaPackageBuilder.Form, isLegacy: Bool) throws {
        let text = "#!\(Self.placeholder)/bin/sh\na=\(Self.placeholder)/a:\(Self.placeholder)/b\n"
        let bytes = Self.binary(
            "\(Self.placeholder)/lib", "\(Self.placeholder)/a:\(Self.placeholder)/b", "other")
        let scene = try CondaScene(
            Builder(
                "demo",
                files: [
                    .executable("bin/demo", text).prefix(),
                    .file("lib/demo.so", bytes).prefix(CondaPackageBuilder.placeholder, .binary),
                    .file("share/unlisted", text),
                ]
            ) {
                $0.form = form
                $0.isLegacy = isLegacy
            })
        let result = try scene.unpack()
        #expect(try scene.text("bin/demo") == "#!/opt/demo/bin/sh\na=/opt/demo/a:/opt/demo/b\n")
        let gap = Self.placeholder.utf8.count - "/opt/demo".utf8.count
        let zeros = [UInt8](repeating: 0, count: gap)
        #expect(
            try scene.bytes("lib/demo.so") == Array("\u{7f}ELF".utf8) + Array("/opt/demo/lib".utf8) + zeros
                + [0]
                + Array("/opt/demo/a:/opt/demo/b".utf8) + zeros + zeros + [0] + Array("other".utf8)
                + [0, 1, 2, 3])
        #expect(try scene.text("share/unlisted") == text)
        for file in result.files {
            guard case .bytes(let size, let digest) = file.content else { continue }
            let bytes = try scene.bytes(file.path.string)
            #expect(size == UInt64(bytes.count) && digest == SHA256.hash(bytes))
        }
    }

    @Test func `a prefix longer than a placeholder is known before anything is written`() throws {
        let short = "/opt/placeholder_16"
        let long = Builder(
            "demo",
            files: [.file("lib/long.so", Self.binary(Self.placeholder)).prefix(Self.placeholder, .binary)])
        let other = Builder(
            "other",
            files: [
                .file("lib/short.so", Self.binary(short)).prefix(short, .binary),
                .file("etc/short.conf", "at /s").prefix("/s"),
            ])
        let scene = try CondaScene([long, other])
        #expect(scene.conda[0].shortestPlaceholder?.bytes == 255)
        #expect(scene.conda[1].shortestPlaceholder?.path.string == "lib/short.so")
        #expect(scene.conda[1].shortestPlaceholder?.bytes == short.utf8.count)
        let fits = "/" + String(repeating: "x", count: short.utf8.count - 1)
        try scene.unpack(prefix: fits)
        #expect(try scene.text("etc/short.conf") == "at \(fits)")
        let error = failure { try CondaScene([long, other]).unpack(prefix: fits + "x") }
        #expect(error?.description.contains("other-1.0-0.conda") == true)
    }

    @Test func `empty directories are made`() throws {
        let scene = try CondaScene([
            Builder("demo", files: [.directory("var/log/demo"), .file("share/x", "x")]),
            Builder("other", files: [.directory("var/log"), .directory("var/log/demo")]),
        ])
        #expect(scene.conflicts == [])
        let result = try scene.unpack()
        #expect(try scene.status("var/log/demo")?.kind == .directory)
        #expect(result.files.filter { $0.content == .directory }.map(\.path.string).contains("var/log/demo"))
    }

    /// Archives may name every directory of theirs; only those of the list are made.
    @Test func `a directory that only the archive names is not made`() throws {
        let scene = try CondaScene(
            Builder("demo", files: [.file("share/x", "x")]) {
                $0.editMembers = { members in
                    members.insert(TarFixture.Member("share/", type: "5", []), at: 0)
                    members.append(TarFixture.Member("nothing/", type: "5", []))
                }
            })
        try scene.unpack()
        #expect(try scene.status("nothing") == nil)
        #expect(try scene.text("share/x") == "x")
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `hard links stay hard links, unless the prefix or a rule parts them`(form: CondaPackageBuilder.Form)
        throws
    {
        let text = "p=\(Self.placeholder)\n"
        let scene = try CondaScene(
            Builder(
                "demo",
                files: [
                    .executable("bin/perl", "binary"), .hardLink("bin/perl5", to: "bin/perl"),
                    .file("etc/a", text).prefix(), .hardLink("etc/b", to: "etc/a"),
                    .hardLink("etc/c", to: "etc/a"), .file("etc/d", text),
                    .hardLink("etc/e", to: "etc/d").prefix(),
                    .file("lib/f", "f"), .hardLink("lib/g", to: "lib/f").withoutLinking(),
                ]
            ) { $0.form = form })
        let result = try scene.unpack()
        #expect(try scene.status("bin/perl")?.inode == scene.status("bin/perl5")?.inode)
        #expect(try scene.status("bin/perl5")?.permissions == 0o755)
        #expect(try scene.text("etc/a") == "p=/opt/demo\n")
        #expect(try scene.text("etc/b") == text)
        #expect(try scene.text("etc/c") == text)
        #expect(try scene.text("etc/d") == text)
        #expect(try scene.text("etc/e") == "p=/opt/demo\n")
        #expect(try scene.status("lib/f")?.inode != scene.status("lib/g")?.inode)
        #expect(try scene.text("lib/g") == "f")
        #expect(Set(result.files.map(\.path)).count == 9)
        for file in result.files {
            guard case .bytes(let size, let digest) = file.content else { continue }
            let bytes = try scene.bytes(file.path.string)
            #expect(size == UInt64(bytes.count) && digest == SHA256.hash(bytes), "\(file.path)")
        }
    }

    @Test func `a hard link has the size and digest that its list gives it`() throws {
        let package = Builder("demo", files: [.file("a", "a"), .hardLink("b", to: "a")])
        #expect(refusal(of: package)?.description == nil)
        let wrong = package.with { $0.editPaths = { $0[1].sha256 = SHA256.hash("b").hex } }
        #expect(refusal(of: wrong)?.description.contains("SHA-256 should be") == true)
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `noarch Python goes where the environment's Python looks`(form: CondaPackageBuilder.Form) throws {
        let scene = try CondaScene(
            Builder(
                "demo",
                files: [
                    .file("site-packages/demo/__init__.py", "x = 1\n"),
                    .file("site-packages/demo-1.0.dist-info/METADATA", "Name: demo\n"),
                    .executable("python-scripts/demo-script", "#!\(Self.placeholder)/bin/python\n").prefix(),
                    .file("share/demo.txt", "x"), .symbolicLink("site-packages/link", to: "demo"),
                ]
            ) {
                $0.form = form
                $0.noarch = .python
                $0.entryPoints = ["demo = demo.cli:main", "demo-tool = demo:tools.run"]
            })
        let result = try scene.unpack()
        #expect(
            Set(try scene.paths()) == [
                "bin/demo", "bin/demo-script", "bin/demo-tool", "\(CondaScene.site)/demo/__init__.py",
                "\(CondaScene.site)/demo-1.0.dist-info/METADATA", "\(CondaScene.site)/link", "share/demo.txt",
            ])
        #expect(try scene.text("bin/demo").hasPrefix("#!/opt/demo/bin/python3.11\n"))
        #expect(try scene.text("bin/demo").contains("from demo.cli import main"))
        #expect(try scene.text("bin/demo-tool").contains("from demo import tools"))
        #expect(try scene.status("bin/demo")?.permissions == 0o755)
        #expect(try scene.text("bin/demo-script") == "#!/opt/demo/bin/python\n")
        #expect(result.files.count == 7)
        #expect(scene.conda[0].sources.map(\.string) == ["\(CondaScene.site)/demo/__init__.py"])
        #expect(scene.conda[0].provides.map(\.name) == ["demo"])
        #expect(scene.conda[0].provides.map(\.version) == ["1.0"])
    }

    @Test func `free-threaded Python has site-packages of its own`() throws {
        let scratch = TemporaryDirectory()
        let built = try Builder("python", "3.13.1", "h1_1_cp313t", files: [.file("bin/python3.13", "x")])
            .write(to: scratch)
        let record = try CondaContents.info(of: .init(path: built.path), filename: built.filename).index
        let python = try Manifest.Python(conda: record)
        #expect(python.sitePackages == "lib/python3.13t/site-packages")
        #expect(python.abi == "cp313t" && python.cacheTag == "cpython-313")
        let demo = Builder("demo", files: [.file("site-packages/demo.py", "")]) { $0.noarch = .python }
        let scene = try CondaScene([demo], python: python)
        try scene.unpack()
        #expect(try scene.paths() == ["lib/python3.13t/site-packages/demo.py"])
    }

    @Test func `byte code of a source that the prefix changes is left to be made anew`() throws {
        let cache = "lib/python3.11/__pycache__"
        let files: [Builder.File] = [
            .file("lib/python3.11/config.py", "prefix = '\(Self.placeholder)'\n").prefix(),
            .file("\(cache)/config.cpython-311.pyc", "old"),
            .file("\(cache)/config.cpython-311.opt-1.pyc", "old"),
            .file("lib/python3.11/plain.py", "x = 1\n"), .file("\(cache)/plain.cpython-311.pyc", "kept"),
        ]
        let scene = try CondaScene(Builder("demo", files: files))
        try scene.unpack()
        #expect(
            Set(try scene.paths()) == [
                "lib/python3.11/config.py", "lib/python3.11/plain.py", "\(cache)/plain.cpython-311.pyc",
            ])
        #expect(scene.conda[0].sources.map(\.string) == ["lib/python3.11/config.py"])
        // Of wrong bytes it is told all the same.
        let wrong = Builder("demo", files: files) { $0.editPaths = { $0[1].size = 99 } }
        #expect(refusal(of: wrong) != nil)
    }

    @Test func `what runs by itself, menus and the C library are known before anything lands`() throws {
        let scene = try CondaScene(
            Builder(
                "demo",
                files: [
                    .file("\(CondaScene.site)/demo.pth", "import demo\n"),
                    .file("\(CondaScene.site)/x/y.pth", ""),
                    .file("\(CondaScene.site)/sitecustomize.py", ""),
                    .file("etc/conda/activate.d/demo.sh", ""),
                    .file("etc/conda/deactivate.d/demo.sh", ""),
                ]
            ) {
                $0.linkScripts = ["post-link": "exit 0\n", "pre-unlink": "exit 0\n"]
                $0.menus = ["demo.json": "{}"]
                $0.depends = ["__glibc >=2.17,<3.0.a0", "libgcc-ng >=12", "__glibc >=2.28"]
            })
        #expect(
            scene.conda[0].hooks(CondaScene.python) == [
                "link script post-link", "link script pre-unlink", "etc/conda/activate.d/demo.sh",
                "etc/conda/deactivate.d/demo.sh", "\(CondaScene.site)/demo.pth",
                "\(CondaScene.site)/sitecustomize.py",
            ])
        #expect(scene.conda[0].info.menus == ["Menu/demo.json"])
        #expect(scene.conda[0].glibc == "2.28")
    }

    @Test func `inspecting a package finds what installing it writes`() throws {
        let package = Builder(
            "demo", files: [.file("a", "12345"), .hardLink("b", to: "a"), .symbolicLink("c", to: "a")])
        let scratch = TemporaryDirectory()
        let built = try package.write(to: scratch)
        for isKnownSound in [false, true] {
            let (inspection, contents) = try CondaInspection.run(
                CondaScene.archive(package, built), in: .init(path: built.path), python: CondaScene.python,
                isKnownSound: isKnownSound)
            #expect(inspection.files == 3 && inspection.bytes == 10)
            #expect(inspection.license == "BSD-3-Clause")
            #expect(contents.members.count == 3)
        }
        let wrong = package.with { $0.editPaths = { $0[0].size = 4 } }
        let other = try wrong.write(to: scratch, below: "wrong")
        func inspect(_ isKnownSound: Bool) throws {
            _ = try CondaInspection.run(
                CondaScene.archive(wrong, other), in: .init(path: other.path), python: CondaScene.python,
                isKnownSound: isKnownSound)
        }
        #expect(failure { try inspect(false) } != nil)
        #expect(failure { try inspect(true) } == nil)
    }
}
