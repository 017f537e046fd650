import Digests
import Testing

@testable import Audit

/// Every way in which one package can differ, each beside its harmless twin.
@Suite struct PackageChangeTests {
    private func changes(
        _ from: [PackageSet.Package], _ to: [PackageSet.Package]
    ) -> [String] {
        ManifestDiff(from: Example.set(from), to: Example.set(to)).packages.map {
            "\($0.change.rawValue) \($0.name)"
        }
    }

    @Test func packagesComeAndGo() {
        let both = Example.wheel("flask", "3.0.3")
        #expect(changes([both], [both, Example.wheel("gunicorn", "23.0")]) == ["added gunicorn"])
        #expect(changes([both, Example.wheel("gunicorn", "23.0")], [both]) == ["removed gunicorn"])
        #expect(changes([both], [both]) == [])
        #expect(changes([], []) == [])
    }

    /// PEP 440: "1.0.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0.post1", and numbers are compared as numbers.
    @Test(arguments: [
        ("1.9", "1.10"), ("1.0rc1", "1.0"), ("1.0.dev1", "1.0a1"), ("1.0", "1.0.post1"),
        ("1.0", "1.0+local.1"), ("2024.1", "1!1.0"),
    ])
    func versionsGoUpAndDownInTheOrderOfPEP440(_ low: String, _ high: String) {
        #expect(changes([Example.wheel("a", low)], [Example.wheel("a", high)]) == ["up a"])
        #expect(changes([Example.wheel("a", high)], [Example.wheel("a", low)]) == ["down a"])
    }

    @Test func aVersionWithoutAKnownOrderIsOnlyChanged() {
        #expect(changes([Example.wheel("a", "blue")], [Example.wheel("a", "green")]) == ["changed a"])
        #expect(changes([Example.conda("a", "9e", "h1_0")], [Example.conda("a", "9f", "h1_0")]) == ["up a"])
        #expect(
            changes([Example.conda("a", "3.9.1", "h1_0")], [Example.conda("a", "3.10.0", "h1_0")])
                == ["up a"])
    }

    @Test func anotherBuildOfOneVersionIsRebuilt() {
        #expect(
            changes([Example.conda("zlib", "1.3", "h1_0")], [Example.conda("zlib", "1.3", "h2_1")])
                == ["rebuilt zlib"])
        #expect(
            changes(
                [Example.wheel("a", "1.0", file: "a-1.0-cp311-cp311-manylinux2014_x86_64.whl")],
                [Example.wheel("a", "1.0", file: "a-1.0-cp311-cp311-manylinux_2_28_x86_64.whl")])
                == ["rebuilt a"])
        #expect(
            changes([Example.wheel("a", "1.0")], [Example.wheel("a", "1.0.0")]) == ["other_bytes a"],
            "PEP 440: 1.0 equals 1.0.0")
    }

    @Test func oneFileNameWithOtherBytesIsToldFirst() {
        let names = changes(
            [Example.wheel("a", "1.0"), Example.wheel("z", "1.0", bytes: "published")],
            [Example.wheel("b", "1.0"), Example.wheel("z", "1.0", bytes: "swapped")])
        #expect(names == ["other_bytes z", "added b", "removed a"])
    }

    @Test func aMovedArchiveWithTheSameBytesIsNoChange() {
        #expect(
            changes(
                [Example.wheel("a", "1.0", bytes: "same")],
                [Example.wheel("a", "1.0", file: "renamed-1.0-py3-none-any.whl", bytes: "same")]) == [])
    }

    @Test func wheelNamesAreComparedAsPEP503Says() {
        #expect(
            changes(
                [Example.wheel("Zope.Interface", "6.0", file: "zope-6.whl")],
                [Example.wheel("zope-interface", "6.0", file: "zope-6.whl")]) == [])
        #expect(
            changes([Example.conda("a_b", "1", "0")], [Example.conda("a-b", "1", "0")])
                == ["added a-b", "removed a_b"], "conda's names are not normalised")
    }

    @Test func aWheelMayBecomeACondaPackageOfTheProject() {
        #expect(
            changes([Example.conda("numpy", "2.0", "py_0")], [Example.wheel("numpy", "2.0")])
                == ["kind_changed numpy"])
        #expect(
            changes([Example.wheel("numpy", "2.0")], [Example.conda("python-numpy", "2.0", "py_0")])
                == ["added python-numpy", "removed numpy"], "another name is another thing")
        let wheel = Example.wheel("numpy", "2.0")
        #expect(
            changes([wheel], [wheel, Example.conda("numpy", "2.0", "py_0")]) == ["added numpy"],
            "the wheel is still there")
    }

    @Test func whatIsSaidOfTheSameBytesMayChange() throws {
        let old = Example.wheel("a", "1.0", license: "MIT", requested: false, hooks: [])
        let new = Example.wheel("a", "1.0", license: "GPL-3.0-only", requested: true, hooks: ["a.pth"])
        let diff = ManifestDiff(from: Example.set([old]), to: Example.set([new]))
        let change = try #require(diff.packages.first)
        #expect(change.change == .described)
        #expect(
            change.details == [
                .init(.requested, from: "no", to: "yes"), .init(.license, from: "MIT", to: "GPL-3.0-only"),
                .init(.hooks, from: "", to: "a.pth"),
            ])
    }

    @Test func aLicenceIsNamedBesideAnUpgradeToo() throws {
        let diff = ManifestDiff(
            from: Example.set([Example.wheel("a", "1.0", license: "MIT")]),
            to: Example.set([Example.wheel("a", "2.0", license: "AGPL-3.0-only")]))
        let change = try #require(diff.packages.first)
        #expect(change.change == .up)
        #expect(change.details == [.init(.license, from: "MIT", to: "AGPL-3.0-only")])
    }

    @Test func otherWordsForOneLicenceAreNoChange() {
        #expect(
            changes(
                [Example.wheel("a", "1.0", license: "Apache 2.0")],
                [Example.wheel("a", "1.0", license: "Apache-2.0")]) == [])
        #expect(
            changes(
                [Example.wheel("a", "1.0", license: "Apache-2.0")],
                [Example.wheel("a", "1.0", license: "MIT")]) == ["described a"])
    }

    @Test func whatOneSideDoesNotKnowIsNoDifference() {
        let known = Example.wheel("a", "1.0", license: "MIT", hooks: ["a.pth"])
        let unknown = Example.wheel("a", "1.0", size: nil, license: nil, hooks: nil)
        #expect(changes([known], [unknown]) == [])
        #expect(changes([unknown], [known]) == [])
    }

    @Test func aNameThatStandsTwiceIsPairedByItsBytes() {
        let one = Example.wheel("a", "1.0", file: "a-1.0-x.whl")
        let two = Example.wheel("a", "1.0", file: "a-1.0-y.whl")
        #expect(changes([one, two], [two, one]) == [])
        #expect(changes([one, two], [two]) == ["removed a"])
        #expect(changes([two], [one, two]) == ["added a"])
    }
}
