import Bundle
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Workers
import Testing

@testable import Install

/// What a run finds that comes after one that was cut off.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct RootRecoveryTests {
    let scene = RootScene()

    private func cutOff(pending: Bool, switched: Bool) throws {
        try scene.install("2026.10.03")
        try scene.install(scene.bundle("2026.11.21")) { $0.activates = false }
        let root = try scene.root()
        let record = try root.release("2026.11.21").record
        let journal = ActivationJournal(
            from: "2026.10.03", to: "2026.11.21", isPending: pending,
            entry: .init(.activated, RootScene.stamp, record, from: "2026.10.03"))
        try journal.write(in: root.directory, durable: false)
        if switched { try root.point(at: "2026.11.21", durable: false) }
    }

    private func recover() throws -> [String] {
        try scene.root().withLock(RootScene.stamp) { $0.recovered }
    }

    @Test(arguments: [false, true]) func `a switch without hooks is completed`(switched: Bool) throws {
        try cutOff(pending: false, switched: switched)
        #expect(try recover() == [])
        #expect(try scene.current() == "2026.11.21")
        #expect(try scene.log().last == "activated 2026.11.21")
        #expect(try !scene.names(".airlift").contains("journal"))
    }

    @Test(arguments: [false, true]) func `one whose hooks had not ended is taken back`(switched: Bool) throws
    {
        try cutOff(pending: true, switched: switched)
        #expect(try recover().first?.contains("2026.10.03 is current again") == true)
        #expect(try scene.current() == "2026.10.03")
        #expect(try scene.log().last == "activation-failed 2026.11.21")
        #expect(try recover() == [])
    }

    @Test func `a hook that outlived its installer is ended by the next run`() throws {
        try scene.install("2026.10.03")
        let root = try scene.root().directory
        let hook = BoundedProcess(
            "/bin/sleep", ["300"], environment: [:], directory: "/", limit: 100)
        let end = try hook.run(started: { process in
            try RunningHook.note(process, in: root)
            #expect(try scene.names(".airlift").contains("hook"))
            #expect(try recover() == [])
        }) { _ in }
        #expect(end == .signalled(SIGKILL))
        #expect(try !scene.names(".airlift").contains("hook"))
        // Another process may have its number by now.
        for text in ["", "1 1 x\n", "\(getpid()) 1 x\n", "-1 a\n", "words\n", "99999999999999999999 1 x"] {
            try scene.put(".airlift/hook", text)
            #expect(try recover() == [])
            #expect(try !scene.names(".airlift").contains("hook"))
        }
    }

    @Test func `cut off after the log, the line is not written twice`() throws {
        try cutOff(pending: false, switched: true)
        let root = try scene.root()
        try root.log.append(ActivationJournal.read(root.directory)!.entry)
        let before = try scene.log()
        #expect(try recover() == [])
        #expect(try scene.log() == before)
    }

    @Test func `a journal that names a release which is gone leads back`() throws {
        try cutOff(pending: false, switched: true)
        try Directory.open(scene.path).removeTree(RelativePath("releases/2026.11.21"))
        _ = try recover()
        #expect(try scene.current() == "2026.10.03")
    }

    @Test func `a journal that is malformed is named`() throws {
        try scene.install("2026.10.03")
        for text in ["", "{", "{\"airlift\":1}", "[]"] {
            try scene.put(".airlift/journal", text)
            let error = failure { _ = try recover() }
            #expect(
                error?.kind == .damaged && error?.description.contains(".airlift/journal") == true,
                "\(text): \(String(describing: error))")
        }
        #expect(try scene.current() == "2026.10.03")
    }

    @Test func `what was being written or removed is cleared away, and nothing else`() throws {
        try scene.install("2026.10.03")
        for path in [
            "releases/.2026.11.21.new/a/b", "releases/.2026.09.01.gone/c", "releases/.mine/d", ".current.new",
            ".airlift/.airlift.17.3.part",
        ] { try scene.put(path, "x") }
        _ = try recover()
        #expect(try scene.names("releases") == [".mine", "2026.10.03"])
        #expect(try !scene.names(".airlift").contains(".airlift.17.3.part"))
        #expect(try scene.names() == [".airlift", "current", "releases", "state"])
    }

    @Test func `a release whose link scripts were cut off is no release`() throws {
        try scene.install("2026.10.03")
        try scene.install(scene.bundle("2026.11.21")) { $0.activates = false }
        try scene.put("releases/2026.11.21/.airlift/unfinished", "link scripts\n")
        #expect(try scene.root().releases().map(\.fault?.isEmpty) == [nil, false])
        try scene.install("2026.11.21")
        #expect(try scene.current() == "2026.11.21")
        #expect(try scene.root().releases().map(\.fault) == [nil, nil])
    }

    @Test func `cut off before its serial was remembered, it is still the highest`() throws {
        try scene.install("2026.10.03")
        try scene.install("2026.11.21")
        var state = try #require(try scene.root().state())
        state.serial = 2_026_100_300_000
        try state.write(in: Directory.open(scene.path))
        _ = try recover()
        #expect(try scene.root().state()?.serial == 2_026_112_100_000)
    }

    @Test func `a torn line at the end of the log costs that line alone`() throws {
        try scene.install("2026.10.03")
        let log = try scene.text(".airlift/log")
        try scene.put(".airlift/log", log + "{\"time\":\"2026-1")
        try scene.activate("2026.10.03")
        try scene.install("2026.11.21")
        #expect(
            try scene.log() == [
                "installed 2026.10.03", "activated 2026.10.03", "installed 2026.11.21",
                "activated 2026.11.21",
            ])
        #expect(try scene.text(".airlift/log").hasPrefix(log))
    }

    @Test func `who holds the lock is waited for as long as is asked`() throws {
        try scene.install("2026.10.03")
        let root = try scene.root()
        try root.withLock(RootScene.stamp) { _ in
            let error = failure { _ = try scene.install(scene.bundle("2026.11.21")) }
            #expect(error?.kind == .targetInTheWay && error?.description.contains("--wait") == true)
            let start = ContinuousClock.now
            #expect(failure { _ = try root.withLock(waiting: 1, RootScene.stamp) { _ in } } != nil)
            #expect(ContinuousClock.now - start >= .milliseconds(900))
        }
        try root.withLock(RootScene.stamp) { _ in }
        #expect(
            try Directory.open(scene.path).status(of: RelativePath(".airlift/lock"))?.permissions == 0o600)
    }
}
