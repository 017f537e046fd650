import Conda
import TestSupport
import Testing

@Suite("Versions of conda packages (CEP 33)")
struct CondaVersionTests {
    private func version(_ text: String) throws -> CondaVersion { try CondaVersion(text) }

    /// Smallest first; those in one row are equal. The examples of CEP 33 and of conda, and what lies between.
    private static let ordered: [[String]] = [
        ["0", "0.0", "0.0.0"], ["0.4", "0.4.0", "0.4.0.0.0"], ["0.4.1.rc", "0.4.1.RC", "0.4.1.0rc"],
        ["0.4.1+local"], ["0.4.1", "0.4.1+0", "0.4.1+0.0", "00.04.01"], ["0.4.1+1.local"], ["0.5a1"],
        ["0.5b3"],
        ["0.5C1"], ["0.5"], ["0.9.6"], ["0.960923"], ["1.0", "1", "1.0.0"], ["1.1dev1"], ["1.1_"], ["1.1a1"],
        ["1.1.0dev1", "1.1.dev1"], ["1.1.a1"], ["1.1.0rc1", "1.1-rc1", "1.1_rc1"],
        ["1.1", "1.1.0", "1.1.0.0", "0!1.1"], ["1.1.0post1", "1.1.post1"], ["1.1post1"], ["1996.07.12"],
        ["20200101123456789012345678901234567890"], ["20200101123456789012345678901234567891"], ["1!0.4.1"],
        ["1!3.1.1.6"], ["2!0.4.1"],
    ]

    @Test func orderIsThatOfTheSpecification() throws {
        let groups = try Self.ordered.map { try $0.map(version) }
        for (index, group) in groups.enumerated() {
            for (other, others) in groups.enumerated() {
                for a in group {
                    for b in others {
                        #expect((a < b) == (index < other), "\(a) and \(b)")
                        #expect((a == b) == (index == other), "\(a) and \(b)")
                        if index == other { #expect(a.hashValue == b.hashValue, "\(a) and \(b)") }
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("1.0", "1"), ("1.0.1a", "1.0.1_"), ("1.2.3", "1.2"), ("1.2a1", "1.2"), ("1.2.dev1", "1.2.0"),
        ("1", "1.0"),
        ("1.2+loc", "1.2"), ("1.2+loc.1", "1.2+loc"), ("1!2.3", "1!2"), ("1.2post1", "1.2"),
        ("1.0alpha", "1.0a"),
        ("1.2.3", "1.2.3"), ("2_", "2"), ("1.1.1w", "1.1.1"), ("1.a", "1.0"),
    ])
    func belongsToItsSeries(_ text: String, _ prefix: String) throws {
        let isBelow = try version(text).starts(with: CondaVersionPrefix(version(prefix)))
        #expect(isBelow == (prefix != "1.0.1_"))
    }

    @Test(arguments: [
        ("1.20", "1.2"), ("1.2", "1.2.1"), ("1.3", "1.2"), ("1.2", "1!1.2"), ("1!1.2", "1.2"),
        ("1.2", "1.2+loc"),
        ("1.2.1+loc", "1.2+loc"), ("1.1devel", "1.1dev"), ("1.1dev", "1.1d"), ("1.1post", "1.1p"),
        ("1.0b", "1.0a"),
        ("11", "1"), ("1.2a", "1.2.0a"),
    ])
    func doesNotBelongToAnotherSeries(_ text: String, _ prefix: String) throws {
        #expect(try !version(text).starts(with: CondaVersionPrefix(version(prefix))))
    }

    @Test(arguments: [
        "", " ", "1..2", "1.2.", ".1", "_1", "1._2", "1!", "!1", "a!1", "1!2!3", "1+", "+1", "1+a+b", "1+a_",
        "1+_a",
        "1.2*", "1 2", "1.2_3-4", "1~2", "1,2", "1/2", "é", "1.0\u{212A}", "1\u{0}", "1=2",
        String(repeating: "1.", count: 200) + "1",
    ])
    func refuses(_ text: String) throws {
        let failure = try #require(failure { _ = try version(text) })
        #expect(failure.description.hasPrefix("the version '"))
    }

    /// A separator at the very end is part of the last segment.
    @Test(arguments: ["1.2_", "1.2-", "1__", "1._", "v1.0", "2024a", "1.0+a.b", "1-2", " 1.2 "])
    func reads(_ text: String) throws {
        #expect(try version(text).text == text.trimming)
    }

    @Test func longRunsOfZerosKeepTheirOrder() throws {
        let zeros = String(repeating: ".0", count: 97)
        #expect(try version("1\(zeros).a") < version("1"))
        #expect(try version("1") < version("1\(zeros).1"))
        #expect(try version("1\(zeros).1") < version("1.0.1"))
        #expect(try version("1.0.a") < version("1\(zeros).a"))
    }

    @Test func sortsThirtyThousandQuickly() throws {
        var generator = Xorshift(seed: 7)
        let texts = (0..<30_000).map { _ in RandomVersion.text(&generator) }
        let elapsed = try ContinuousClock().measure {
            let versions = try texts.map(version)
            let sorted = versions.sorted()
            #expect(zip(sorted, sorted.dropFirst()).allSatisfy { !($1 < $0) })
        }
        // Unoptimised, and beside other tests: by itself, sorting takes under half a second.
        #expect(elapsed < .seconds(15))
    }
}

extension String {
    fileprivate var trimming: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
