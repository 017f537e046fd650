import Testing

@testable import Audit

@Suite("An SPDX expression")
struct SPDXExpressionTests {
    @Test(
        "is written in its canonical form",
        arguments: [
            ("mit", "MIT"), ("MIT OR apache-2.0", "MIT OR Apache-2.0"), ("(MIT)", "MIT"),
            ("mit and (bsd-3-clause or isc)", "MIT AND (BSD-3-Clause OR ISC)"),
            ("MIT OR (BSD-3-Clause AND ISC)", "MIT OR BSD-3-Clause AND ISC"),
            ("MIT AND (ISC AND Zlib)", "MIT AND ISC AND Zlib"), ("((MIT))AND(ISC)", "MIT AND ISC"),
            ("gpl-2.0+", "GPL-2.0+"), ("Apache-2.0+", "Apache-2.0+"),
            ("GPL-3.0-only WITH gcc-exception-3.1", "GPL-3.0-only WITH GCC-exception-3.1"),
            ("licenseref-My.Own-1", "LicenseRef-My.Own-1"),
            ("documentref-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"),
            (" \tMIT\n OR\tISC ", "MIT OR ISC"), ("PSF-2.0", "PSF-2.0"), ("python-2.0", "Python-2.0"),
            ("LGPL-2.1+ WITH Classpath-exception-2.0", "LGPL-2.1+ WITH Classpath-exception-2.0"),
        ])
    func canonical(_ text: String, _ canonical: String) throws {
        #expect(try SPDXExpression(text).description == canonical)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", " ", "MIT MIT", "MIT OR", "OR MIT", "AND", "MIT AND OR ISC", "(MIT", "MIT)", "()", "MIT ()",
            "MIT And ISC", "MIT WITH", "MIT WITH ISC", "MIT WITH MIT", "GCC-exception-3.1", "WITH", "MIT +",
            "(MIT OR ISC) WITH GCC-exception-3.1", "NoSuchLicense", "MIT/ISC", "MIT, ISC", "MIT;", "+",
            "LicenseRef-", "LicenseRef-a_b", "LicenseRef-a+", "LicenseRef-é", "DocumentRef-a",
            "DocumentRef-a:MIT", "DocumentRef-:LicenseRef-a", "a:LicenseRef-b", "LicenseRef", "ＭＩＴ",
            "MIT\u{a0}OR ISC", "MIT OR\u{0}ISC", "LGPL", "BSD", "GPL", "Apache", "NONE", "NOASSERTION",
            "MIT WITH GCC-exception-3.1 WITH GCC-exception-3.1",
        ])
    func refused(_ text: String) {
        #expect(throws: SPDXExpressionError.self) { try SPDXExpression(text) }
    }

    @Test("of absurd size or depth is refused, and one that is only large is read")
    func bounds() throws {
        let deep = String(repeating: "(", count: 60) + "MIT" + String(repeating: ")", count: 60)
        #expect(try SPDXExpression(deep).description == "MIT")
        for count in [100, 5_000] {
            let deeper = String(repeating: "(", count: count) + "MIT" + String(repeating: ")", count: count)
            #expect(throws: SPDXExpressionError.self) { try SPDXExpression(deeper) }
            #expect(throws: SPDXExpressionError.self) {
                try SPDXExpression(String(repeating: "(", count: count))
            }
        }
        let wide = Array(repeating: "MIT", count: 2_000).joined(separator: " OR ")
        #expect(try SPDXExpression(wide).licenses.count == 1)
        #expect(throws: SPDXExpressionError.self) { try SPDXExpression(wide + " OR " + wide) }
    }

    @Test("names the fault and shows no control characters")
    func messages() {
        func message(_ text: String) -> String {
            do { return try SPDXExpression(text).description } catch { return "\(error)" }
        }
        #expect(
            message("MIT OR Foo")
                == "'MIT OR Foo' is no SPDX licence expression: 'Foo' is no licence of the SPDX list \(SPDXLicenseList.version)"
        )
        #expect(message("\u{1b}[2J").contains("\\u{1B}"))
        #expect(!message("\u{1b}[2J").contains("\u{1b}"))
        #expect(message(String(repeating: "x", count: 10_000)).utf8.count < 11_000)
    }

    /// "OR" has the lowest precedence, then "AND", then "WITH" (Annex D.4).
    @Test("binds as Annex D.4 says")
    func precedence() throws {
        let expression = try SPDXExpression("ISC OR MIT AND GPL-3.0-only WITH GCC-exception-3.1 OR Zlib")
        guard case .any(let parts) = expression, case .all(let both) = parts[1] else {
            Issue.record("\(expression)")
            return
        }
        #expect(parts.count == 3 && both.count == 2)
        #expect(expression.licenses.map(\.description).contains("GPL-3.0-only WITH GCC-exception-3.1"))
    }

    @Test("law: what is written reads back as the same value")
    func roundTrip() throws {
        var made = RandomExpressions(seed: 20_261_121)
        var distinct: Set<String> = []
        for _ in 0..<2_000 {
            let text = made.text()
            let expression = try SPDXExpression(text)
            let written = expression.description
            distinct.insert(written)
            #expect(try SPDXExpression(written) == expression, "\(text)")
            #expect(try SPDXExpression(written).description == written)
            #expect(try SPDXExpression(text.lowercased()).description.lowercased() == written.lowercased())
            #expect(expression.current.current == expression.current)
        }
        #expect(distinct.count > 1_000)
    }

    @Test("the list is whole, and every identifier of it is an expression")
    func list() throws {
        #expect(SPDXLicenseList.allLicenses.count == 693)
        #expect(SPDXLicenseList.allExceptions.count == 79)
        for identifier in SPDXLicenseList.allLicenses {
            let expression = try SPDXExpression(identifier.uppercased())
            #expect(expression.description == identifier)
            #expect(try SPDXExpression("\(expression.current)") == expression.current)
        }
        for exception in SPDXLicenseList.allExceptions {
            #expect(
                try SPDXExpression("MIT WITH \(exception.lowercased())").description
                    == "MIT WITH \(exception)")
        }
        #expect(SPDXLicenseList.isDeprecated("GPL-2.0") && !SPDXLicenseList.isDeprecated("GPL-2.0-only"))
    }

    @Test(
        "with deprecated identifiers means the one with current ones",
        arguments: [
            ("GPL-2.0", "GPL-2.0-only"), ("GPL-2.0+", "GPL-2.0-or-later"), ("LGPL-2.1", "LGPL-2.1-only"),
            ("AGPL-3.0", "AGPL-3.0-only"), ("GFDL-1.3+", "GFDL-1.3-or-later"),
            ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
            ("wxWindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1"),
            ("GPL-3.0 WITH GCC-exception-3.1 AND MIT", "GPL-3.0-only WITH GCC-exception-3.1 AND MIT"),
            ("MIT", "MIT"), ("Nunit", "Nunit"), ("Apache-2.0+", "Apache-2.0+"),
        ])
    func current(_ old: String, _ new: String) throws {
        #expect(try SPDXExpression(old).current.description == new)
    }
}

/// Expressions by a generator of numbers that is the same everywhere.
struct RandomExpressions {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    private static let leaves = [
        "MIT", "Apache-2.0", "BSD-3-Clause", "GPL-2.0", "GPL-2.0+", "GPL-3.0-or-later", "LGPL-2.1-only",
        "ISC",
        "GPL-3.0-only WITH GCC-exception-3.1", "Apache-2.0 WITH LLVM-exception", "LicenseRef-own.1",
        "DocumentRef-x:LicenseRef-y", "MPL-2.0+", "0BSD",
    ]

    mutating func text(depth: Int = 0) -> String {
        guard depth < 4, number(below: 10) < 6 else {
            return Self.leaves[number(below: Self.leaves.count)]
        }
        let count = 2 + number(below: 3)
        let parts = (0..<count).map { _ in
            let inner = text(depth: depth + 1)
            return number(below: 2) == 0 ? "(\(inner))" : inner
        }
        let operators = ["AND", "OR", "and", "or"]
        return parts.dropFirst().reduce(parts[0]) { "\($0) \(operators[number(below: 4)]) \($1)" }
    }
}
