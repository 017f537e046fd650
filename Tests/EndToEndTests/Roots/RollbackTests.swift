import Glibc
import TestSupport
import Testing

@Suite struct RollbackTests {
    private let versions = ThreeBundles.versions

    @Test func `rolling back needs the kept installer and nothing else`() throws {
        let scene = try RootScene(2)
        #expect(try scene.current == "releases/\(versions[1])")
        let ran = try scene.airlift("rollback")
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.output.contains("payroll \(versions[0]) is the current release of \(scene.root) now"))
        #expect(try scene.current == "releases/\(versions[0])")
        #expect(try scene.airlift("exec", "greet").output == "release 1\n")
        // Nothing else was touched: the newer release is there to go forward to.
        #expect(try scene.releases == [versions[0], versions[1]])
        let forward = try scene.airlift("activate", versions[1])
        #expect(forward.code == 0, "\(forward.words)")
        #expect(try scene.airlift("exec", "greet").output == "release 2\n")
    }

    @Test func `its help alone tells a stranger how`() throws {
        let scene = try RootScene(2)
        for arguments in [[], ["--help"], ["-h"], ["help"]] {
            let ran = try run([scene.kept] + arguments)
            #expect(ran.code == 0, "\(ran.words)")
            #expect(ran.output.contains("Current now: payroll \(versions[1])."))
            let flowing = ran.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(flowing.contains("'rollback' would go back to \(versions[0])."))
            // What it says to type is typed.
            let line = ran.output.split(separator: "\n").first { $0.hasSuffix("/.airlift/airlift rollback") }
            #expect(line?.split(separator: " ").first.map(String.init) == scene.kept)
        }
        let typed = try run([scene.kept, "rollback"])
        #expect(typed.code == 0, "\(typed.words)")
        #expect(try scene.current == "releases/\(versions[0])")
    }

    @Test func `two steps back, and then there is no further`() throws {
        let scene = try RootScene(3)
        #expect(try scene.airlift("rollback").code == 0)
        #expect(try scene.airlift("rollback").code == 0)
        #expect(try scene.current == "releases/\(versions[0])")
        let refused = try scene.airlift("rollback")
        #expect(refused.code == 6, "\(refused.words)")
        #expect(refused.errors.contains("there is no release before \(versions[0])"))
        #expect(try scene.current == "releases/\(versions[0])")
    }

    @Test func `a named release, and one that is not there`() throws {
        let scene = try RootScene(3)
        #expect(try scene.airlift("rollback", versions[0]).code == 0)
        #expect(try scene.current == "releases/\(versions[0])")
        for name in ["2020.01.01", "../releases", ".", "größe", ""] {
            let refused = try scene.airlift("activate", name)
            #expect(refused.code == 6 || refused.code == 2, "\(refused.words)")
            #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
        }
        #expect(try scene.current == "releases/\(versions[0])")
        let again = try scene.airlift("activate", versions[0])
        #expect(again.code == 0 && again.output.contains("nothing was changed"), "\(again.words)")
    }

    @Test func `who runs on with the old release is named`() throws {
        let scene = try RootScene(2)
        let service = try scene.startByExec("pass")
        let ran = try scene.airlift("rollback", "--json")
        let document = try JSONValue(ran.bytes)
        #expect(document["version"] == .text(versions[0]) && document["from"] == .text(versions[1]))
        #expect(document["changed"] == .bool(true))
        #expect(document["still_running"]?.items.first?["process"] == .number(Int64(service.program.process)))
        #expect(try service.goOn().code == 0)
    }

    @Test func `a directory that is no root is refused`() throws {
        let nothing = TemporaryDirectory()
        for command in [
            ["rollback"], ["activate", "1"], ["releases"], ["remove", "1"], ["prune"], ["history"],
            ["uninstall"],
        ] {
            let ran = try run([Product.installer] + command + ["--root", nothing.path])
            #expect(ran.code == 6 && ran.errors.contains("there is no root"), "\(command): \(ran.words)")
            let unnamed = try run([Product.installer] + command)
            #expect(unnamed.code == 2 && unnamed.errors.contains("--root"), "\(command): \(unnamed.words)")
        }
        #expect(try Tree.names(nothing.path) == [])
    }

    @Test func `a kept installer that is damaged is put right by the next bundle`() throws {
        let scene = try RootScene(2)
        let whole = try Tree.digest(scene.kept)
        try scene.scratch.write("payroll/.airlift/airlift", "#!/bin/sh\nexit 1\n", permissions: 0o755)
        try scene.install(2)
        #expect(try Tree.digest(scene.kept) == whole)
        #expect(try scene.airlift("rollback").code == 0)
    }

    @Test func `what was current on a day is told`() throws {
        let scene = try RootScene(2)
        #expect(try scene.airlift("rollback").code == 0)
        let history = try scene.airlift("history")
        #expect(history.code == 0, "\(history.words)")
        #expect(history.output.split(separator: "\n").count == 6)
        #expect(history.output.split(separator: "\n").last?.contains("rolled-back") == true)
        let document = try JSONValue(try scene.airlift("history", "--json").bytes)
        guard case .text(let time)? = document["entries"]?.items.first?["time"] else {
            throw Unexpected("no time in \(history.words)")
        }
        let today = String(time.prefix(10))
        let day = try scene.airlift("history", "--on", today)
        #expect(
            day.output.split(separator: "\n").map { $0.prefix(10) }
                == [versions[0], versions[1], versions[0]].map { $0[...] })
        let before = try scene.airlift("history", "--on", "2001-02-03")
        #expect(before.output == "No release of \(scene.root) was current on 2001-02-03.\n")
        #expect(try scene.airlift("history", "--on", "2001-02-30").code == 2)
    }
}
