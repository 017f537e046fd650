import Bundle
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Runs that were killed while link scripts were running, or just before or after.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct UnfinishedTests {
    let landing = Landing()

    private func bundle(_ version: String) throws -> BundleReader {
        try landing.bundle(
            conda: [
                CondaPackageBuilder("demo", version) { $0.linkScripts = ["post-link": "touch $PREFIX/ran"] }
            ],
            version: "2026.\(version)", linkScripts: ["demo"])
    }

    private func version(_ name: String = "env") throws -> String? {
        try InstallRecord.read(Directory.open("\(landing.parent)/\(name)"))?.version
    }

    private func move(_ name: String, to other: String) throws {
        try landing.place.directory().rename(RelativePath(name), to: RelativePath(other))
    }

    private func mark(_ name: String) throws {
        try UnfinishedMark.put(in: Directory.open("\(landing.parent)/\(name)"))
    }

    enum Moment: String, CaseIterable {
        case beforeExchange, scripts, betweenRenames, afterExchangingBack, beforeOldIsKept
    }

    /// Makes what a run leaves that replaced 2.0 by 3.0, while 1.0 was kept from before.
    /// - Returns: whether the new environment was finished.
    private func cutOff(at moment: Moment) throws -> Bool {
        try landing.install(bundle("1.0"))
        try landing.install(bundle("2.0")) { $0.update = true }
        try landing.install(bundle("3.0")) { $0.prefix = "\(landing.parent)/other" }
        switch moment {
        case .beforeExchange, .afterExchangingBack:
            try move("other", to: "env.airlift-undo")
            try mark("env.airlift-undo")
        case .scripts:
            try move("env", to: "env.airlift-undo")
            try move("other", to: "env")
            try mark("env")
        case .betweenRenames:
            try move("env", to: "env.airlift-undo")
            try move("other", to: "env.airlift-new")
            try mark("env.airlift-new")
        case .beforeOldIsKept:
            try move("env", to: "env.airlift-undo")
            try move("other", to: "env")
            // Its scripts named the other place.
            try landing.place.directory().removeTree(RelativePath("env"))
            try landing.install(bundle("3.0")) { $0.prefix = "\(landing.parent)/env" }
            if try landing.neighbours.contains("env.airlift-undo") == false { return true }
        }
        return moment == .beforeOldIsKept
    }

    @Test(arguments: Moment.allCases.filter { $0 != .beforeOldIsKept })
    func `what was there before is back, and what was kept stays`(moment: Moment) throws {
        _ = try cutOff(at: moment)
        #expect(try ExistingPrefix.examine(landing.prefix).version == "2026.2.0")
        let outcome = try landing.install(bundle("2.0"))
        #expect(!outcome.changed, "there was nothing to do but to put it back")
        #expect(try version() == "2026.2.0" && version("env.airlift-old") == "2026.1.0")
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(try landing.faults() == [])
    }

    @Test(arguments: Moment.allCases.filter { $0 != .beforeOldIsKept })
    func `the next installation goes on from there`(moment: Moment) throws {
        _ = try cutOff(at: moment)
        #expect(failure { try landing.install(bundle("3.0")) }?.kind == .targetInTheWay)
        #expect(try landing.install(bundle("3.0")) { $0.update = true }.changed)
        #expect(try version() == "2026.3.0" && version("env.airlift-old") == "2026.2.0")
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(try landing.faults() == [])
    }

    @Test func `a finished environment only waits for the old one to get its place`() throws {
        try landing.install(bundle("1.0"))
        try landing.install(bundle("2.0")) { $0.update = true }
        try landing.install(bundle("0.5")) { $0.prefix = "\(landing.parent)/other" }
        // 2.0 had replaced 1.0, which still is where it waited; an older one was kept.
        try move("env.airlift-old", to: "env.airlift-undo")
        try move("other", to: "env.airlift-old")
        #expect(try !landing.install(bundle("2.0")).changed)
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(try version("env.airlift-old") == "2026.1.0")
    }

    @Test func `where nothing was, nothing is`() throws {
        try landing.install(bundle("1.0"))
        try mark("env")
        #expect(try ExistingPrefix.examine(landing.prefix) == .absent)
        #expect(try landing.faults() == ["unfinished"])
        #expect(try PrefixVerification.run(landing.prefix).isIntact == false)
        #expect(try landing.install(bundle("1.0")).changed, "a rerun installs it anew")
        #expect(try landing.faults() == [])
        #expect(try landing.neighbours == ["env"])
    }

    @Test func `what was kept of an older one is not taken for what was there`() throws {
        try landing.install(bundle("1.0"))
        try landing.install(bundle("2.0")) { $0.update = true }
        try mark("env")
        #expect(try landing.install(bundle("3.0")).changed)
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(try version("env.airlift-old") == "2026.1.0")
    }

    @Test(arguments: [false, true]) func `uninstalling takes it away`(replaced: Bool) throws {
        if replaced {
            _ = try cutOff(at: .scripts)
        } else {
            try landing.install(bundle("1.0"))
            try mark("env")
        }
        let record = try Uninstallation.run(landing.prefix, force: false)
        #expect(record?.version == (replaced ? "2026.2.0" : "2026.1.0"))
        #expect(try landing.neighbours == [])
    }

    @Test func `a script that outlived its installer is ended`() throws {
        try landing.install(bundle("1.0"))
        try mark("env")
        let child = try BoundedSleeper()
        try UnfinishedMark.note(child.process, in: landing.directory())
        #expect(try landing.install(bundle("1.0")).changed)
        #expect(child.wasKilled)
    }

    @Test func `another process of that number is let be`() throws {
        try landing.install(bundle("1.0"))
        let child = try BoundedSleeper()
        try landing.put(UnfinishedMark.path, "link scripts\n\(child.process) 1 another-boot\n")
        #expect(try landing.install(bundle("1.0")).changed)
        #expect(!child.wasKilled)
    }

    @Test func `a package cannot bring the mark`() throws {
        let wheel = WheelBuilder { $0.files.append(.init("demo-1.0.data/data/\(UnfinishedMark.path)", "x")) }
        let error = failure { try landing.install([wheel]) }
        #expect(error?.kind == .damaged && error?.description.contains(UnfinishedMark.path) == true)
    }
}

extension ExistingPrefix {
    fileprivate var version: String? {
        if case .environment(let record) = self { record.version } else { nil }
    }
}

/// A process that leads a group and sleeps.
private final class BoundedSleeper {
    let process: pid_t

    init() throws {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var process = pid_t()
        let words: [String] = ["/bin/sleep", "1000"]
        let argv = words.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        let status = posix_spawn(&process, "/bin/sleep", nil, &attributes, argv, nil)
        try #require(status == 0)
        self.process = process
    }

    var wasKilled: Bool {
        var status: Int32 = 0
        return waitpid(process, &status, WNOHANG) == process && status & 0x7f == SIGKILL
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }
}
