import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing

@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct PrefixVerificationTests {
    let landing = Landing()

    /// What somebody did to a prefix, and how the report names it.
    struct Tampering: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var missing: [String] = []
        var changed: [String] = []
        var unrecorded: [String] = []
        var caches: [String] = []
        /// Whether it shows without reading contents.
        var showsAtOnce = true
        let apply: @Sendable (Landing) throws -> Void
    }

    private static let module = "\(HostPython.site)/demo/__init__.py"

    static let harmful = [
        Tampering(
            testDescription: "other contents of the same size",
            changed: ["\(module): other contents"], showsAtOnce: false
        ) { try $0.put(module, "__version__ = '9.9'\n") },
        Tampering(
            testDescription: "a longer file",
            changed: ["etc/app.toml: 13 bytes instead of 12"]
        ) { try $0.put("etc/app.toml", "port = 80801\n") },
        Tampering(
            testDescription: "an emptied file",
            changed: ["etc/app.toml: 0 bytes instead of 12"]
        ) { try $0.put("etc/app.toml", "") },
        Tampering(
            testDescription: "another mode",
            changed: ["bin/activate: permissions 0666 instead of 0644"]
        ) { #expect(chmod("\($0.prefix)/bin/activate", 0o666) == 0) },
        Tampering(
            testDescription: "a set-id bit",
            changed: ["bin/activate: permissions 4644 instead of 0644"]
        ) { #expect(chmod("\($0.prefix)/bin/activate", 0o4644) == 0) },
        Tampering(testDescription: "a file missing", missing: [module]) { try $0.remove(module) },
        Tampering(testDescription: "a directory missing", missing: ["etc/app.toml"]) { try $0.remove("etc") },
        Tampering(testDescription: "a file added", unrecorded: ["bin/extra"]) {
            try $0.put("bin/extra", "x")
        },
        Tampering(testDescription: "a file added in a directory of its own", unrecorded: ["new/deep/x"]) {
            try $0.put("new/deep/x", "x")
        },
        Tampering(testDescription: "a file that sorts between others", unrecorded: ["etc/app.tom"]) {
            try $0.put("etc/app.tom", "x")
        },
        Tampering(testDescription: "a link added", unrecorded: ["lib65"]) {
            try $0.directory().createSymbolicLink(RelativePath("lib65"), to: "/")
        },
        Tampering(
            testDescription: "a link to elsewhere",
            changed: ["lib64: points to '/usr/lib' instead of 'lib'"]
        ) {
            try $0.remove("lib64")
            try $0.directory().createSymbolicLink(RelativePath("lib64"), to: "/usr/lib")
        },
        Tampering(
            testDescription: "a file where a link was",
            changed: ["bin/python3: no longer a symbolic link"]
        ) {
            try $0.remove("bin/python3")
            try $0.put("bin/python3", "x")
        },
        Tampering(
            testDescription: "a link where a file was",
            changed: ["etc/app.toml: no longer a file"]
        ) {
            try $0.remove("etc/app.toml")
            try $0.directory().createSymbolicLink(RelativePath("etc/app.toml"), to: "/etc/passwd")
        },
        Tampering(
            testDescription: "a directory where a file was",
            changed: ["etc/app.toml: no longer a file"]
        ) {
            try $0.remove("etc/app.toml")
            _ = try $0.directory().createDirectories(RelativePath("etc/app.toml"))
        },
        Tampering(
            testDescription: "a compiled module without a source",
            unrecorded: ["lib/__pycache__/evil.cpython-311.pyc"]
        ) {
            try $0.put("lib/__pycache__/evil.cpython-311.pyc", "x")
        },
        Tampering(
            testDescription: "a compiled module in the place of a source",
            unrecorded: ["\(HostPython.site)/evil.pyc"]
        ) {
            try $0.put("\(HostPython.site)/evil.pyc", "x")
        },
    ]

    @Test(arguments: harmful) func `tampering is named`(_ tampering: Tampering) throws {
        try landing.install([WheelBuilder()])
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        try tampering.apply(landing)
        let report = try PrefixVerification.run(landing.prefix)
        #expect(!report.isIntact)
        #expect(report.missing == tampering.missing)
        #expect(report.changed.map { "\($0.path): \($0.what)" } == tampering.changed)
        #expect(report.unrecorded == tampering.unrecorded)
        #expect(report.caches == [])
        #expect(try PrefixVerification.run(landing.prefix, contents: false).isIntact != tampering.showsAtOnce)
    }

    @Test func `the twin of a file with the other Unicode form is a stranger`() throws {
        try landing.install([WheelBuilder { $0.files.append(.init("demo/\u{e9}.txt", "x")) }])
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        try landing.put("\(landing.site)/demo/e\u{301}.txt", "x")
        #expect(try PrefixVerification.run(landing.prefix).unrecorded.count == 1)
    }

    @Test func `what may change is left out, with its like-named neighbours in`() throws {
        let bundle = try landing.bundle { $0.ownFiles = [.init("var/db", "1"), .init("variable", "1")] }
        try landing.install(bundle)
        try landing.put("var/db", "changed")
        try landing.put("var/log/today", "x")
        try landing.put("var/\u{301}combining", "x")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        try landing.remove("var")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        try landing.put("variable", "2")
        try landing.put("vario/x", "2")
        let report = try PrefixVerification.run(landing.prefix)
        #expect(report.changed.map(\.path) == ["variable"] && report.unrecorded == ["vario/x"])
    }

    @Test func `compiled modules of recorded sources are counted apart`() throws {
        try landing.install([WheelBuilder()])
        #expect(try landing.python("import demo", ["-O"]).code == 0)
        let report = try PrefixVerification.run(landing.prefix)
        #expect(report.isIntact)
        #expect(
            report.caches == ["\(landing.site)/demo/__pycache__/__init__.\(HostPython.cacheTag).opt-1.pyc"])
    }

    @Test func `a moved prefix is noticed`() throws {
        try landing.install([WheelBuilder()])
        try landing.place.directory().rename(RelativePath("env"), to: RelativePath("moved"))
        let report = try PrefixVerification.run("\(landing.parent)/moved")
        #expect(report.movedFrom == landing.prefix && !report.isIntact)
        #expect(report.changed.isEmpty && report.missing.isEmpty && report.unrecorded.isEmpty)
    }

    @Test(
        arguments: [
            Case("no record", (InstallRecord.path, nil)), Case("an empty record", (InstallRecord.path, "")),
            Case("a record cut short", (InstallRecord.path, #"{"airlift":1,"name":"x""#)),
            Case("a record to come", (InstallRecord.path, #"{"airlift":2}"#)),
            Case("no list", (InstalledFileList.path, nil)),
            Case("another list", (InstalledFileList.path, "f 0644 0 x\n")),
            Case("an empty list", (InstalledFileList.path, "")),
            Case("no manifest", (InstallRecord.manifestPath, nil)),
            Case("another manifest", (InstallRecord.manifestPath, "{}")),
        ] as [Case<(String, String?)>])
    func `a damaged record is no difference but damage`(_ damage: Case<(String, String?)>) throws {
        try landing.install([WheelBuilder()])
        let (path, text) = damage.value
        if let text { try landing.put(path, text) } else { try landing.remove(path) }
        let error = failure { _ = try PrefixVerification.run(landing.prefix) }
        #expect(error != nil)
        #expect(
            error?.kind == .damaged || text == nil && error?.kind == .inputOutput,
            "\(error?.description ?? "")")
        #expect(error?.description.contains(landing.prefix) == true)
    }

    @Test(arguments: [
        "f 0644 1 \(String(repeating: "0", count: 64)) ../x",
        "f 0644 1 \(String(repeating: "0", count: 64)) /x",
        "f 0644 1 \(String(repeating: "0", count: 63)) x", "f 0648 1 \(String(repeating: "0", count: 64)) x",
        "f 0644 -1 \(String(repeating: "0", count: 64)) x", "x 0644 1 \(String(repeating: "0", count: 64)) x",
        "f 0644 1 \(String(repeating: "0", count: 64))", "l x", "l ../x -> y", "l  -> y", "f", " ",
    ])
    func `lines that are no files are refused`(line: String) throws {
        #expect(
            failure { _ = try InstalledFileList.decode(Array(line.utf8), subject: "list") }?.kind == .damaged)
    }

    @Test(arguments: [
        "plain", "two words", " leading", "trailing ", "\u{301}combining", "new\nline", "back\\slash", "\\n",
        "\r\n",
        "a -> b", "日本", "e\u{301}", "\u{e9}", "tab\t",
    ])
    func `every path survives the list`(name: String) throws {
        let path = try RelativePath(name)
        let file = InstalledFile(
            path: path, content: .bytes(size: .max, sha256: .init(hashing: [])), permissions: 0o755,
            isBytecode: true)
        let list = InstalledFileList([file])
        #expect(try InstalledFileList.decode(list.encoded(), subject: "list").files == [file])
        let link = InstalledFile(
            path: try RelativePath("link"), content: .link(target: name), permissions: 0o777)
        #expect(
            try InstalledFileList.decode(InstalledFileList([link]).encoded(), subject: "list").files == [link]
        )
    }
}

extension Landing {
    /// Takes a file, link or directory out of the prefix.
    func remove(_ path: String) throws { try directory().removeTree(RelativePath(path)) }
}
