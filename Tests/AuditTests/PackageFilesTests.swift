import Bundle
import Digests
import Failures
import Files
import TestSupport
import Testing

@testable import Audit

/// What an auditor sees of an archive, beside what a careless or hostile one would like to be seen.
@Suite struct PackageFilesTests {
    private let scratch = TemporaryDirectory()

    private func bundle(_ change: (inout BundleBuilder) -> Void) throws -> BundleReader {
        let written = try BundleBuilder {
            $0.wheels = []
            change(&$0)
        }.write(to: scratch, replace: true)
        return try BundleReader.open(written.path)
    }

    private func files(_ wheel: WheelBuilder) throws -> PackageFiles {
        let bundle = try bundle { $0.wheels = [wheel] }
        return try PackageFiles.read(bundle.manifest.archives[0], from: bundle)
    }

    private func files(_ package: CondaPackageBuilder) throws -> PackageFiles {
        let bundle = try bundle { $0.conda = [package] }
        return try PackageFiles.read(bundle.manifest.archives[0], from: bundle)
    }

    private let site = "lib/python3.11/site-packages"

    @Test func aWheelIsSeenWhereItGoes() throws {
        let found = try files(
            WheelBuilder("demo", files: [.init("demo/__init__.py", "x = 1\n")]) {
                $0.files.append(.init("demo-1.0.data/scripts/tool", "#!python\nprint()\n", mode: 0o100755))
                $0.files.append(.init("demo-1.0.data/data/share/demo.txt", "words"))
                $0.entryPoints = [(group: "console_scripts", lines: ["demo = demo.cli:main"])]
            })
        let paths = found.files.map(\.path)
        #expect(paths.contains("\(site)/demo/__init__.py"))
        #expect(paths.contains("share/demo.txt"))
        #expect(!paths.contains { $0.hasSuffix("/RECORD") }, "installing writes its own")
        #expect(found.entryPoints == ["demo = demo.cli:main"])
        let source = try #require(found.files.first { $0.path == "\(site)/demo/__init__.py" })
        #expect(source.sha256 == SHA256.hash("x = 1\n") && source.size == 6 && source.mode == "0644")
        #expect(source.rewritten == nil)
        let tool = try #require(found.files.first { $0.path == "bin/tool" })
        #expect(tool.mode == "0755" && tool.rewritten == true)
        #expect(found.hooks == [] && found.libraries == [])
    }

    @Test func aCondaPackageIsSeenWhereItGoes() throws {
        let package = CondaPackageBuilder(
            "demo", "1.0", "0",
            files: [
                .executable("bin/tool", "#!\(CondaPackageBuilder.placeholder)/bin/python\n").prefix(),
                .file("lib/libdemo.so.1", "words"), .symbolicLink("lib/libdemo.so", to: "libdemo.so.1"),
                .hardLink("lib/copy", to: "lib/libdemo.so.1"),
            ])
        for form in CondaPackageBuilder.Form.allCases {
            let found = try files(package.form(form))
            #expect(
                found.files.map(\.path) == ["bin/tool", "lib/copy", "lib/libdemo.so", "lib/libdemo.so.1"])
            #expect(found.files.map(\.rewritten) == [true, nil, nil, nil])
            #expect(found.files[0].mode == "0755")
            #expect(found.files[1].sha256 == SHA256.hash("words"))
            #expect(found.files[2].link == "libdemo.so.1" && found.files[2].sha256 == nil)
        }
    }

    @Test func aNoarchPackageIsSeenInSitePackages() throws {
        let found = try files(
            CondaPackageBuilder(
                "demo", "1.0", "py_0", files: [.file("site-packages/demo.pth", "import os\n")]
            ) {
                $0.noarch = .python
                $0.entryPoints = ["demo = demo:main"]
            })
        #expect(found.files.map(\.path) == ["\(site)/demo.pth"])
        #expect(found.hooks == [Hook(.pth, "\(site)/demo.pth")])
        #expect(found.entryPoints == ["demo = demo:main"])
    }

    @Test func setIdBitsAreShown() throws {
        let found = try files(
            CondaPackageBuilder("demo", "1.0", "0", files: [.file("bin/su", "x", permissions: 0o4755)]))
        #expect(found.files.map(\.mode) == ["4755"])
    }

    @Test func whatRunsWithoutBeingCalledIsNamed() throws {
        let conda = try files(
            CondaPackageBuilder(
                "demo", "1.0", "0",
                files: [
                    .file("etc/conda/activate.d/demo.sh", "export A=1\n"),
                    .file("etc/conda/deactivate.d/demo.sh", "unset A\n"),
                    .file("etc/conda/env_vars.d/demo.json", "{}"),
                    .file("\(site)/usercustomize/__init__.py", ""),
                    .file("lib/python3.11/sitecustomize.so", ""),
                    .file("share/activate.d/demo.sh", ""), .file("\(site)/demo/sitecustomize.py", ""),
                    .file("share/site-packages/demo.pth", ""),
                ]
            ) { $0.linkScripts = ["post-link": "touch x", "pre-unlink": "touch y"] })
        #expect(
            conda.hooks == [
                Hook(.postLink, "bin/.demo-post-link.sh"), Hook(.preUnlink, "bin/.demo-pre-unlink.sh"),
                Hook(.activate, "etc/conda/activate.d/demo.sh"),
                Hook(.deactivate, "etc/conda/deactivate.d/demo.sh"),
                Hook(.variables, "etc/conda/env_vars.d/demo.json"),
                Hook(.usercustomize, "\(site)/usercustomize/__init__.py"),
                Hook(.sitecustomize, "lib/python3.11/sitecustomize.so"),
            ])
        let wheel = try files(
            WheelBuilder(
                "demo",
                files: [
                    .init("demo.pth", "import demo\n"), .init("sitecustomize.py", ""),
                    .init("sitecustomize_notes.py", ""), .init("demo/data.pth", ""),
                ]))
        #expect(wheel.hooks.map(\.path) == ["\(site)/demo.pth", "\(site)/sitecustomize.py"])
    }

    @Test func nativeLibrariesSayWhatTheyNeed() throws {
        // One that is kept in memory, one that is not, one that only begins like a library, and one too short.
        let small = ToyLibrary().bytes()
        let large = ToyLibrary().bytes() + [UInt8](repeating: 7, count: 9 << 20)
        let members: [(String, [UInt8])] = [
            ("small.so", small), ("large.so", large), ("broken.so", Array(small.prefix(40))),
            ("short.so", Array(small.prefix(3))), ("words.so", Array("words".utf8)),
        ]
        let wheel = try files(
            WheelBuilder("demo", files: members.map { .init("demo/\($0.0)", $0.1) }))
        let conda = try files(
            CondaPackageBuilder(
                "demo", "1.0", "0", files: members.map { .file("\(site)/demo/\($0.0)", $0.1) }))
        for found in [wheel, conda] {
            #expect(
                found.libraries.map { String($0.path.dropFirst(site.count + 6)) } == [
                    "broken.so", "large.so", "small.so",
                ])
            #expect(found.libraries[0].fault?.contains("broken.so") == true)
            for library in found.libraries.dropFirst() {
                #expect(library.machine == "x86_64" && library.glibc == "2.34" && library.fault == nil)
                #expect(library.needed == ["libz.so.1", "libc.so.6"])
                #expect(library.runpath == ["$ORIGIN", "/opt/toy/lib"])
            }
            let file = try #require(found.files.first { $0.path.hasSuffix("/large.so") })
            #expect(file.sha256 == SHA256.hash(large))
        }
    }

    @Test func anArchiveThatIsNotTheManifestsIsAnError() throws {
        let sound = WheelBuilder("demo")
        for kind in ["wheel", "conda"] {
            let bundle = try bundle {
                if kind == "wheel" { $0.wheels = [sound] } else { $0.conda = [CondaPackageBuilder("demo")] }
            }
            var archive = bundle.manifest.archives[0]
            #expect(throws: Never.self) { try PackageFiles.read(archive, from: bundle) }
            archive.sha256 = SHA256.hash("another")
            let failure = #expect(throws: (any Error).self) { try PackageFiles.read(archive, from: bundle) }
            #expect((failure as? any Failure)?.kind == .damaged)
            #expect("\(try #require(failure))".contains("SHA-256"))
        }
    }

    @Test func severalAreReadInTheirOrder() throws {
        let bundle = try bundle {
            $0.wheels = (1...9).map { number in
                WheelBuilder(
                    "demo\(number)",
                    files: [.init("demo\(number).py", [UInt8](repeating: 0, count: 100 * (number % 4)))])
            }
        }
        let all = try PackageFiles.read(bundle.manifest.archives, from: bundle, jobs: 3)
        let one = try bundle.manifest.archives.map { try PackageFiles.read($0, from: bundle) }
        #expect(all == one && all.count == 9)
    }

    @Test func theApplicationsOwnFilesAreRead() throws {
        let bundle = try bundle {
            $0.ownFiles = [
                .init("\(site)/own.pth", "import payroll\n"),
                .init("etc/app.toml", "port = 1\n", mode: "0600"),
            ]
        }
        let found = try PackageFiles.application(of: bundle)
        #expect(found.files.map(\.path) == ["etc/app.toml", "\(site)/own.pth"])
        #expect(found.files.map(\.mode) == ["0600", "0644"])
        #expect(found.hooks == [Hook(.pth, "\(site)/own.pth")])
    }
}
