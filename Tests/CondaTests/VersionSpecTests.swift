import Conda
import TestSupport
import Testing

@Suite("Version constraints (CEP 29)")
struct VersionSpecTests {
    private func matches(_ spec: String, _ version: String) throws -> Bool {
        try VersionSpec(spec).matches(CondaVersion(version))
    }

    /// A constraint, what meets it, what does not, and how it is written back.
    struct Case: CustomTestStringConvertible, Sendable {
        let spec: String
        let met: [String]
        let unmet: [String]
        let text: String
        var testDescription: String { spec }

        init(_ spec: String, _ met: [String], not unmet: [String], writes text: String? = nil) {
            self.spec = spec
            self.met = met
            self.unmet = unmet
            self.text = text ?? spec
        }
    }

    @Test(arguments: [
        Case("1.2", ["1.2", "1.2.0"], not: ["1.2.1", "1.2a", "1.2+l"], writes: "==1.2"),
        Case("==1.2", ["1.2", "1.2.0.0"], not: ["1.20", "1!1.2"]),
        Case("=1.2", ["1.2", "1.2.9", "1.2a1", "1.2+l"], not: ["1.20", "1.3"], writes: "1.2.*"),
        Case("1.2.*", ["1.2", "1.2.9", "1.2.dev1"], not: ["1.20", "1.1"]),
        Case("1.2*", ["1.2", "1.2.9"], not: ["1.20"], writes: "1.2.*"),
        Case("1.2**", ["1.2.9"], not: ["1.20"], writes: "1.2.*"),
        Case("=1.2.*", ["1.2.9"], not: ["1.3"], writes: "1.2.*"),
        Case("==1.2.*", ["1.2.9"], not: ["1.3"], writes: "1.2.*"),
        Case("!=1.2", ["1.2.1", "1.3"], not: ["1.2", "1.2.0"]),
        Case("!=1.2.*", ["1.3", "1.20"], not: ["1.2", "1.2.9"]),
        Case("!=1.2*", ["1.20"], not: ["1.2.9"], writes: "!=1.2.*"),
        Case(">1.2", ["1.2.1", "1!0"], not: ["1.2", "1.2a"]),
        Case(">=1.2", ["1.2", "1.2post1"], not: ["1.2rc1", "1.2+l"]),
        Case("<1.2", ["1.2a", "1.1"], not: ["1.2", "1.2.0"]),
        Case("<=1.2", ["1.2", "1.2.0", "1.2dev1"], not: ["1.2.1"]),
        Case(">=1.2.*", ["1.2", "2"], not: ["1.1"], writes: ">=1.2"),
        Case(">1.2.*", ["1.2.1"], not: ["1.2"], writes: ">1.2"),
        Case("<1.2.*", ["1.1"], not: ["1.2"], writes: "<1.2"),
        Case("~=1.2.3", ["1.2.3", "1.2.9", "1.2.3post1"], not: ["1.2.2", "1.3", "2.0"]),
        Case("~=1.2", ["1.2", "1.9"], not: ["1.1", "2.0"]),
        Case("*", ["0", "1!2", "1a"], not: []),
        Case("=*", ["1"], not: [], writes: "*"),
        Case("1.*.3", ["1.2.3", "1.2.x.3"], not: ["1.2.4", "1.23"]),
        Case("!=1.*.3", ["1.2.4"], not: ["1.2.3"]),
        Case("*.3", ["1.3", "2.1.3"], not: ["1.4"]),
        Case("^1\\.[23]\\..*$", ["1.2.0", "1.3.1"], not: ["1.4.0", "1.2"]),
        Case("^(1|2)\\.0$|3.*", ["1.0", "2.0", "3.5"], not: ["1.1", "4"]),
        Case(">=1.2,<1.4", ["1.2", "1.3.9"], not: ["1.1", "1.4"]),
        Case("1.2|1.4", ["1.2", "1.4"], not: ["1.3"], writes: "==1.2|==1.4"),
        Case(">=1,<2|>=3,<4", ["1.5", "3.5"], not: ["2.5", "4"]),
        Case("(1.2|1.3),!=1.2.0", ["1.3"], not: ["1.2"], writes: "(==1.2|==1.3),!=1.2.0"),
        Case("((1.*))", ["1.5"], not: ["2"], writes: "1.*"),
        Case("1.*|(2.*,>=2.5)", ["1.0", "2.6"], not: ["2.1"], writes: "1.*|2.*,>=2.5"),
        Case(" >= 1.2 , < 1.4 ", ["1.3"], not: ["1.4"], writes: ">=1.2,<1.4"),
        Case(">=1 !164,<1!165", ["1!164.5"], not: ["1!165", "2"], writes: ">=1!164,<1!165"),
        Case(">=1!2.0+a_b", ["1!2.0+a.b"], not: ["2"]),
    ])
    func meansAndWrites(_ example: Case) throws {
        for version in example.met { #expect(try matches(example.spec, version), "\(version)") }
        for version in example.unmet { #expect(try !matches(example.spec, version), "\(version)") }
        let spec = try VersionSpec(example.spec)
        #expect(spec.description == example.text)
        #expect(try VersionSpec(spec.description) == spec)
    }

    @Test(arguments: [
        "", " ", ",", "|", "1,", ",1", "1||2", "1,,2", "(1", "1)", "()", "(1)2", "1(2)", "=", "==", "!=", ">",
        "<", "~=",
        "===1", "=>1", "<>1", "=<1", "!1", "><1", "!=*", ">*", "~=1", "~=1.2.*", "~=1.2+l", "1..2", "1.2.",
        ".*", "^1",
        "1$", "^1[$", ">=^1$", "1 2", ">=1 <2", "1.2 .3", ">1.*.2", "1@2", "é", "1\u{0}", "^(?=1)$",
        "^(1)\\1$",
        String(repeating: "(", count: 5_000) + "1", ">=1,*foo bar",
    ])
    func refuses(_ text: String) throws {
        let failure = try #require(failure { _ = try VersionSpec(text) })
        #expect(failure.description.hasPrefix("the version constraint '"))
    }

    @Test func onlyOneVersionIsExact() throws {
        #expect(try VersionSpec("1.2").exactVersion?.text == "1.2")
        #expect(try VersionSpec("==1.2").exactVersion?.text == "1.2")
        for text in ["=1.2", "1.2.*", "1.2|1.2", ">=1.2,<=1.2", "*"] {
            #expect(try VersionSpec(text).exactVersion == nil, "\(text)")
        }
        #expect(try VersionSpec("*").isAny && VersionSpec("*") == .any && !VersionSpec(">=0").isAny)
    }

    /// "`,` (AND) has higher precedence than `|` (OR)", "Parentheses `()` MAY be used to modify precedence".
    @Test func combinationsMeanWhatTheirPartsMean() throws {
        var generator = Xorshift(seed: 11)
        let versions = try (0..<60).map { _ in try CondaVersion(RandomVersion.text(&generator)) }
        for _ in 0..<150 {
            let texts = (0..<3).map { _ in
                let sign = ["==", "!=", ">=", "<", "=", ">"].randomElement(using: &generator) ?? ""
                return sign + RandomVersion.text(&generator)
            }
            let parts = try texts.map { try VersionSpec($0) }
            let either = try VersionSpec("\(texts[0])|\(texts[1]),\(texts[2])")
            let both = try VersionSpec("(\(texts[0])|\(texts[1])),\(texts[2])")
            #expect(try VersionSpec(either.description) == either && VersionSpec(both.description) == both)
            for version in versions {
                let met = parts.map { $0.matches(version) }
                #expect(either.matches(version) == (met[0] || met[1] && met[2]))
                #expect(both.matches(version) == ((met[0] || met[1]) && met[2]))
            }
        }
    }

    @Test func aSeriesAndItsExclusionPartAllVersions() throws {
        var generator = Xorshift(seed: 12)
        let versions = try (0..<100).map { _ in try CondaVersion(RandomVersion.text(&generator)) }
        for prefix in versions.prefix(40) {
            let (within, outside) = (try VersionSpec("=\(prefix)"), try VersionSpec("!=\(prefix).*"))
            for version in versions { #expect(within.matches(version) != outside.matches(version)) }
        }
    }
}
