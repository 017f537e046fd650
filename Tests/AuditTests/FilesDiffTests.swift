import Bundle
import Digests
import Testing

@testable import Audit

/// What differs between the files of two versions of a package.
@Suite struct FilesDiffTests {
    private func python(_ version: String) -> Manifest.Python {
        let minor = version.split(separator: ".").prefix(2).joined(separator: ".")
        let digits = minor.split(separator: ".").joined()
        return .init(
            source: .conda, implementation: "cpython", version: version, abi: "cp\(digits)",
            cacheTag: "cpython-\(digits)", executable: "bin/python\(minor)",
            sitePackages: "lib/python\(minor)/site-packages")
    }

    private func file(
        _ path: String, _ text: String = "x", mode: String = "0644", rewritten: Bool? = nil
    ) -> PackageFiles.File {
        .init(
            path: path, mode: mode, size: UInt64(text.utf8.count), sha256: Example.digest(text),
            rewritten: rewritten)
    }

    private func diff(
        _ from: PackageFiles, _ to: PackageFiles, _ old: String = "3.11.2", _ new: String = "3.11.2",
        isInstalled: Bool = false
    ) -> FilesDiff {
        FilesDiff(
            from: .init(from, python: python(old), isInstalled: isInstalled),
            to: .init(to, python: python(new)))
    }

    private func files(_ diff: FilesDiff) -> [String] {
        diff.files.map { "\($0.change.rawValue) \($0.path)" }
    }

    @Test func filesComeAndGoAndChange() {
        let diff = diff(
            .init(files: [file("a"), file("b"), file("c"), file("d")]),
            .init(files: [file("b"), file("c", "y"), file("d", mode: "0755"), file("e")]))
        #expect(files(diff) == ["removed a", "changed c", "changed d", "added e"])
        let same = PackageFiles(files: [file("a")])
        #expect(self.diff(same, same).isEmpty)
    }

    @Test func aLinkThatLeadsElsewhereIsAChange() {
        func link(_ target: String) -> PackageFiles {
            .init(files: [.init(path: "lib/a.so", mode: "0777", link: target)])
        }
        #expect(files(diff(link("a.so.1"), link("a.so.2"))) == ["changed lib/a.so"])
        #expect(diff(link("a.so.1"), link("a.so.1")).isEmpty)
        #expect(
            files(diff(link("a.so.1"), .init(files: [file("lib/a.so")]))) == ["changed lib/a.so"],
            "a link became a file")
    }

    /// Composed and decomposed forms are two files, although Swift holds the texts for equal.
    @Test func namesAreComparedByTheirBytes() {
        let diff = diff(
            .init(files: [file("caf\u{E9}.py", "good")]), .init(files: [file("cafe\u{301}.py", "evil")]))
        #expect(diff.files.count == 2)
        let both = PackageFiles(files: [file("caf\u{E9}.py", "good"), file("cafe\u{301}.py", "evil")])
        #expect(self.diff(both, both).isEmpty)
    }

    @Test func anotherPythonMovesDirectoriesAndChangesNothing() {
        let old = PackageFiles(
            files: [
                file("lib/python3.11/site-packages/a/x.cpython-311-x86_64-linux-gnu.so"),
                file("lib/python3.11/site-packages/a-1.0.dist-info/METADATA"),
                file("lib/python3.11/site-packages/a.pth"),
            ], hooks: [Hook(.pth, "lib/python3.11/site-packages/a.pth")])
        let new = PackageFiles(
            files: [
                file("lib/python3.12/site-packages/a/x.cpython-312-x86_64-linux-gnu.so"),
                file("lib/python3.12/site-packages/a-1.1.dist-info/METADATA"),
                file("lib/python3.12/site-packages/a.pth"),
            ], hooks: [Hook(.pth, "lib/python3.12/site-packages/a.pth")])
        #expect(diff(old, new, "3.11.2", "3.12.1").isEmpty)
        #expect(!diff(old, new, "3.11.2", "3.11.2").isEmpty, "under one Python it is another place")
    }

    @Test func aHookWithOtherContentsIsAChangeToo() {
        let path = "lib/python3.11/site-packages/a.pth"
        func package(_ text: String) -> PackageFiles {
            .init(files: [file(path, text)], hooks: [Hook(.pth, path)])
        }
        #expect(
            diff(package("a"), package("import evil")).hooks == [
                .init(change: .changed, kind: .pth, path: path)
            ])
        #expect(diff(.init(), package("a")).hooks.map(\.change) == [.added])
        #expect(diff(package("a"), .init()).hooks.map(\.change) == [.removed])
        #expect(diff(package("a"), package("a")).hooks == [])
    }

    @Test func commandsAreComparedByNameAndByWhatTheyCall() {
        let diff = diff(
            .init(entryPoints: ["a = m:f", "b = m:f", "c = m:f"]),
            .init(entryPoints: ["b = m:f", "c = evil:f", "d = m:f"]))
        #expect(
            diff.entryPoints.map { "\($0.change.rawValue) \($0.name)" } == [
                "removed a", "changed c", "added d",
            ])
        #expect(diff.entryPoints[1].from == "m:f" && diff.entryPoints[1].to == "evil:f")
        #expect(
            self.diff(.init(entryPoints: ["a"]), .init(entryPoints: ["a = m:f"])).isEmpty, "not told on disk")
    }

    private func library(
        _ path: String, needed: [String] = ["libc.so.6"], glibc: String? = "2.17", runpath: [String] = []
    ) -> NativeLibrary {
        .init(path: path, machine: "x86_64", needed: needed, glibc: glibc, runpath: runpath)
    }

    @Test(arguments: [
        ("lib/libz.so.1.3", "lib/libz.so.1.3.1"), ("lib/libz.so", "lib/libz.so.2"),
        ("numpy.libs/libgfortran-040039e1.so.5.0.0", "numpy.libs/libgfortran-84d9a1e7f3.so.5.0.0"),
        ("lib/libopenblasp-r0.3.21.so", "lib/libopenblasp-r0.3.21.so"),
        ("lib/libfoo-1.2.so", "lib/libfoo-1.3.so"),
        ("numpy.libs/libgfortran-040039e1.so.5.0.0", "numpy.libs/libgfortran-040039e1-0352e75f.so.5.0.0"),
    ])
    func aLibraryKeepsItsNameAcrossVersions(_ old: String, _ new: String) {
        #expect(diff(.init(libraries: [library(old)]), .init(libraries: [library(new)])).libraries == [])
    }

    @Test(arguments: [
        ("lib/libz.so.1", "lib/liby.so.1"), ("lib/libz.so", "bin/libz.so"), ("a/x.so", "a/y.so"),
    ])
    func anotherLibraryIsANewOne(_ old: String, _ new: String) {
        #expect(
            diff(.init(libraries: [library(old)]), .init(libraries: [library(new)])).libraries.map(\.change)
                .sorted { $0.rawValue < $1.rawValue } == [.added, .removed])
    }

    @Test func whatALibraryNeedsIsCompared() {
        let changes = diff(
            .init(libraries: [library("a.so"), library("b.so"), library("c.so"), library("d.so")]),
            .init(libraries: [
                library("a.so", needed: ["libc.so.6", "libevil.so"]), library("b.so", glibc: "2.34"),
                library("c.so", runpath: ["/tmp"]), library("d.so"),
            ])
        ).libraries
        #expect(changes.map(\.path) == ["a.so", "b.so", "c.so"])
        #expect(changes.allSatisfy { $0.change == .changed })
    }

    /// A file system's modes and the interpreter's path in a script are not the package's doing.
    @Test func anEnvironmentOnDiskIsComparedByWhatThePackageSays() {
        let archive = PackageFiles(files: [
            file("bin/tool", "#!python", mode: "0755", rewritten: true), file("lib/a.txt", "a"),
        ])
        let disk = PackageFiles(files: [
            file("bin/tool", "#!/opt/p/bin/python", mode: "0555"), file("lib/a.txt", "a", mode: "0444"),
        ])
        #expect(diff(disk, archive, isInstalled: true).isEmpty)
        #expect(!diff(disk, archive).isEmpty)
        let other = PackageFiles(files: [
            file("bin/tool", "#!/opt/p/bin/python", mode: "0444"), file("lib/a.txt", "b", mode: "0444"),
        ])
        #expect(files(diff(other, archive, isInstalled: true)) == ["changed bin/tool", "changed lib/a.txt"])
    }

    @Test func theOrderOfTheFilesDoesNotMatter() throws {
        let libraries = ["lib/a-11111111.so", "lib/a-22222222.so", "lib/b.so"].map { library($0) }
        let new = ["lib/a-33333333.so", "lib/b.so", "lib/c.so"].map { library($0, needed: ["x"]) }
        let one = diff(.init(libraries: libraries), .init(libraries: new))
        let other = diff(.init(libraries: libraries.reversed()), .init(libraries: new.reversed()))
        #expect(try CanonicalJSON.encode(one) == CanonicalJSON.encode(other))
    }
}
