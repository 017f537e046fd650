import Files
import Glibc
import TestSupport
import Testing

/// Killed, stopped, and many at once.
@Suite struct InterruptionTests {
    /// An index whose `shouter` wheel stops halfway until it is asked again.
    private func slowIndex() -> ToyIndex {
        let bytes = WheelBuilder("shouter", "2.0").bytes
        return ToyIndex { request in
            request.path.hasSuffix("shouter-2.0-py3-none-any.whl") && request.count == 1
                ? .ok(bytes).ending(.stall(after: 200)) : nil
        }
    }

    private func lockedWorkshop(_ index: ToyIndex) throws -> Workshop {
        let workshop = try Workshop()
        try workshop.spec(index: index.url)
        let lock = try workshop.airlift("lock", workshop.project)
        guard lock.code == 0 else { throw Unexpected(lock) }
        return workshop
    }

    @Test func aKilledFetchIsCompletedByTheNext() throws {
        let index = slowIndex()
        let workshop = try lockedWorkshop(index)
        let fetch = try workshop.start("fetch", workshop.project)
        #expect(fetch.waitUntil { index.server.count("/files/shouter-2.0-py3-none-any.whl") == 1 })
        #expect(try fetch.waitUntil { try !Tree.names(workshop.cache + "/partial").isEmpty })
        fetch.destroy()
        #expect(try fetch.wait().signal == SIGKILL)
        let again = try workshop.airlift("fetch", workshop.project)
        #expect(again.code == 0, "\(again.words)")
        #expect(try Tree.names(workshop.cache + "/partial").isEmpty)
        #expect(try workshop.airlift("cut", "--offline", "--locked", workshop.project).code == 0)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aStoppedFetchLeavesNothing(signal: Int32) throws {
        let index = slowIndex()
        let workshop = try lockedWorkshop(index)
        let fetch = try workshop.start("fetch", workshop.project)
        #expect(fetch.waitUntil { index.server.count("/files/shouter-2.0-py3-none-any.whl") == 1 })
        fetch.send(signal)
        let ran = try fetch.wait(seconds: 20)
        #expect(ran.signal == nil && ran.code == 128 + signal, "\(ran.words)")
        #expect(ran.errors == "airlift: stopped by signal \(signal); nothing half-done is left\n")
        #expect(try Tree.names(workshop.cache + "/partial").isEmpty)
        #expect(try workshop.airlift("fetch", workshop.project).code == 0)
    }

    /// At many moments, one after the other: the next run converges without manual steps.
    @Test func aKilledInstallIsCompletedByTheNext() throws {
        let bundle = try Shared.whole().bundle
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        for moment in [0, 10_000, 100_000, 300_000, 600_000, 1_000_000] as [UInt32] {
            let install = try Program(["sh", bundle, "-b", "-p", prefix])
            usleep(moment)
            install.destroy()
            _ = try install.wait()
            #expect(!Tree.exists(prefix) || Tree.exists(prefix + "/.airlift/record.json"))
        }
        let again = try Shared.install(bundle, prefix)
        #expect(again.code == 0, "\(again.words)")
        #expect(try run([prefix + "/bin/greet"]).code == 0)
        #expect(try Tree.names(scratch.path) == ["p"])
        let verified = try run([Product.installer, "verify-install", prefix])
        #expect(verified.code == 0, "\(verified.words)")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aStoppedInstallLeavesNothing(signal: Int32) throws {
        let bundle = try Shared.whole().bundle
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let install = try Program(
            ["sh", bundle, "-b", "-p", prefix], environment: ["TMPDIR": scratch.path])
        // Compiling takes seconds.
        #expect(install.waitUntil { Tree.exists(prefix + ".airlift-new/base/lib") })
        usleep(100_000)
        install.send(signal)
        let ran = try install.wait(seconds: 20)
        #expect(ran.signal == nil && ran.code == 128 + signal, "\(ran.words)")
        #expect(ran.errors == "airlift-installer: stopped by signal \(signal); nothing half-done is left\n")
        #expect(try Tree.names(scratch.path) == [])
    }

    @Test func whatTheCallerIgnoresStaysIgnored() throws {
        let bundle = try Shared.light().bundle
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let install = try Program(
            ["nohup", "sh", bundle, "-b", "--no-sync", "-p", prefix], in: scratch.path)
        #expect(install.waitUntil { Tree.exists(prefix + ".airlift-new") || Tree.exists(prefix) })
        install.send(SIGHUP)
        let ran = try install.wait()
        #expect(ran.code == 0, "\(ran.words)")
        #expect(Tree.exists(prefix + "/bin/greet"))
    }

    @Test func twoInstallsIntoOnePrefix() throws {
        let bundle = try Shared.whole().bundle
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let command = ["sh", bundle, "-b", "--no-sync", "--no-compile", "-p", prefix]
        let both = [try Program(command), try Program(command)]
        let outcomes = try both.map { try $0.wait() }
        #expect(outcomes.contains { $0.code == 0 }, "\(outcomes.map(\.words))")
        for outcome in outcomes where outcome.code != 0 {
            #expect(outcome.code == 6, "\(outcome.words)")
            #expect(
                outcome.errors.contains("another installation") || outcome.errors.contains("run it again"),
                "\(outcome.words)")
        }
        #expect(try run([prefix + "/bin/greet"]).code == 0)
        #expect(try Tree.names(scratch.path) == ["p"])
        #expect(try run([Product.installer, "verify-install", prefix]).code == 0)
    }

    @Test func twoCutsIntoOneDirectory() throws {
        let index = ToyIndex()
        let workshop = try Workshop()
        try workshop.spec(index: index.url)
        let command = [
            try Product.airlift, "cut", workshop.project, "--output", workshop.path + "/dist", "--calver",
            "2026.11.21",
        ]
        let both = try (0..<2).map { _ in try Program(command, environment: workshop.environment) }
        for outcome in try both.map({ try $0.wait() }) { #expect(outcome.code == 0, "\(outcome.words)") }
        #expect(
            try Tree.names(workshop.path + "/dist") == [
                "airlift-installer-linux-64", "payroll-2026.11.21-linux-64.sh",
            ])
        #expect(
            try workshop.airlift("verify", workshop.path + "/dist/payroll-2026.11.21-linux-64.sh").code == 0)
    }

    @Test func severalFetchesIntoOneStore() throws {
        let wheels =
            ToyIndex.greeting
            + (0..<30).map { WheelBuilder("many\($0)", "1.0") { $0.deflated = false } }
        let index = ToyIndex(wheels)
        let workshop = try Workshop()
        try workshop.spec(
            index: index.url,
            requirements: ["greeter==1.0", "shouter==2.0"] + (0..<30).map { "many\($0)==1.0" })
        #expect(try workshop.airlift("lock", workshop.project).code == 0)
        let all = try (0..<4).map { _ in try workshop.start("fetch", workshop.project) }
        for outcome in try all.map({ try $0.wait() }) { #expect(outcome.code == 0, "\(outcome.words)") }
        let files = try workshop.listing("cache/archives").filter { !$0.contains(" directory ") }
        #expect(files.count == 32)
        #expect(try Tree.names(workshop.cache + "/partial").isEmpty)
    }
}
