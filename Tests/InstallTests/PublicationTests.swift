import Bundle
import Failures
import Files
import Glibc
import Install
import Synchronization
import TestSupport
import Testing

/// Runs that meet each other, and runs that were killed.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct PublicationTests {
    let landing = Landing()

    private func sample(_ version: String) throws -> BundleReader {
        try landing.bundle(below: version) {
            $0.version = "2026.\(version)"
            $0.wheels = [WheelBuilder("demo", version)]
        }
    }

    private func version(_ name: String = "env") throws -> String? {
        try InstallRecord.read(Directory.open("\(landing.parent)/\(name)"))?.version
    }

    private func move(_ name: String, to other: String) throws {
        try landing.place.directory().rename(RelativePath(name), to: RelativePath(other))
    }

    @Test func `of two at once one wins and the other is told`() throws {
        let bundle = try sample("1.0")
        let told = Mutex<[any Failure]>([])
        let outcome = try InstallPlan.make(bundle, landing.request()).apply { progress in
            guard case .unpacked = progress else { return }
            if let error = failure({ try landing.install(bundle) }) { told.withLock { $0.append(error) } }
        }
        #expect(outcome.changed)
        let errors = told.withLock { $0 }
        #expect(!errors.isEmpty && errors.allSatisfy { $0.kind == .targetInTheWay })
        #expect(
            errors.first?.description.contains("another installation into '\(landing.prefix)' is running")
                == true)
        #expect(try landing.neighbours == ["env"])
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `many at once end with one whole environment`() async throws {
        let bundle = try sample("1.0")
        let ends = await withTaskGroup(of: String.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do { return try landing.install(bundle).changed ? "installed" : "there" } catch {
                        return (error as? any Failure)?.kind == .targetInTheWay ? "told" : "\(error)"
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(ends["installed"] == 1)
        #expect(Set(ends.keys).isSubset(of: ["installed", "there", "told"]), "\(ends)")
        #expect(try landing.neighbours == ["env"])
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `a plan that others overtook is judged again`() throws {
        let (first, second) = (try sample("1.0"), try sample("2.0"))
        let plans = [
            try InstallPlan.make(first, landing.request()), try InstallPlan.make(second, landing.request()),
        ]
        let same = try InstallPlan.make(first, landing.request())
        #expect(try plans[0].apply().changed)
        #expect(try same.apply().changed == false)
        let error = failure { _ = try plans[1].apply() }
        #expect(error?.kind == .targetInTheWay)
        #expect(try version() == "2026.1.0")
        #expect(try landing.neighbours == ["env"])
    }

    @Test func `staging and lock of a killed run are cleared away by the next`() throws {
        try landing.place.write("env.airlift-new/deep/file", "half")
        let staging = try landing.place.directory().directory(RelativePath("env.airlift-new/deep"))
        #expect(fchmod(staging.descriptor, 0o555) == 0)
        try landing.place.directory().createSymbolicLink(
            RelativePath("env.airlift-new/link"), to: landing.scratch.path)
        try landing.scratch.write("precious", "x")
        try landing.place.write(".env.airlift-lock", "")
        #expect(try landing.install(sample("1.0")).changed)
        #expect(try landing.neighbours == ["env"])
        #expect(try landing.scratch.directory().status(of: RelativePath("precious")) != nil)
    }

    @Test func `leftovers go even where there is nothing else to do`() throws {
        try landing.install(sample("1.0"))
        try landing.place.write("env.airlift-new/half", "x")
        #expect(try landing.install(sample("1.0")).changed == false)
        #expect(try landing.neighbours == ["env"])
    }

    enum Moment: String, CaseIterable { case before, between, secondLost, after }

    /// For file systems without an exchange; see `Publication.exchangeInTwoSteps`.
    @Test(arguments: Moment.allCases) func `a two-step rename that was cut off is completed`(moment: Moment)
        throws
    {
        let (one, two) = (try sample("1.0"), try sample("2.0"))
        try landing.install(one)
        try landing.install(two) { $0.update = true }
        try landing.place.write(".env.airlift-journal", "\(landing.prefix)\n")
        switch moment {
        case .before:
            try move("env", to: "env.airlift-new")
            try move("env.airlift-old", to: "env")
        case .between: try move("env", to: "env.airlift-new")
        case .secondLost: try landing.place.directory().removeTree(RelativePath("env"))
        case .after: break
        }
        let isNew = moment == .between || moment == .after
        let expected = isNew ? two : one
        let outcome = try landing.install(expected)
        #expect(!outcome.changed, "the environment is in place again, whole")
        #expect(try version() == expected.manifest.version)
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        #expect(try landing.neighbours == (isNew ? ["env", "env.airlift-old"] : ["env"]))
        #expect(try landing.install(isNew ? one : two) { $0.update = true }.changed, "and updates as ever")
    }

    @Test func `an environment kept from before stays when an update is refused`() throws {
        try landing.install(sample("1.0"))
        try landing.install(sample("2.0")) { $0.update = true }
        let before = try landing.snapshot()
        let bad = try landing.bundle(
            of: [WheelBuilder { $0.editRecord = { $0[0].size = "7" } }], below: "bad")
        #expect(failure { try landing.install(bad) { $0.force = true } }?.kind == .damaged)
        #expect(try landing.snapshot() == before)
    }
}
