import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing

@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct UninstallationTests {
    let landing = Landing()

    @Test func `an environment goes with what was kept of an older one`() throws {
        try landing.place.write("neighbour/x", "x")
        try landing.install([WheelBuilder()], bytecode: .target)
        try landing.install(landing.bundle(of: [WheelBuilder("demo", "2.0")], below: "second")) {
            $0.update = true
        }
        #expect(try landing.neighbours == ["env", "env.airlift-old", "neighbour"])
        let record = try Uninstallation.run(landing.prefix + "/", force: false)
        #expect(record?.prefix == landing.prefix)
        #expect(try landing.neighbours == ["neighbour"])
    }

    /// As after a kill while the files were removed: no record is left to tell what it was.
    @Test func `what an interrupted removal left goes with the next`() throws {
        try landing.install([WheelBuilder()])
        #expect(rename(landing.prefix, landing.prefix + ".airlift-new") == 0)
        try landing.place.write("env.airlift-old/bin/x", "x")
        #expect(try Uninstallation.run(landing.prefix, force: false) == nil)
        #expect(try landing.neighbours == [])
        let error = failure { _ = try Uninstallation.run(landing.prefix, force: false) }
        #expect(error?.kind == .targetInTheWay)
    }

    @Test func `files that nobody recorded block it, and force does not ask`() throws {
        try landing.install([WheelBuilder()])
        try landing.put("notes.txt", "precious")
        let before = try landing.snapshot()
        let error = failure { _ = try Uninstallation.run(landing.prefix, force: false) }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("'notes.txt'") == true)
        #expect(try landing.snapshot() == before)
        _ = try Uninstallation.run(landing.prefix, force: true)
        #expect(try landing.neighbours == [])
    }

    @Test func `compiled modules that Python wrote do not block it`() throws {
        try landing.install([WheelBuilder()])
        #expect(try landing.python("import demo").code == 0)
        _ = try Uninstallation.run(landing.prefix, force: false)
        #expect(try landing.neighbours == [])
    }

    @Test(arguments: [
        "nothing", "an empty directory", "something else", "a file", "a link to an environment",
    ])
    func `what Airlift did not make is not removed`(kind: String) throws {
        switch kind {
        case "an empty directory": _ = try Directory.create(landing.prefix)
        case "something else": try landing.place.write("env/x", "x")
        case "a file": try landing.place.write("env", "x")
        case "a link to an environment":
            try landing.install([WheelBuilder()]) { $0.prefix = "\(landing.parent)/real" }
            try landing.place.directory().createSymbolicLink(RelativePath("env"), to: "real")
        default: break
        }
        let before = try landing.snapshot()
        for force in [false, true] {
            let error = failure { _ = try Uninstallation.run(landing.prefix, force: force) }
            #expect(error?.kind == .targetInTheWay)
        }
        #expect(try landing.snapshot() == before)
    }

    @Test(arguments: ["", "/", "relative", "/opt/.."]) func `odd prefixes are faults of usage`(prefix: String)
    {
        #expect(failure { _ = try Uninstallation.run(prefix, force: true) }?.kind == .usage)
    }
}
