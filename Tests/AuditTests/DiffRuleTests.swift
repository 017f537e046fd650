import Failures
import Testing

@testable import Audit

/// The rules of `--fail-on`.
@Suite struct DiffRuleTests {
    private func failed(
        _ rules: String, _ from: PackageSet, _ to: PackageSet, read: Bool = true
    ) throws -> [String] {
        var diff = ManifestDiff(from: from, to: to)
        if read { diff.unread = [] }
        try diff.judge(DiffRule.list(rules), from: from, to: to)
        return (diff.failed ?? []).map(\.rule)
    }

    private func failed(_ rules: String, _ from: [PackageSet.Package], _ to: [PackageSet.Package]) throws
        -> [String]
    {
        try failed(rules, Example.set(from), Example.set(to))
    }

    @Test func everyRuleIsReadByItsName() throws {
        let names = DiffRule.names.map { $0 == "license:EXPRESSION" ? "license:MIT OR Apache-2.0" : $0 }
        #expect(try DiffRule.list(names.joined(separator: ",")).map(\.description) == names)
        #expect(try DiffRule.list(" any , downgrade ").map(\.description) == ["any", "downgrade"])
    }

    @Test func aTypoListsTheRules() {
        let failure = #expect(throws: FailureList.self) { try DiffRule.list("downgrad,any,,license:WTF-1") }
        let text = failure?.description ?? ""
        #expect(failure?.failures.count == 3 && failure?.kind == .usage)
        for name in DiffRule.names { #expect(text.contains(name)) }
        #expect(text.contains("'downgrad'") && text.contains("WTF-1"))
    }

    @Test func onlyTheRulesThatAreHitAreNamed() throws {
        let (old, new) = ([Example.wheel("a", "2.0")], [Example.wheel("a", "1.0")])
        #expect(try failed("downgrade,other-bytes,any", old, new) == ["downgrade", "any"])
        #expect(try failed("downgrade,other-bytes,any", new, old) == ["any"])
        #expect(try failed("downgrade,any", old, old) == [])
    }

    @Test func whoeverNobodySignedForIsUnsigned() throws {
        func signed(_ signers: [String]?) -> PackageSet {
            var set = Example.set([])
            set.signers = signers
            return set
        }
        #expect(try failed("unsigned", signed([]), signed([])) == ["unsigned"])
        #expect(
            try failed("unsigned", signed(nil), signed(nil)) == ["unsigned"], "a lock is signed by nobody")
        #expect(try failed("unsigned", signed([]), signed(["SHA256:a"])) == [])
        #expect(throws: DiffRuleError.self) { try failed("signer", signed(nil), signed([])) }
    }

    @Test func aChangedOrNewLicenceIsNoticed() throws {
        let old = [Example.wheel("a", "1.0", license: "MIT")]
        #expect(try failed("license", old, [Example.wheel("a", "1.1", license: "MIT")]) == [])
        #expect(
            try failed("license", old, [Example.wheel("a", "1.1", license: "MIT License")]) == [],
            "other words")
        #expect(
            try failed("license", old, [Example.wheel("a", "1.1", license: "GPL-3.0-only")]) == ["license"])
        #expect(try failed("license", old, old + [Example.wheel("b", "1", license: "MIT")]) == [])
        #expect(try failed("license", old, old + [Example.wheel("b", "1", license: "ISC")]) == ["license"])
        #expect(try failed("license", old, []) == [])
    }

    @Test func aDeniedLicenceIsOneWithoutAChoice() throws {
        let rule = "license:GPL-3.0-only OR AGPL-3.0-only"
        func incoming(_ license: String?) throws -> [String] {
            try failed(rule, [], [Example.wheel("a", "1.0", license: license)])
        }
        #expect(try incoming("GPL-3.0-only") == [rule])
        #expect(try incoming("MIT AND AGPL-3.0-only") == [rule])
        #expect(try incoming("MIT OR GPL-3.0-only") == [])
        #expect(try incoming("MIT") == [])
        #expect(try incoming(nil) == [], "that is what license:unknown is for")
        let gpl = Example.wheel("a", "1.0", license: "GPL-3.0-only")
        #expect(try failed(rule, [gpl], [gpl]) == [], "it was there before")
        #expect(
            try failed("license:unknown", [], [Example.wheel("a", "1.0", license: nil)]) == [
                "license:unknown"
            ])
        #expect(
            try failed("license:unknown", [], [Example.wheel("a", "1.0", license: "see file")]) == [
                "license:unknown"
            ])
        #expect(try failed("license:unknown", [], [gpl]) == [])
    }

    @Test func whatIsNotKnownIsNotPassed() throws {
        var lock = Example.set([Example.wheel("a", "1.0")])
        lock.tellsLicenses = false
        #expect(throws: DiffRuleError.self) { try failed("license", lock, Example.set([])) }
        #expect(throws: DiffRuleError.self) { try failed("license:MIT", Example.set([]), lock) }
        #expect(try failed("license:MIT", lock, Example.set([])) == [], "the older side is not asked")
        for rule in ["new-hook", "new-native-library"] {
            #expect(throws: DiffRuleError.self) { try failed(rule, lock, lock, read: false) }
            #expect(try failed(rule, lock, lock) == [])
        }
        #expect(throws: DiffRuleError.self) { try failed("override", lock, lock) }
        #expect(throws: DiffRuleError.self) { try failed("policy", lock, lock) }
    }
}
