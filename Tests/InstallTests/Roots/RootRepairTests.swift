import Bundle
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Verifying and repairing the releases of a root.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct RootRepairTests {
    let landing = Landing("root")
    let old: Hangar
    let new: Hangar

    init() throws {
        old = try Hangar(version: "2026.11.21", in: landing)
        new = try Hangar(version: "2026.12.01", in: landing) { $0.serial += 1 }
        for hangar in [old, new] { try landing.install(hangar.bundle) { $0.root = landing.prefix } }
    }

    private var root: ReleaseRoot { get throws { try ReleaseRoot.open(landing.prefix) } }

    private func verify() throws -> [String] {
        let report = try RootVerification.run(landing.prefix, jobs: 2)
        return report.changed.map { "\($0.path): \($0.what)" }
            + report.releases.flatMap { release in release.faults.map { "\(release.version) \($0)" } }
    }

    private func repair(
        _ version: String, _ hangar: Hangar, _ change: (inout RepairRequest) -> Void = { _ in }
    ) throws -> RepairOutcome {
        var request = RepairRequest()
        request.synchronize = false
        change(&request)
        let stamp = ChangeStamp(now: "2026-12-02T00:00:00Z", by: ActingUser(uid: 0), host: "host")
        return try root.withLock(stamp) { lock in
            try Repair.run(release: version, from: hangar.bundle, request, lock)
        }
    }

    @Test func `a root is whole as it was installed`() throws {
        #expect(try verify() == [])
        let report = try RootVerification.run(landing.prefix, against: new.bundle, jobs: 2)
        #expect(report.isIntact && report.current == "2026.12.01")
        #expect(report.releases.map(\.bundle) == [new.bundle.digest, nil])
        #expect(try RootVerification.run(landing.prefix, version: "2026.11.21").releases.count == 1)
        #expect(
            failure { _ = try RootVerification.run(landing.prefix, version: "1") }?.kind == .targetInTheWay)
    }

    @Test func `damage is told with its release`() throws {
        try landing.put("releases/2026.11.21/etc/app.toml", "x", permissions: 0o444)
        try landing.put("releases/2026.12.01/extra", "x")
        #expect(
            try verify() == [
                "2026.12.01 unrecorded extra", "2026.11.21 etc/app.toml: 1 bytes instead of 12",
            ])
    }

    @Test func `what lies beside the releases is looked at`() throws {
        #expect(unlink("\(landing.prefix)/current") == 0)
        try landing.directory().createSymbolicLink(RelativePath("current"), to: "releases/1.0")
        #expect(chmod("\(landing.prefix)/releases", 0o777) == 0)
        try landing.put(RootState.path, "{")
        #expect(
            try verify().map { $0.prefix { $0 != ":" } }.sorted() == [
                RootState.path[...], "current", "releases",
            ])
        try landing.remove("current")
        try landing.directory().createSymbolicLink(RelativePath("current"), to: "/etc")
        #expect(try verify().contains { $0.hasPrefix("current:") })
    }

    @Test func `a release without a record is damage`() throws {
        try landing.remove("releases/2026.11.21/.airlift/record.json")
        #expect(try verify().map { $0.prefix { $0 != ":" } } == ["releases/2026.11.21"])
    }

    @Test func `a link of the state that leads elsewhere is a difference, the state itself is not`() throws {
        try landing.put("state/var/db", "changed")
        try landing.put("state/var/more", "x")
        #expect(try verify() == [])
        #expect(unlink("\(landing.prefix)/releases/2026.12.01/var") == 0)
        try landing.directory().createSymbolicLink(RelativePath("releases/2026.12.01/var"), to: "/tmp")
        #expect(try verify().count == 1)
        #expect(try repair("2026.12.01", new).restored.map(\.path) == ["var"])
        #expect(try verify() == [] && landing.text("state/var/db") == "changed")
    }

    @Test func `a release is repaired with its permissions, and the log tells`() throws {
        let release = "releases/2026.12.01"
        let before = try seals(release)
        for path in [
            "etc/app.toml", "bin/demo", "lib/liblibrary.so.1", "etc/library.conf", ".airlift/state/var/db",
        ] {
            try landing.remove("\(release)/\(path)")
        }
        try landing.put("\(release)/share/one", "x")
        let outcome = try repair("2026.12.01", new)
        #expect(outcome.failed == [] && outcome.restored.count == 6, "\(outcome)")
        #expect(try seals(release) == before)
        #expect(try verify() == [])
        let last = try #require(try root.log.entries().last)
        #expect(
            last.event == .repaired && last.version == "2026.12.01" && last.note?.contains("6 files") == true)
        #expect(
            try landing.directory().directory(RelativePath("releases")).names() == [
                "2026.11.21", "2026.12.01",
            ])
        #expect(try !repair("2026.12.01", new).changed)
        #expect(try root.log.entries().last == last, "nothing was done, and nothing is told")
    }

    @Test func `byte code of a release stays sealed when it is compiled anew`() throws {
        let path = "releases/2026.12.01/\(landing.site)/demo/__pycache__/__init__.\(HostPython.cacheTag).pyc"
        try landing.put(path, "evil", permissions: 0o444)
        #expect(try repair("2026.12.01", new).compiled.count == 1)
        #expect(try landing.status(path)?.permissions == 0o444)
        #expect(try verify() == [])
    }

    @Test func `one file of two releases is damaged and repaired in both, and stays one`() throws {
        // As sharing leaves them.
        let (first, second) = ("releases/2026.11.21/share/x", "releases/2026.12.01/share/x")
        try landing.remove(second)
        #expect(link("\(landing.prefix)/\(first)", "\(landing.prefix)/\(second)") == 0)
        #expect(try verify() == [])
        #expect(chmod("\(landing.prefix)/\(first)", 0o644) == 0)
        let file = fopen("\(landing.prefix)/\(first)", "w")
        fputs("y", file)
        fclose(file)
        #expect(chmod("\(landing.prefix)/\(first)", 0o444) == 0)
        #expect(try verify().count == 2)
        let outcome = try repair("2026.12.01", new)
        #expect(outcome.restored.map(\.path) == ["share/x"])
        #expect(outcome.shared == [.init(version: "2026.11.21", path: "share/x", fault: nil)])
        #expect(try verify() == [])
        #expect(try landing.status(first)?.inode == landing.status(second)?.inode)
        #expect(try landing.status(first)?.linkCount == 2)
    }

    @Test func `only the bundle of a release repairs it`() throws {
        try landing.put("releases/2026.12.01/etc/app.toml", "x", permissions: 0o444)
        #expect(failure { _ = try repair("2026.12.01", old) }?.kind == .targetInTheWay)
        #expect(failure { _ = try repair("1.0", old) }?.kind == .targetInTheWay)
        #expect(try verify().count == 1)
    }

    @Test func `a bundle that was kept goes with its release`() throws {
        try landing.install(old.bundle) {
            $0.root = landing.prefix
            $0.keepsBundle = true
            $0.activates = false
        }
        let record = try root.release("2026.11.21").record
        let path = try #require(try KeptBundles.find(record, in: landing.prefix))
        #expect(try BundleReader.open(path).digest == old.bundle.digest)
        #expect(try verify() == [])
        let stamp = ChangeStamp(now: "2026-12-02T00:00:00Z", by: ActingUser(uid: 0), host: "host")
        _ = try root.withLock(stamp) { try ReleaseRemoval(environment: [:]).remove("2026.11.21", $0) }
        #expect(try KeptBundles.find(record, in: landing.prefix) == nil)
    }

    @Test func `a path in a root is known as one of its releases`() throws {
        let root = landing.prefix
        #expect(ReleaseRoot.holding("\(root)/releases/2026.11.21")?.version == "2026.11.21")
        #expect(ReleaseRoot.holding("\(root)/current")?.version == "2026.12.01")
        #expect(ReleaseRoot.holding(root) == nil && ReleaseRoot.holding("/") == nil)
        #expect(ReleaseRoot.holding("\(root)/releases/2026.11.21/bin") == nil)
        #expect(ReleaseRoot.holding("\(landing.parent)/releases/x") == nil)
    }

    private func seals(_ release: String) throws -> [String] {
        let directory = try landing.directory().directory(RelativePath(release))
        var lines: [String] = []
        try directory.walk { path, status in lines.append("\(path) \(status.permissions) \(status.kind)") }
        return lines
    }
}
