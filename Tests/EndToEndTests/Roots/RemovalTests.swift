import Glibc
import TestSupport
import Testing

@Suite struct RemovalTests {
    private let versions = ThreeBundles.versions
    private static let nobody: UInt32 = 65_534

    @Test func `a release that runs is not removed, and is once it has ended`() throws {
        let scene = try RootScene(1)
        let service = try scene.startByExec("import greeter.lazy; print(greeter.lazy.NUMBER)")
        try scene.install(1)
        let before = try Tree.listing(scene.root + "/releases")
        for command in [["remove", versions[0]], ["prune", "--keep", "1"]] {
            let ran = try run([scene.kept] + command)
            #expect(ran.errors.contains("process \(service.program.process) (python)"), "\(ran.words)")
            #expect(ran.code == (command[0] == "remove" ? 6 : 0))
            #expect(try Tree.listing(scene.root + "/releases") == before)
        }
        #expect(try service.goOn().output == "1\n")
        let removed = try scene.airlift("remove", versions[0])
        #expect(removed.code == 0, "\(removed.words)")
        #expect(try scene.releases == [versions[1]])
        #expect(try scene.airlift("exec", "greet").output == "release 2\n")
    }

    @Test func `the current release is not removed, nor what is not there`() throws {
        let scene = try RootScene(2)
        let before = try Tree.listing(scene.root + "/releases")
        for name in [versions[1], "2020.01.01", ".", "..", "a/b", ""] {
            let ran = try scene.airlift("remove", name)
            #expect(ran.code == 6 || ran.code == 2, "\(name): \(ran.words)")
        }
        #expect(try Tree.listing(scene.root + "/releases") == before)
    }

    @Test func `a damaged release can still be removed`() throws {
        let scene = try RootScene(2)
        let record = "payroll/releases/\(versions[0])/.airlift/record.json"
        try scene.scratch.write(record, "{")
        let listed = try scene.airlift("releases")
        #expect(listed.code == 0 && listed.errors.contains("\(versions[0]) is damaged"), "\(listed.words)")
        let pruned = try scene.airlift("prune", "--keep", "1")
        #expect(pruned.code == 0 && pruned.errors.contains("\(versions[0]) stays"), "\(pruned.words)")
        #expect(try scene.airlift("remove", versions[0]).code == 0)
        #expect(try scene.releases == [versions[1]])
    }

    @Test func `pruning keeps the current one, the way back, and what waits for its turn`() throws {
        let scene = try RootScene(2)
        try scene.install(2, ["--no-activate"])
        #expect(try scene.airlift("prune", "--keep", "2").output.contains("No release was removed"))
        let dry = try scene.airlift("prune", "--keep", "1", "--dry-run")
        #expect(dry.output == "Would remove the release \(versions[0]).\n", "\(dry.words)")
        #expect(try scene.releases == versions)
        let pruned = try scene.airlift("prune", "--keep", "1", "--json")
        let document = try JSONValue(pruned.bytes)
        #expect(document["removed"] == [.text(versions[0])])
        // The third was never current, and is later than what is.
        #expect(try scene.releases == [versions[1], versions[2]])
        #expect(try scene.airlift("prune", "--keep", "0").code == 2)
    }

    @Test func `after a rollback the way back stays, and the failed one goes`() throws {
        let scene = try RootScene(3)
        #expect(try scene.airlift("rollback").code == 0)
        #expect(try scene.airlift("prune", "--keep", "2").code == 0)
        #expect(try scene.releases == [versions[0], versions[1]])
    }

    @Test(.enabled(if: Machine.isRoot && Program.exists("setpriv"), "needs root and setpriv"))
    func `another user is refused for what it can see, and told what it cannot`() throws {
        let scene = try RootScene(1, as: Self.nobody)
        let own = try scene.startByExec("pass")
        try scene.install(1)
        let refused = try scene.airlift("remove", versions[0])
        #expect(refused.code == 6, "\(refused.words)")
        #expect(refused.errors.contains("process \(own.program.process) (python)"))
        #expect(try own.goOn().code == 0)
        let removed = try scene.airlift("remove", versions[0])
        #expect(removed.code == 0, "\(removed.words)")
        #expect(removed.errors.contains("could not be looked into"), "\(removed.errors)")
        #expect(removed.errors.contains("root sees more"))
        #expect(try scene.releases == [versions[1]])
    }

    @Test(.enabled(if: Machine.isRoot && Program.exists("setpriv"), "needs root and setpriv"))
    func `who may only read can run and list, and change nothing`() throws {
        let scene = try RootScene(2)
        let other = [Program.find("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", scene.kept]
        #expect(try run(other + ["exec", "greet"]).output == "release 2\n")
        #expect(try run(other + ["releases"]).output.contains(versions[0]))
        #expect(try run(other + ["history"]).code == 0)
        let before = try Tree.listing(scene.root)
        for command in [["rollback"], ["remove", versions[0]], ["prune", "--keep", "1"], ["uninstall"]] {
            let ran = try run(other + command)
            #expect(ran.code == 6 && ran.errors.contains("not writable"), "\(command): \(ran.words)")
        }
        #expect(try Tree.listing(scene.root) == before)
    }

    @Test func `a whole root goes, but not with state in it, nor while it is used`() throws {
        let scene = try RootScene(2)
        try scene.scratch.write("payroll/state/var/ledger.db", "precious")
        let service = try scene.startByExec("pass")
        for command in [["uninstall"], ["uninstall", "-f"]] {
            let ran = try run([scene.kept] + command)
            #expect(ran.code == 6, "\(command): \(ran.words)")
        }
        #expect(try service.goOn().code == 0)
        let refused = try scene.airlift("uninstall")
        #expect(refused.code == 6 && refused.errors.contains("state/var/ledger.db"), "\(refused.words)")
        #expect(try scene.airlift("exec", "greet").output == "release 2\n")
        let removed = try scene.airlift("uninstall", "-f")
        #expect(removed.code == 0, "\(removed.words)")
        #expect(!Tree.exists(scene.root))
    }

    @Test func `what somebody put into a root is not lost`() throws {
        let scene = try RootScene(1)
        try scene.scratch.write("payroll/notes.txt", "precious")
        let refused = try scene.airlift("uninstall")
        #expect(refused.code == 6 && refused.errors.contains("notes.txt"), "\(refused.words)")
        unlink(scene.root + "/notes.txt")
        #expect(try scene.airlift("uninstall").code == 0)
        #expect(!Tree.exists(scene.root))
        // And it can begin anew.
        try scene.install(1)
        #expect(try scene.airlift("exec", "greet").output == "release 2\n")
    }
}
