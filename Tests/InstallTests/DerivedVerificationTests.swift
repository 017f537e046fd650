import Bundle
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Whoever changes a file and Airlift's list alike is found by the packages' own records; whoever changes those as
/// well, by the bundle.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct DerivedVerificationTests {
    struct Forgery: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The path that the finding names.
        let path: String
        let apply: @Sendable (Landing) throws -> Void

        init(_ description: String, _ path: String, _ apply: @escaping @Sendable (Landing) throws -> Void) {
            testDescription = description
            self.path = path
            self.apply = apply
        }
    }

    private static let module = "\(HostPython.site)/demo/__init__.py"

    static let forgeries = [
        Forgery("a module of a wheel", module) { try $0.put(module, "evil = 1\n") },
        Forgery("a launcher", "bin/demo") { try $0.put("bin/demo", "#!/bin/sh\n", permissions: 0o755) },
        Forgery("a script of a wheel", "bin/tool2") {
            try $0.put("bin/tool2", "#!/bin/sh\n", permissions: 0o755)
        },
        Forgery("a file of a conda package", "share/one") { try $0.put("share/one", "the sane") },
        Forgery("a text with the prefix in it", "etc/library.conf") {
            try $0.put("etc/library.conf", try $0.text("etc/library.conf") + "evil\n")
        },
        Forgery("the prefix of another place in a text", "etc/library.conf") {
            try $0.put("etc/library.conf", "root=/tmp/elsewhere\nother=/tmp/elsewhere/x\n")
        },
        Forgery("the placeholder put back into a text", "etc/library.conf") {
            let placeholder = CondaPackageBuilder.placeholder
            try $0.put("etc/library.conf", "root=\(placeholder)\nother=\(placeholder)/x\n")
        },
        Forgery("a script with the prefix in it", "bin/tool") {
            try $0.put("bin/tool", "#!\($0.prefix)/bin/python\nprint(2)\n", permissions: 0o755)
        },
        Forgery("a binary with the prefix in it", "lib/liblibrary.so.1") {
            var bytes = try $0.bytes("lib/liblibrary.so.1")
            bytes[0] ^= 1
            try $0.directory().replaceFile(RelativePath("lib/liblibrary.so.1"), with: bytes, durable: false)
        },
        Forgery("the filling of a binary", "lib/liblibrary.so.1") {
            var bytes = try $0.bytes("lib/liblibrary.so.1")
            if let zero = bytes.lastIndex(of: 0x74).map({ $0 - 2 }) { bytes[zero] = 0x78 }
            try $0.directory().replaceFile(RelativePath("lib/liblibrary.so.1"), with: bytes, durable: false)
        },
        Forgery("the application's own file", "etc/app.toml") { try $0.put("etc/app.toml", "port = 8081\n") },
        Forgery("the activation script", "bin/activate") {
            try $0.put("bin/activate", try $0.text("bin/activate") + "evil\n")
        },
        Forgery("the configuration of the virtual environment", "pyvenv.cfg") {
            try $0.put("pyvenv.cfg", try $0.text("pyvenv.cfg").replacing("= false", with: "= true"))
        },
        Forgery("the interpreter's link", "bin/python") {
            try $0.remove("bin/python")
            try $0.directory().createSymbolicLink(RelativePath("bin/python"), to: "/tmp/python")
        },
        Forgery("a link of a conda package turned into a file", "lib/liblibrary.so") {
            try $0.remove("lib/liblibrary.so")
            try $0.put("lib/liblibrary.so", "elf")
        },
        Forgery("permissions", "bin/tool2") { #expect(chmod("\($0.prefix)/bin/tool2", 0o4777) == 0) },
        Forgery("a file taken out of the list", module) { try $0.remove(module) },
        Forgery("the record of a conda package taken out of the list", "conda-meta/library-1.0-0.json") {
            try $0.remove("conda-meta/library-1.0-0.json")
        },
    ]

    @Test(arguments: forgeries) func `a list that agrees with what was changed helps nobody`(
        _ forgery: Forgery
    )
        throws
    {
        let hangar = try Hangar()
        try hangar.install()
        #expect(try hangar.verify().faults == [])
        try forgery.apply(hangar.landing)
        #expect(
            try hangar.verify().faults.contains { $0.contains(forgery.path) }, "before the list was forged")
        try hangar.forge()
        let report = try hangar.verify()
        #expect(!report.isIntact)
        #expect(report.changed.contains { $0.path == forgery.path }, "\(report.faults)")
    }

    @Test(arguments: ["\(HostPython.site)/evil.py", "bin/evil", "\(HostPython.site)/evil.pth", "lib/x"])
    func `a file that was put into the list is nobody's`(path: String) throws {
        let hangar = try Hangar()
        try hangar.install()
        try hangar.landing.put(path, "x")
        #expect(try hangar.verify().unrecorded == [path])
        try Hangar.forge(adding: path, in: hangar.landing.directory())
        #expect(try hangar.verify().changed.map(\.path) == [path])
    }

    @Test func `who changes the packages' records as well is found with the bundle`() throws {
        let hangar = try Hangar()
        try hangar.install()
        #expect(try hangar.verifyWithBundle().faults == [])
        let landing = hangar.landing
        // A module and its RECORD, a conda file and its record, a file of the manifest and the manifest.
        let record = "\(landing.site)/demo-1.0.dist-info/RECORD"
        let evil = Array("evil = 1\n".utf8)
        let rows = try landing.text(record).split(separator: "\n").map { row -> String in
            guard row.hasPrefix("demo/__init__.py,") else { return String(row) }
            let digest = RecordRow.text(evil)
            return "demo/__init__.py,\(digest),\(evil.count)"
        }
        try landing.put(Self.module, String(decoding: evil, as: UTF8.self))
        try landing.put(record, rows.joined(separator: "\n") + "\n")
        let meta = "conda-meta/library-1.0-0.json"
        let old = SHA256Text.of(Array("the same".utf8))
        try landing.put(
            meta, try landing.text(meta).replacing(old, with: SHA256Text.of(Array("the sane".utf8))))
        try landing.put("share/one", "the sane")
        try landing.remove("share/two")
        try landing.put("share/two", "the sane")
        try hangar.forge()
        #expect(try hangar.verify().faults == [], "everything in the environment agrees")
        let report = try hangar.verifyWithBundle()
        #expect(
            Set(report.changed.map(\.path)) == [
                Self.module, record, meta, "share/one", "share/two", InstalledFileList.path,
            ], "\(report.faults)")
        #expect(report.bundle == hangar.bundle.digest)
        // And it is put right.
        let repaired = try hangar.repair()
        #expect(repaired.failed == [])
        #expect(try hangar.verifyWithBundle().faults == [])
        #expect(try hangar.verify().faults == [])
    }

    @Test func `another bundle is no witness`() throws {
        let hangar = try Hangar()
        try hangar.install()
        let other = try Hangar { $0.summary = "another" }
        let error = failure { _ = try PrefixVerification.run(hangar.prefix, against: other.bundle, jobs: 2) }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("bundle digest") == true)
        #expect(failure { _ = try Repair.run(hangar.prefix, from: other.bundle, RepairRequest()) } != nil)
    }

    @Test func `what follows from the package is told apart from what is remembered`() throws {
        let hangar = try Hangar()
        try hangar.install()
        let report = try hangar.verify()
        #expect(report.derived == 3 && report.remembered == [] && report.scripted == [])
    }

    @Test func `a file that names the prefix by itself is compared with what was written`() throws {
        // The prefix of this test stands in the package.
        let landing = Landing()
        let bundle = try landing.bundle(conda: [
            CondaPackageBuilder(
                "loose",
                files: [
                    .file("etc/x", "\(landing.prefix) \(CondaPackageBuilder.placeholder)\n").prefix()
                ])
        ])
        try landing.install(bundle)
        let report = try PrefixVerification.run(landing.prefix)
        #expect(report.isIntact && report.remembered == ["etc/x"] && report.derived == 0)
        #expect(try PrefixVerification.run(landing.prefix, against: bundle, jobs: 1).isIntact)
        try landing.put("etc/x", "\(landing.prefix) /elsewhere\n")
        try Hangar.forge(landing.directory())
        #expect(try PrefixVerification.run(landing.prefix).changed.map(\.path) == ["etc/x"])
    }

    @Test func `a directory that everybody may write into is a difference`() throws {
        let hangar = try Hangar()
        try hangar.install()
        #expect(chmod("\(hangar.prefix)/\(HostPython.site)", 0o777) == 0)
        #expect(try hangar.verify().changed.map(\.path) == [HostPython.site])
        #expect(chmod("\(hangar.prefix)/\(HostPython.site)", 0o755) == 0)
        #expect(chmod(hangar.prefix, 0o757) == 0)
        #expect(try hangar.verify().changed.map(\.path) == ["."])
    }

    @Test(arguments: ["", "{}", "[", "{\"paths_data\":{\"paths\":[{}]}}", "\u{0}"])
    func `a record of a package that is none is damage, not a way round`(text: String) throws {
        let hangar = try Hangar()
        try hangar.install()
        try hangar.landing.put("conda-meta/library-1.0-0.json", text)
        try hangar.forge()
        let report = try hangar.verify()
        #expect(!report.isIntact, "\(report)")
    }

    @Test func `byte code of nobody's source does not hide in the list`() throws {
        let hangar = try Hangar()
        try hangar.install()
        let path = "lib/__pycache__/evil.\(HostPython.cacheTag).pyc"
        try hangar.landing.put(path, "x")
        try Hangar.forge(adding: path, in: hangar.landing.directory())
        #expect(try hangar.verify().changed.map(\.path) == [path])
        #expect(try hangar.verifyWithBundle().unrecorded == [path])
    }
}
