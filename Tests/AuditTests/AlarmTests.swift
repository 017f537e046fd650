import Bundle
import Digests
import Testing

@testable import Audit

/// What is told first, each alarm beside its harmless twin.
@Suite struct AlarmTests {
    private func alarms(_ from: PackageSet, _ to: PackageSet) -> [String] {
        ManifestDiff(from: from, to: to).alarms.map { "\($0.alarm.rawValue) \($0.subject)" }
    }

    private func alarms(_ from: [PackageSet.Package], _ to: [PackageSet.Package]) -> [String] {
        alarms(Example.set(from), Example.set(to))
    }

    @Test func harmlessChangesDoNotAlarm() {
        #expect(
            alarms(
                [Example.wheel("a", "1.0"), Example.wheel("b", "1.0")],
                [Example.wheel("a", "1.1"), Example.wheel("c", "1.0")]) == [])
        #expect(alarms([Example.conda("a", "1.0", "h1_0")], [Example.conda("a", "1.0", "h2_1")]) == [])
    }

    @Test func otherBytesAlarmFirst() {
        #expect(
            alarms(
                [Example.wheel("a", "2.0"), Example.wheel("z", "1.0", bytes: "published")],
                [Example.wheel("a", "1.0"), Example.wheel("z", "1.0", bytes: "swapped")])
                == ["other-bytes z", "downgrade a"])
    }

    @Test func oneReleaseIsKnownUnderAnotherFileName() {
        var other = Example.conda("a", "1.0", "h1_0", bytes: "other")
        other.filename = "a-1.0-h1_0.tar.bz2"
        #expect(alarms([Example.conda("a", "1.0", "h1_0")], [other]) == ["other-bytes a"])
        let spelled = Example.wheel("a_b", "1.0", file: "A.B-1.0.0-py3-none-any.whl", bytes: "other")
        #expect(alarms([Example.wheel("a_b", "1.0")], [spelled]) == ["other-bytes a-b"])
        let built = Example.wheel("a_b", "1.0", file: "a_b-1.0-1-py3-none-any.whl")
        #expect(alarms([Example.wheel("a_b", "1.0")], [built]) == [], "another build is another release")
    }

    @Test func anInterpreterOfThisMachineMayBeCapturedAnew() throws {
        var archive = Example.archive("python", "3.11.2", kind: .python)
        let old = try Example.manifest(archives: [archive])
        archive.sha256 = Example.digest("patched")
        let new = try Example.manifest(archives: [archive])
        #expect(alarms(PackageSet(old), PackageSet(new)) == [])
        var bought = (old, new)
        bought.0.python.source = .archive
        bought.1.python.source = .archive
        #expect(alarms(PackageSet(bought.0), PackageSet(bought.1)) == ["other-bytes python"])
    }

    @Test func anotherKindOfPackageAlarms() {
        #expect(
            alarms(
                [Example.wheel("Zope.x", "1.0", file: "zope_x-1.0-py3-none-any.whl")],
                [Example.conda("zope-x", "1.1", "0")]) == ["kind zope-x"])
        #expect(
            alarms([Example.wheel("a", "2.0")], [Example.conda("a", "1.1", "0")])
                == ["downgrade a", "kind a"])
        #expect(
            alarms(
                [Example.wheel("a", "1.0"), Example.conda("a", "1.0", "0")], [Example.conda("a", "1.0", "0")])
                == [], "the conda package was there before")
    }

    private func wheel(_ name: String, _ version: String, at url: String?) -> PackageSet.Package {
        var wheel = Example.wheel(name, version)
        wheel.url = url
        return wheel
    }

    @Test func anotherIndexAlarmsWhereItBringsOtherBytes() {
        let (good, evil) = ("https://index.test/packages/aa/bb/", "https://evil.test/packages/aa/bb/")
        #expect(
            alarms([wheel("a", "1.0", at: good + "a.whl")], [wheel("a", "1.1", at: good + "b.whl")]) == [])
        #expect(
            alarms([wheel("a", "1.0", at: good + "a.whl")], [wheel("a", "1.1", at: evil + "b.whl")])
                == ["channel a"])
        #expect(
            alarms([wheel("a", "1.0", at: good + "a.whl")], [wheel("a", "1.0", at: evil + "a.whl")]) == [],
            "the same bytes from a mirror")
        #expect(alarms([wheel("a", "1.0", at: good)], [wheel("a", "1.1", at: nil)]) == [], "not known")
    }

    @Test func aNewPackageFromANewPlaceAlarms() {
        let known = wheel("a", "1.0", at: "https://index.test/simple/a/a.whl")
        #expect(alarms([known], [known, wheel("b", "1.0", at: "https://index.test/simple/b/b.whl")]) == [])
        #expect(
            alarms([known], [known, wheel("b", "1.0", at: "https://other.test/simple/b/b.whl")])
                == ["channel b"])
    }

    @Test func anotherChannelAlarms() {
        func conda(_ version: String, _ channel: String) -> PackageSet.Package {
            var package = Example.conda("a", version, "0")
            package.channel = channel
            return package
        }
        let (good, evil) = ("https://conda.test/forge", "https://conda.test/defaults")
        #expect(alarms([conda("1.0", good)], [conda("1.1", good + "/")]) == [])
        #expect(alarms([conda("1.0", good)], [conda("1.1", "https://user:secret@conda.test/forge")]) == [])
        #expect(alarms([conda("1.0", good)], [conda("1.1", evil)]) == ["channel a"])
    }

    @Test func hooksOfManifestsAlarm() {
        #expect(
            alarms([Example.wheel("a", "1.0")], [Example.wheel("a", "1.1", hooks: ["a.pth"])]) == [
                "new-hook a"
            ])
        #expect(
            alarms(
                [Example.wheel("a", "1.0", hooks: ["a.pth"])], [Example.wheel("a", "1.1", hooks: ["a.pth"])])
                == [])
        #expect(alarms([], [Example.wheel("a", "1.0", hooks: ["a.pth"])]) == ["new-hook a"])
        #expect(
            alarms([Example.wheel("a", "1.0", hooks: nil)], [Example.wheel("a", "1.1", hooks: ["a.pth"])])
                == [])
    }

    @Test func hooksOfTheApplicationAlarm() {
        let file = PackageSet.File(sha256: Example.digest("x"), mode: "0644")
        let python = Manifest.Python(
            source: .host, implementation: "cpython", version: "3.11", abi: "cp311", cacheTag: "cpython-311",
            executable: nil, sitePackages: "lib/python3.11/site-packages")
        var (from, to) = (Example.set([], files: [:]), Example.set([], files: ["etc/a.pth": file]))
        (from.python, to.python) = (python, python)
        #expect(alarms(from, to) == [])
        to.files = ["lib/python3.11/site-packages/a.pth": file]
        #expect(alarms(from, to) == ["new-hook the application"])
    }

    @Test func departuresFromRulesAlarm() throws {
        let archive = Example.archive("a", "1.0")
        let old = try Example.manifest(archives: [archive])
        var new = old
        new.overrides = [.init(subject: "a", rule: "paths", reason: "upstream's list is wrong")]
        #expect(alarms(PackageSet(old), PackageSet(new)) == ["override a"])
        #expect(alarms(PackageSet(new), PackageSet(old)) == [])
        new = old
        new.install.linkScripts = ["a"]
        #expect(alarms(PackageSet(old), PackageSet(new)) == ["new-hook a"])
        new = old
        new.policy = .init(
            evaluated: "2026-11-21", violations: [.init(rule: "deny", package: "a", detail: "GPL")])
        #expect(alarms(PackageSet(old), PackageSet(new)) == ["policy a"])
        #expect(alarms(PackageSet(new), PackageSet(new)) == [])
    }

    @Test func newAndChangedCommandsAlarm() throws {
        func side(_ file: String = "a", _ hooks: (inout Manifest.Hooks) -> Void = { _ in }) throws
            -> PackageSet
        {
            var manifest = try Example.manifest(archives: [], file: file)
            var all = Manifest.Hooks()
            hooks(&all)
            manifest.install.hooks = all.isEmpty ? nil : all
            return PackageSet(manifest)
        }
        func sentences(_ from: PackageSet, _ to: PackageSet) -> [String] {
            ManifestDiff(from: from, to: to).alarms.map(\.sentence.description)
        }
        let none = try side()
        let check = Manifest.Hook(command: ["etc/payroll.toml", "a b"])
        let one = try side { $0[.preActivate] = [check] }
        #expect(
            sentences(none, one) == [
                "runs etc/payroll.toml 'a b' as pre-activate hook, where nothing ran before"
            ])
        #expect(alarms(none, one) == ["new-hook the bundle"])
        #expect(alarms(one, none) == [] && alarms(one, one) == [])
        #expect(ManifestDiff(from: one, to: none).facts.contains { $0.fact == .hooks && $0.to == "none" })
        let moved = try side { $0[.postActivate] = [check] }
        #expect(alarms(one, moved).count == 1)
        let longer = try side { $0[.preActivate] = [.init(command: check.command, timeout: 900)] }
        #expect(alarms(one, longer) == [], "who looks at facts sees it")
        #expect(ManifestDiff(from: one, to: longer).facts.map(\.fact).contains(.hooks))
        let more = try side { $0[.preActivate] = [check, .init(command: ["curl", "-f", "x"])] }
        #expect(
            sentences(one, more) == ["runs curl -f x as pre-activate hook, which it did not before"])
        let edited = try side("other") { $0[.preActivate] = [check] }
        #expect(
            sentences(one, edited) == ["changes etc/payroll.toml, which its pre-activate hook runs"])
    }

    @Test func lostSignaturesAlarmAndNewOnesDoNot() {
        func signed(_ signers: [String]?) -> PackageSet {
            var set = Example.set([])
            set.signers = signers
            return set
        }
        #expect(alarms(signed(["SHA256:a", "SHA256:b"]), signed(["SHA256:b"])) == ["signer SHA256:a"])
        #expect(alarms(signed(["SHA256:a"]), signed([])) == ["unsigned payroll", "signer SHA256:a"])
        #expect(alarms(signed([]), signed(["SHA256:a"])) == [])
        #expect(alarms(signed(nil), signed([])) == [])
        #expect(alarms(signed(["SHA256:a"]), signed(nil)) == [])
        #expect(!ManifestDiff(from: signed(["SHA256:a"]), to: signed([])).isSame)
    }

    /// A threshold makes a rule stricter and never switches one off.
    @Test func belowTheThresholdIsNotEnoughAndALostKeyStaysLost() throws {
        func signed(_ signers: [String]) -> PackageSet {
            var set = Example.set([])
            set.signers = signers
            set.signersNeeded = 2
            return set
        }
        func hit(_ rule: String, _ old: PackageSet, _ new: PackageSet) throws -> Bool {
            var diff = ManifestDiff(from: old, to: new)
            try diff.judge(DiffRule.list(rule), from: old, to: new)
            return diff.failed?.isEmpty == false
        }
        let (both, one) = (signed(["SHA256:a", "SHA256:b"]), signed(["SHA256:b"]))
        #expect(alarms(both, one) == ["unsigned payroll", "signer SHA256:a"])
        #expect(try hit("signer", both, one) && hit("unsigned", both, one))
        // The older side had too few as well, and its key is gone all the same.
        #expect(try hit("signer", one, signed(["SHA256:c"])))
        #expect(try hit("signer", both, signed([])))
        #expect(try !hit("signer", both, both) && !hit("unsigned", both, both))
        #expect(try hit("unsigned", one, one) && !hit("signer", one, both))
    }

    @Test func anotherInstallerOfOneVersionAlarms() throws {
        let archive = Example.archive("a", "1.0")
        let old = try Example.manifest(archives: [archive])
        var new = try Example.manifest(archives: [archive], installer: "another")
        #expect(alarms(PackageSet(old), PackageSet(new)) == ["other-bytes the installer"])
        new.generator = "airlift 0.2.0"
        #expect(alarms(PackageSet(old), PackageSet(new)) == [])
    }

    @Test func otherByteCodeOfTheSameArchiveAlarms() throws {
        let archive = Example.archive("a", "1.0")
        func carrying(_ text: String, python: String = "3.11.2") throws -> PackageSet {
            var manifest = try Example.manifest(archives: [archive], python: python)
            manifest.entries.append(
                .init(
                    path: "derived/bytecode/\(archive.filename).tar.zst", size: 1,
                    sha256: Example.digest(text), crc32: "00000000"))
            return PackageSet(manifest)
        }
        #expect(try alarms(carrying("one"), carrying("two")) == ["other-bytes a"])
        #expect(try alarms(carrying("one"), carrying("one")) == [])
        #expect(try alarms(carrying("one"), carrying("two", python: "3.11.9")) == [])
    }
}
