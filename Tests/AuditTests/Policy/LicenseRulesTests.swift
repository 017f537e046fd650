import Testing

@testable import Audit

@Suite("The licences of a policy")
struct LicenseRulesTests {
    private func rules(allow: [String] = [], deny: [String] = []) throws -> LicenseRules {
        LicenseRules(
            allow: try allow.map { try SPDXExpression($0) }, deny: try deny.map { try SPDXExpression($0) })
    }

    @Test(
        "need one allowed branch of OR, and all of AND",
        arguments: [
            ("MIT", true), ("ISC", false), ("MIT OR ISC", true), ("MIT AND ISC", false),
            ("MIT AND Apache-2.0", true), ("(MIT OR ISC) AND Apache-2.0", true),
            ("(Zlib OR ISC) AND Apache-2.0", false), ("ISC OR MIT AND Zlib", false),
            ("Apache-2.0 WITH LLVM-exception", true), ("LGPL-2.1 OR ISC", false), ("GPL-2.0", true),
            ("GPL-2.0-only", true), ("GPL-2.0+", false), ("GPL-2.0-or-later", false),
            ("GPL-3.0-only", false), ("GPL-3.0-only WITH GCC-exception-3.1", true),
            ("GPL-3.0-only WITH GPL-3.0-linking-exception", false), ("LicenseRef-own", true),
            ("LicenseRef-OWN", true), ("DocumentRef-a:LicenseRef-own", false), ("Zlib AND ISC", false),
        ])
    func allow(_ text: String, _ isAllowed: Bool) throws {
        let rules = try rules(allow: [
            "MIT OR Apache-2.0", "GPL-2.0", "GPL-3.0-only WITH GCC-exception-3.1", "LicenseRef-Own",
        ])
        #expect(rules.isAllowed(try SPDXExpression(text)) == isAllowed)
        #expect(rules.isAcceptable(try SPDXExpression(text)) == isAllowed)
        #expect(rules.isFreeOfDenied(try SPDXExpression(text)))
    }

    @Test(
        "hit by deny where no branch is free of it",
        arguments: [
            ("MIT", true), ("GPL-3.0-only", false), ("MIT OR GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("GPL-3.0", false), ("GPL-3.0-or-later", true), ("GPL-3.0-only WITH GCC-exception-3.1", false),
            ("LGPL-2.1+", false), ("LGPL-2.1-or-later", false), ("LGPL-2.1-only", true),
            ("GPL-3.0-only OR LGPL-2.1-or-later", false), ("(MIT OR GPL-3.0-only) AND ISC", true),
        ])
    func deny(_ text: String, _ isFree: Bool) throws {
        let rules = try rules(deny: ["GPL-3.0-only", "LGPL-2.1-or-later"])
        #expect(rules.isFreeOfDenied(try SPDXExpression(text)) == isFree)
        #expect(rules.isAcceptable(try SPDXExpression(text)) == isFree)
        #expect(rules.isAllowed(try SPDXExpression(text)))
    }

    @Test("allow a combination by name, and only that")
    func combinations() throws {
        let rules = try rules(allow: ["MIT AND GPL-2.0-only"])
        #expect(rules.isAllowed(try SPDXExpression("GPL-2.0 AND MIT")))
        #expect(!rules.isAllowed(try SPDXExpression("MIT")))
        #expect(!rules.isAllowed(try SPDXExpression("GPL-2.0-only")))
        #expect(!rules.isAllowed(try SPDXExpression("MIT AND GPL-2.0-only AND ISC")))
    }

    @Test("want one choice that is allowed and not denied, not one of each")
    func oneChoice() throws {
        let rules = try rules(allow: ["MIT", "ISC"], deny: ["ISC"])
        #expect(rules.isAcceptable(try SPDXExpression("MIT OR ISC")))
        let torn = try SPDXExpression("ISC OR Zlib")
        #expect(rules.isAllowed(torn) && rules.isFreeOfDenied(torn) && !rules.isAcceptable(torn))
    }

    @Test("law: allowing more never refuses more, denying more never allows more")
    func monotonous() throws {
        var made = RandomExpressions(seed: 3)
        for _ in 0..<500 {
            let expression = try SPDXExpression(made.text())
            let (a, b) = (made.text(depth: 3), made.text(depth: 3))
            if try rules(allow: [a]).isAllowed(expression) {
                #expect(try rules(allow: [a, b]).isAllowed(expression))
            }
            if try rules(deny: [a, b]).isFreeOfDenied(expression) {
                #expect(try rules(deny: [a]).isFreeOfDenied(expression))
            }
            #expect(try rules(allow: expression.licenses.map(\.description)).isAcceptable(expression))
            #expect(try !rules(deny: expression.licenses.map(\.description)).isFreeOfDenied(expression))
        }
    }
}
