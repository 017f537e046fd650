import Bundle
import Failures
import Files
import Install
import TestSupport
import Testing

/// Installing into a root.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct ReleaseInstallTests {
    let scene = RootScene()

    @Test func `a release is a prefix of its own, and current`() throws {
        let outcome = try scene.install("2026.11.21")
        #expect(outcome.changed && outcome.switched?.changed == true && outcome.switched?.from == nil)
        #expect(outcome.record.prefix == "\(scene.path)/releases/2026.11.21")
        #expect(try scene.names() == [".airlift", "current", "releases", "state"])
        #expect(try scene.names(".airlift") == ["airlift", "installer.json", "lock", "log", "root.json"])
        #expect(try scene.current() == "2026.11.21")
        #expect(
            try Directory.open(scene.path).symbolicLinkTarget(RelativePath("current"))
                == "releases/2026.11.21")
        #expect(try scene.log() == ["installed 2026.11.21", "activated 2026.11.21"])
        #expect(try PrefixVerification.run(outcome.record.prefix).isIntact)
        let ran = try InstallTests.run(
            ["\(outcome.record.prefix)/bin/python", "-c", "import demo, sys; print(sys.prefix)"], in: "/")
        #expect(ran.output == "\(outcome.record.prefix)\n", "\(ran.errors)")
    }

    /// Two runs at once: one found the release in place, the other removed it before the first had the lock.
    @Test func `a release that went away since the plan was made is installed whole`() throws {
        let bundle = try scene.bundle("2026.11.21")
        try scene.install(bundle)
        try scene.install("2026.12.01")
        let plan = try InstallPlan.make(bundle, scene.request { $0.allowDowngrade = true })
        #expect(!plan.isNeeded)
        try Directory.open(scene.path).removeTree(RelativePath("releases/2026.11.21"))
        let outcome = try plan.apply()
        #expect(outcome.changed)
        let ran = try InstallTests.run(["\(outcome.record.prefix)/bin/python", "-c", "import demo"], in: "/")
        #expect(ran.code == 0, "\(ran.errors)")
    }

    @Test func `the log says who did what where`() throws {
        try scene.install("2026.11.21")
        let entry = try scene.root().log.entries().last
        #expect(entry?.by == ActingUser(uid: 7, user: "olga"))
        #expect(entry?.time == "2026-11-21T12:00:00Z" && entry?.serial == 2_026_112_100_000)
        #expect(entry?.host == HostFacts.current().name && entry?.installer == Generator.current)
        let record = try scene.root().release("2026.11.21").record
        #expect(entry?.bundle == record.bundle && entry?.environment == record.environment)
        #expect(record.by == ActingUser(uid: 7, user: "olga"))
    }

    @Test func `nobody writes to the files of a release, and its directories are the owner's`() throws {
        let outcome = try scene.install(
            scene.bundle("2026.11.21") {
                $0.ownFiles = [
                    .init("etc/secret.toml", "x", mode: "0640"), .init("bin/run", "y", mode: "0755"),
                ]
            })
        let prefix = try Directory.open(outcome.record.prefix)
        var writable: [String] = []
        try prefix.walk { path, status in
            if status.kind == .file, status.permissions & 0o222 != 0 { writable.append(path.string) }
            if status.kind == .directory { #expect(status.permissions == 0o755, "\(path)") }
        }
        #expect(writable == [])
        #expect(try prefix.status(of: RelativePath("etc/secret.toml"))?.permissions == 0o440)
        #expect(try prefix.status(of: RelativePath("bin/run"))?.permissions == 0o555)
    }

    @Test func `a second version becomes current, and the first stays as it was`() throws {
        let first = try scene.install("2026.10.03").record
        let outcome = try scene.install("2026.11.21")
        #expect(outcome.switched?.from == "2026.10.03")
        #expect(try scene.current() == "2026.11.21")
        #expect(try scene.root().releases().map(\.name) == ["2026.11.21", "2026.10.03"])
        #expect(try PrefixVerification.run(first.prefix).isIntact)
        #expect(try scene.root().previous() == "2026.10.03")
    }

    @Test func `what is there already is left, and made current only where it is not`() throws {
        let bundle = try scene.bundle("2026.11.21")
        try scene.install(bundle)
        let before = try scene.landing.snapshot()
        let again = try scene.install(bundle)
        #expect(!again.changed && again.switched?.changed == false)
        #expect(try scene.landing.snapshot() == before)
        try scene.install("2026.12.01")
        let back = try scene.install(bundle)
        #expect(!back.changed && back.switched?.from == "2026.12.01")
        #expect(try scene.current() == "2026.11.21")
    }

    @Test func `without activation what is current stays`() throws {
        try scene.install("2026.10.03")
        let outcome = try scene.install(scene.bundle("2026.11.21")) { $0.activates = false }
        #expect(outcome.changed && outcome.switched == nil)
        #expect(try scene.current() == "2026.10.03")
        #expect(try scene.log().last == "installed 2026.11.21")
    }

    @Test func `one version names one content`() throws {
        try scene.install("2026.11.21")
        let other = try scene.bundle("2026.11.21", demo: "9.9")
        let before = try scene.landing.snapshot()
        let error = failure { try scene.install(other) }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.description.contains("one version names one content") == true)
        #expect(try scene.landing.snapshot() == before)
    }

    @Test func `a root belongs to one name`() throws {
        try scene.install("2026.11.21")
        let other = try scene.bundle("2026.12.01") { $0.name = "ledger" }
        let error = failure { try scene.install(other) }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.description.contains("is the root of quickstart, and the bundle is of ledger") == true)
    }

    @Test func `an older bundle is refused, even when what was newer is gone`() throws {
        try scene.install("2026.11.21")
        let old = try scene.bundle("2026.10.03")
        #expect(failure { try scene.install(old) }?.kind == .targetInTheWay)
        try Directory.open(scene.path).removeTree(RelativePath("releases/2026.11.21"))
        #expect(failure { try scene.install(old) }?.description.contains("--allow-downgrade") == true)
        try scene.install(old) { $0.allowDowngrade = true }
        #expect(try scene.current() == "2026.10.03")
        #expect(try scene.root().state()?.serial == 2_026_112_100_000, "the highest is remembered")
    }

    @Test(arguments: [\InstallRequest.force, \.update, \.replaceForeign])
    func `a release is never rewritten`(option: WritableKeyPath<InstallRequest, Bool> & Sendable) throws {
        try scene.install("2026.11.21")
        let bundle = try scene.bundle("2026.11.21")
        let error = failure { try scene.install(bundle) { $0[keyPath: option] = true } }
        #expect(error?.kind == .usage && error?.description.contains("repair") == true)
    }

    @Test func `a failure leaves no root behind`() throws {
        let bundle = try scene.bundle("2026.11.21")
        let broken = try scene.bundle("2026.11.21") {
            $0.wheels = [WheelBuilder("demo") { $0.files = [.init("demo/__init__.py", "import nowhere")] }]
        }
        #expect(failure { try scene.install(broken) { $0.test = true } }?.kind == .hostRequirements)
        #expect(try scene.landing.neighbours == [])
        try scene.install(bundle)
        let later = try scene.bundle("2026.12.01") {
            $0.wheels = [WheelBuilder("demo") { $0.files = [.init("demo/__init__.py", "import nowhere")] }]
        }
        let before = try scene.landing.snapshot().filter { !$0.hasPrefix("payroll/releases directory") }
        #expect(failure { try scene.install(later) { $0.test = true } } != nil)
        #expect(try scene.landing.snapshot().filter { !$0.hasPrefix("payroll/releases directory") } == before)
    }

    @Test func `what is no root is left alone`() throws {
        let place = try Directory.open(scene.landing.parent)
        try place.createDirectory(RelativePath("payroll"))
        try scene.put("notes.txt", "mine")
        let bundle = try scene.bundle("2026.11.21")
        let error = failure { try scene.install(bundle) }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("it holds 'notes.txt'") == true)
        #expect(try scene.names() == ["notes.txt"])
        try Directory.open(scene.path).remove(RelativePath("notes.txt"))
        try scene.install(bundle)
        #expect(try scene.current() == "2026.11.21", "an empty directory becomes one")
    }

    @Test func `a prefix of its own is no root`() throws {
        let bundle = try scene.bundle("2026.11.21")
        try scene.landing.install(bundle)
        let error = failure { try scene.install(bundle) { $0.root = scene.landing.prefix } }
        #expect(
            error?.kind == .targetInTheWay
                && error?.description.contains("was installed with --prefix, and no root") == true)
    }

    @Test func `a root that was moved takes nothing for its own`() throws {
        let bundle = try scene.bundle("2026.11.21")
        try scene.install(bundle)
        try Directory.open(scene.landing.parent).rename(RelativePath("payroll"), to: RelativePath("moved"))
        let error = failure { try scene.install(bundle) { $0.root = "\(scene.landing.parent)/moved" } }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("and moved") == true)
    }
}
