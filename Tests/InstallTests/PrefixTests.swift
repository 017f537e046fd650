import Bundle
import Failures
import Files
import Install
import TestSupport
import Testing

/// What may be at a prefix before, and what is there afterwards.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct PrefixTests {
    let landing = Landing()

    private func sample(_ version: String = "1.0", below directory: String = "out") throws -> BundleReader {
        try landing.bundle(below: directory) {
            $0.version = "2026.11.\(version.split(separator: ".").joined())"
            $0.wheels = [WheelBuilder("demo", version)]
        }
    }

    @Test func `an absent prefix is made, with what is missing above it`() throws {
        let deep = Landing(below: "opt/sub")
        let outcome = try deep.install([WheelBuilder()]) { $0.synchronize = true }
        #expect(outcome.changed && outcome.replaced == nil)
        #expect(try deep.neighbours == ["env"], "no lock, journal or staging stays")
        let record = try #require(try deep.record())
        #expect(record == outcome.record)
        #expect(record.prefix == deep.prefix && record.installedAt == "2026-11-21T12:00:00Z")
        let files = try deep.recorded()
        #expect(outcome.files == files.count)
        #expect(outcome.bytes > 0)
    }

    @Test func `an empty directory is taken`() throws {
        _ = try Directory.create(landing.prefix)
        #expect(try landing.install(sample()).replaced == nil)
        #expect(try landing.neighbours == ["env"])
    }

    @Test(arguments: [
        "a directory with a file", "a file", "a link to a directory", "a dangling link",
        "a link to an environment",
    ])
    func `what Airlift did not make is in the way`(kind: String) throws {
        let parent = try landing.place.directory()
        let name = try RelativePath("env")
        switch kind {
        case "a directory with a file": try landing.place.write("env/precious", "x")
        case "a file": try landing.place.write("env", "precious")
        case "a dangling link": try parent.createSymbolicLink(name, to: "nowhere")
        case "a link to a directory":
            _ = try Directory.create("\(landing.parent)/real")
            try parent.createSymbolicLink(name, to: "real")
        default:
            try landing.install(sample()) { $0.prefix = "\(landing.parent)/real" }
            try parent.createSymbolicLink(name, to: "real")
        }
        let before = try landing.snapshot()
        for change: (inout InstallRequest) -> Void in [{ _ in }, { $0.force = true }, { $0.update = true }] {
            let error = failure { try landing.install(sample(), change) }
            #expect(error?.kind == .targetInTheWay)
            #expect(error?.description.contains("--replace-foreign") == true)
        }
        #expect(try landing.snapshot() == before)

        let outcome = try landing.install(sample()) { $0.replaceForeign = true }
        #expect(outcome.replaced == "\(landing.prefix).airlift-old")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        #expect(try parent.status(of: RelativePath("env.airlift-old")) != nil, "what was there is kept")
    }

    @Test func `the same environment again changes nothing`() throws {
        let bundle = try sample()
        try landing.install(bundle)
        let before = try landing.snapshot()
        for change: (inout InstallRequest) -> Void in [
            { _ in }, { $0.update = true }, { $0.prefix += "/" }, { $0.now = "later" },
        ] {
            let outcome = try landing.install(bundle, change)
            #expect(!outcome.changed && outcome.replaced == nil && outcome.record.prefix == landing.prefix)
        }
        #expect(try landing.snapshot() == before)
        #expect(try landing.install(bundle) { $0.force = true }.changed, "the twin: force installs anew")
    }

    @Test func `the same environment of a later cut is the same`() throws {
        try landing.install(landing.bundle())
        let later = try landing.bundle(below: "later") { $0.version = "2026.12.01" }
        #expect(try landing.install(later).changed == false)
    }

    @Test func `another environment takes update or force, and the old one is kept`() throws {
        try landing.install(sample())
        let other = try sample("2.0", below: "second")
        let before = try landing.snapshot()
        let error = failure { try landing.install(other) }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.description.contains("holds quickstart 2026.11.10; give -u") == true)
        #expect(try landing.snapshot() == before)

        let outcome = try landing.install(other) { $0.update = true }
        #expect(outcome.changed && outcome.replaced == "\(landing.prefix).airlift-old")
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(try landing.python("import demo; print(demo.__version__)").output == "2.0\n")
        let old = try Directory.open("\(landing.prefix).airlift-old")
        #expect(try InstallRecord.read(old)?.version == "2026.11.10")

        // The third takes the place of the second, and the first goes.
        try landing.install(sample("3.0", below: "third")) { $0.force = true }
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(
            try InstallRecord.read(Directory.open("\(landing.prefix).airlift-old"))?.version == "2026.11.20")
    }

    @Test func `files that nobody recorded block an update and not force`() throws {
        try landing.install(sample())
        let other = try sample("2.0", below: "second")
        try landing.put("notes/today.txt", "precious")
        let before = try landing.snapshot()
        let error = failure { try landing.install(other) { $0.update = true } }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.description.contains("'notes/today.txt'") == true)
        #expect(try landing.snapshot() == before)
        try landing.install(other) { $0.force = true }
        #expect(try landing.status("notes") == nil)
        #expect(
            try Directory.open("\(landing.prefix).airlift-old").status(of: RelativePath("notes/today.txt"))
                != nil)
    }

    @Test func `compiled modules that Python wrote do not block an update`() throws {
        try landing.install(sample())
        #expect(try landing.python("import demo").code == 0)
        #expect(try PrefixVerification.run(landing.prefix).caches.count == 1)
        #expect(try landing.install(sample("2.0", below: "second")) { $0.update = true }.changed)
    }

    @Test(arguments: [
        "relative", "./x", "", "/", "//", "/opt/../x", "/opt/./x", "/opt/x/..", "/a:b", "/a\nb", "/a\u{1b}b",
        "/a\"b",
        "/a\u{7f}b",
    ])
    func `a prefix that scripts cannot name is a fault of usage`(prefix: String) throws {
        let bundle = try sample()
        let error = failure { _ = try InstallPlan.make(bundle, InstallRequest(prefix: prefix, now: "")) }
        #expect(error?.kind == .usage, "\(error?.description ?? "")")
    }

    @Test(arguments: ["//x", "/x/", "/x//"]) func `slashes too many are no harm`(tail: String) throws {
        let outcome = try landing.install(sample()) { $0.prefix = landing.parent + tail }
        #expect(outcome.record.prefix == "\(landing.parent)/x")
        #expect(try Directory.open("\(landing.parent)/x").status(of: RelativePath("pyvenv.cfg")) != nil)
    }

    @Test func `a file above the prefix is in the way`() throws {
        try landing.place.write("env", "a file")
        for deeper in ["/sub", "/sub/deep"] {
            let error = failure { try landing.install(sample()) { $0.prefix = landing.prefix + deeper } }
            #expect(error?.kind == .targetInTheWay)
            #expect(error?.description.contains("'\(landing.prefix)'") == true)
        }
        #expect(try landing.neighbours == ["env"])
    }

    @Test func `a name that leaves no room for staging beside it is refused`() throws {
        let name = String(repeating: "n", count: 250)
        let error = failure { try landing.install(sample()) { $0.prefix = "\(landing.parent)/\(name)" } }
        #expect(error != nil)
        #expect(try landing.neighbours == [])
        let long = String(repeating: "n", count: 230)
        #expect(try landing.install(sample()) { $0.prefix = "\(landing.parent)/\(long)" }.changed)
    }
}
