import Bundle
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct RepairTests {
    /// What was done to an environment.
    struct Drift: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Paths that are repaired.
        let paths: [String]
        let apply: @Sendable (Landing) throws -> Void

        init(
            _ description: String, _ paths: [String], _ apply: @escaping @Sendable (Landing) throws -> Void
        ) {
            testDescription = description
            self.paths = paths
            self.apply = apply
        }
    }

    private static let module = "\(HostPython.site)/demo/__init__.py"
    private static let compiled =
        "\(HostPython.site)/demo/__pycache__/__init__.\(HostPython.cacheTag).pyc"

    static let drifts = [
        Drift("a changed module", [module]) { try $0.put(module, "x = 2\n") },
        Drift("a missing module", [module]) { try $0.remove(module) },
        Drift("an emptied file", ["etc/app.toml"]) { try $0.put("etc/app.toml", "") },
        Drift("another mode", ["bin/demo"]) { #expect(chmod("\($0.prefix)/bin/demo", 0o644) == 0) },
        Drift("a launcher", ["bin/demo"]) { try $0.put("bin/demo", "evil", permissions: 0o755) },
        Drift("a script with a rewritten first line", ["bin/tool2"]) { try $0.remove("bin/tool2") },
        Drift(
            "a file with a comma and one with an accent",
            ["\(HostPython.site)/demo/a,b.txt", "\(HostPython.site)/demo/\u{e9}.txt"]
        ) {
            try $0.remove("\(HostPython.site)/demo/a,b.txt")
            try $0.put("\(HostPython.site)/demo/\u{e9}.txt", "x")
        },
        Drift("a text with the prefix in it", ["etc/library.conf"]) { try $0.put("etc/library.conf", "x") },
        Drift("a binary with the prefix in it", ["lib/liblibrary.so.1"]) {
            try $0.put("lib/liblibrary.so.1", "x")
        },
        Drift("a script with the prefix in it", ["bin/tool"]) { try $0.remove("bin/tool") },
        Drift("a hard link of the package", ["share/two"]) { try $0.remove("share/two") },
        Drift("both names of a file", ["share/one", "share/two"]) {
            try $0.remove("share/one")
            try $0.remove("share/two")
        },
        Drift("a link", ["lib/liblibrary.so"]) {
            try $0.remove("lib/liblibrary.so")
            try $0.directory().createSymbolicLink(RelativePath("lib/liblibrary.so"), to: "/etc/passwd")
        },
        Drift("a link that became a file", ["bin/python3"]) {
            try $0.remove("bin/python3")
            try $0.put("bin/python3", "x")
        },
        Drift("a file that became a link", ["etc/app.toml"]) {
            try $0.remove("etc/app.toml")
            try $0.directory().createSymbolicLink(RelativePath("etc/app.toml"), to: "/etc/passwd")
        },
        Drift("a file that became a directory", ["etc/app.toml"]) {
            try $0.remove("etc/app.toml")
            _ = try $0.directory().createDirectories(RelativePath("etc/app.toml"))
        },
        Drift("a directory of a package", ["share/empty"]) { try $0.remove("share/empty") },
        Drift("a directory that became a link", [module, "\(HostPython.site)/demo/a,b.txt"]) {
            try $0.directory().rename(
                RelativePath("\(HostPython.site)/demo"), to: RelativePath("\(HostPython.site)/demo2"))
            try $0.directory().createSymbolicLink(RelativePath("\(HostPython.site)/demo"), to: "demo2")
        },
        Drift("everything below a directory", ["share/one", "share/two", "share/x", "share/empty"]) {
            try $0.remove("share")
        },
        Drift("an open directory", [HostPython.site]) {
            #expect(chmod("\($0.prefix)/\(HostPython.site)", 0o777) == 0)
        },
        Drift("the configuration of the virtual environment", ["pyvenv.cfg"]) {
            try $0.put("pyvenv.cfg", "x")
        },
        Drift("the activation script", ["bin/activate"]) { try $0.remove("bin/activate") },
        Drift("what a package sets on activation", ["etc/conda/env_vars.d/library.json"]) {
            try $0.put("etc/conda/env_vars.d/library.json", "{}")
        },
        Drift("the record of a conda package", ["conda-meta/library-1.0-0.json"]) {
            try $0.put("conda-meta/library-1.0-0.json", "{}")
        },
        Drift("history", ["conda-meta/history"]) { try $0.put("conda-meta/history", "") },
        Drift("RECORD", ["\(HostPython.site)/demo-1.0.dist-info/RECORD"]) {
            try $0.remove("\(HostPython.site)/demo-1.0.dist-info/RECORD")
        },
        Drift("Airlift's list", [InstalledFileList.path]) { try $0.put(InstalledFileList.path, "x") },
        Drift("where files come from", [FileOrigins.path]) { try $0.put(FileOrigins.path, "x") },
        Drift("Airlift's list gone", [InstalledFileList.path]) { try $0.remove(InstalledFileList.path) },
        Drift("the manifest", [InstallRecord.manifestPath]) { try $0.put(InstallRecord.manifestPath, "{}") },
    ]

    @Test(arguments: drifts) func `what is different is as it was again`(_ drift: Drift) throws {
        let hangar = try Hangar()
        try hangar.install()
        let before = try contents(hangar.landing)
        try drift.apply(hangar.landing)
        let outcome = try hangar.repair { $0.removesExtra = drift.testDescription.contains("became a link") }
        #expect(outcome.failed == [])
        let restored = outcome.restored.map(\.path)
        for path in drift.paths { #expect(restored.contains(path), "\(restored)") }
        #expect(try contents(hangar.landing) == before)
        #expect(try hangar.verify().faults == [])
        #expect(try hangar.landing.neighbours == ["env"], "nothing is left beside it")
        // Once more changes nothing.
        let again = try hangar.repair()
        #expect(!again.changed && again.isWhole)
    }

    @Test func `nothing that is right is touched`() throws {
        let hangar = try Hangar()
        try hangar.install()
        let before = try hangar.landing.snapshot()
        #expect(try !hangar.repair().changed)
        #expect(try hangar.landing.snapshot() == before)
        try hangar.landing.put("etc/app.toml", "x")
        _ = try hangar.repair()
        let after = Set(try hangar.landing.snapshot())
        let moved = before.filter { !after.contains($0) }
        #expect(
            moved.allSatisfy {
                $0.contains("etc/app.toml ") || $0.contains("env/etc DIRECTORY") || $0.contains(" directory ")
            }, "\(moved)")
    }

    @Test func `state and strangers are left alone, unless strangers are to go`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        try landing.put("var/db", "changed")
        try landing.put("var/log", "x")
        try landing.put("bin/mine", "x")
        try landing.put("new/deep/x", "x")
        try landing.put("etc/app.toml", "y")
        var outcome = try hangar.repair()
        #expect(outcome.restored.map(\.path) == ["etc/app.toml"])
        #expect(outcome.left == ["bin/mine", "new/deep/x"] && outcome.removed == [])
        #expect(try landing.text("var/db") == "changed" && landing.text("bin/mine") == "x")
        outcome = try hangar.repair { $0.removesExtra = true }
        #expect(outcome.removed == ["bin/mine", "new/deep/x"] && outcome.left == [])
        #expect(try landing.status("new") == nil && landing.text("var/log") == "x")
        #expect(try hangar.verify().faults == [])
    }

    @Test func `strangers in the way are told, and nothing of theirs is lost`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        try landing.remove("etc/app.toml")
        try landing.put("etc/app.toml/mine", "x")
        try landing.put(Self.module, "y")
        let outcome = try hangar.repair()
        #expect(outcome.failed.map(\.path) == ["etc/app.toml"] && !outcome.isWhole)
        #expect(outcome.restored.map(\.path) == [Self.module])
        #expect(try landing.text("etc/app.toml/mine") == "x")
        #expect(try hangar.repair { $0.removesExtra = true }.isWhole)
        #expect(try hangar.verify().faults == [])
    }

    @Test func `byte code is compiled anew, and the list follows`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        try landing.put(Self.compiled, "evil")
        var outcome = try hangar.repair()
        #expect(outcome.compiled == [Self.compiled] && outcome.isWhole)
        #expect(try hangar.verify().faults == [])
        // Byte code that the list vouches for by somebody else's hand.
        try landing.put(Self.compiled, "evil")
        try hangar.forge()
        #expect(try hangar.verify().faults == [])
        outcome = try hangar.repair { $0.recompiles = true }
        #expect(outcome.compiled.contains(Self.compiled))
        #expect(try landing.text(Self.compiled) != "evil")
        #expect(try hangar.verify().faults == [] && hangar.verifyWithBundle().faults == [])
        #expect(try landing.python("import demo; print(demo.__cached__)").output.contains("__pycache__"))
    }

    @Test func `a file with a name elsewhere is not written into`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        let outside = "\(landing.parent)/outside"
        #expect(link("\(hangar.prefix)/etc/app.toml", outside) == 0)
        let file = fopen(outside, "w")
        fputs("damaged in place", file)
        fclose(file)
        #expect(try hangar.repair().restored.map(\.path) == ["etc/app.toml"])
        #expect(try landing.text("etc/app.toml") == "port = 8080\n")
        #expect(
            try String(decoding: OpenFile.read(outside).bytes(at: 0, count: 99), as: UTF8.self)
                == "damaged in place")
    }

    @Test func `a repair that was cut off is done again`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        let before = try contents(landing)
        // What a killed repair leaves: its staging directory, and half of a change of the list.
        try landing.place.write("env.airlift-new/etc/app.toml", "x")
        try landing.put(InstallRecord.nextListPath, "half")
        try landing.put("etc/app.toml", "y")
        #expect(try hangar.verify().changed.map(\.path) == ["etc/app.toml"])
        #expect(try hangar.repair().isWhole)
        #expect(try contents(landing) == before && landing.neighbours == ["env"])
    }

    @Test func `whenever a change of the list is cut off, one list is the record's`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        let record = try #require(try landing.record())
        let list = try landing.bytes(InstalledFileList.path)
        let added = InstalledFile(path: try RelativePath("zz"), bytes: [], permissions: 0o644)
        try record.replaceList(
            with: InstalledFileList(record.fileList(landing.directory()).files + [added]),
            in: landing.directory(), permissions: 0o644, durable: false)
        let new = try landing.bytes(InstalledFileList.path)
        // Cut off before the last rename.
        try landing.directory().replaceFile(RelativePath(InstalledFileList.path), with: list, durable: false)
        try landing.directory().replaceFile(
            RelativePath(InstallRecord.nextListPath), with: new, durable: false)
        let half = try #require(try landing.record())
        #expect(try half.fileList(landing.directory()).encoded() == new)
        try half.completeList(in: landing.directory())
        #expect(try landing.bytes(InstalledFileList.path) == new)
        #expect(try landing.status(InstallRecord.nextListPath) == nil)
    }

    @Test func `a damaged bundle repairs nothing`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try hangar.install()
        try landing.put(Self.module, "y")
        let before = try landing.snapshot()
        let region = try hangar.bundle.region(
            of: hangar.bundle.manifest.archives.first { $0.kind == .wheel }!.path)
        let file = open(hangar.bundle.path, O_WRONLY)
        var byte: UInt8 = 0xff
        for offset in stride(from: 40, to: region.size, by: 97) {
            pwrite(file, &byte, 1, off_t(region.offset + offset))
        }
        close(file)
        #expect(failure { _ = try hangar.repair() }?.kind == .damaged)
        #expect(try landing.snapshot() == before)
    }

    @Test func `what is no environment of Airlift's is left alone`() throws {
        let hangar = try Hangar()
        try hangar.landing.place.write("env/x", "x")
        let before = try hangar.landing.snapshot()
        #expect(failure { _ = try hangar.repair() }?.kind == .damaged)
        #expect(try hangar.landing.snapshot() == before)
    }

    @Test func `a moved environment is not repaired`() throws {
        let hangar = try Hangar()
        try hangar.install()
        try hangar.landing.place.directory().rename(RelativePath("env"), to: RelativePath("moved"))
        let error = failure {
            _ = try Repair.run("\(hangar.landing.parent)/moved", from: hangar.bundle, RepairRequest())
        }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("moved") == true)
    }

    @Test func `a bundle that was kept lies in the environment, and is no stranger`() throws {
        let hangar = try Hangar()
        let landing = hangar.landing
        try landing.install(hangar.bundle) { $0.keepsBundle = true }
        let record = try #require(try landing.record())
        let path = try #require(try KeptBundles.find(record, in: hangar.prefix))
        #expect(try hangar.verify().faults == [])
        let kept = try BundleReader.open(path)
        #expect(kept.digest == hangar.bundle.digest)
        try kept.verify()
        try landing.put(Self.module, "y")
        #expect(try Repair.run(hangar.prefix, from: kept, RepairRequest()).isWhole)
        #expect(try hangar.verify().faults == [])
    }

    @Test func `a bundle is kept for what is installed already`() throws {
        let hangar = try Hangar()
        try hangar.install()
        let record = try #require(try hangar.landing.record())
        #expect(try KeptBundles.find(record, in: hangar.prefix) == nil)
        #expect(try hangar.landing.install(hangar.bundle) { $0.keepsBundle = true }.changed == false)
        #expect(try KeptBundles.find(record, in: hangar.prefix) != nil)
    }

    @Test func `two do not repair at once`() throws {
        let hangar = try Hangar()
        try hangar.install()
        let publication = try Publication.begin(hangar.prefix)
        #expect(failure { _ = try hangar.repair() }?.kind == .targetInTheWay)
        publication.end()
        #expect(try hangar.repair().isWhole)
    }

    /// Every path but byte code and Airlift's own with its contents, permissions and time.
    private func contents(_ landing: Landing) throws -> [String] {
        let root = try landing.directory()
        var lines: [String] = []
        try root.walk { path, status in
            switch status.kind {
            case .directory: lines.append("\(path)/ \(status.permissions)")
            case .symbolicLink: lines.append("\(path) -> \(try root.symbolicLinkTarget(path))")
            default:
                let isOwn = path.string.hasSuffix(".pyc") || path.string.hasPrefix(".airlift/record")
                let bytes = isOwn ? [] : try root.contents(of: path)
                // What the installer makes has the time at which it was made.
                lines.append("\(path) \(status.permissions) \(SHA256Text.of(bytes))")
            }
        }
        return lines
    }
}
