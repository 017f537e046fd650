import Conda
import TestSupport
import Testing

@Suite("Texts, globs and expressions (CEP 29, string matching)")
struct MatchSpecPatternTests {
    @Test(arguments: [
        ("py310", ["py310", "PY310"], ["py31", "py3100", "xpy310"]), ("py*", ["py", "py310"], ["p", "xpy"]),
        ("*_0", ["_0", "h_0", "h_0_0"], ["h_1", "_01"]),
        ("a*b*c", ["abc", "axbxc", "abbcc"], ["ab", "acb", "abcd"]),
        ("**", ["", "a"], []), ("a.c", ["a.c"], ["abc"]), ("a+*", ["a+", "a+b"], ["aa"]), ("", [""], ["a"]),
        ("^a$", ["a", "A"], ["ab", "ba"]), ("^a.c$", ["abc", "a.c"], ["ac", "abbc"]),
        ("^(a|bc)+$", ["a", "abca", "bc"], ["", "b", "abcb"]),
        ("^a?b{2,3}$", ["bb", "abbb"], ["b", "bbbb", "aabb"]),
        ("^[a-c_]*[^x]$", ["abc_z", "1"], ["abx", "d1"]), ("^\\d+\\.\\w$", ["12.a", "1._"], ["a.a", "1aa"]),
        ("^a|b$", ["ax", "xb"], ["xa", "bx"]), ("^.*(?:cuda|cpu).*$", ["py_cuda_1", "cpu"], ["cud"]),
        ("^a{0}b{1,}?$", ["b", "bbb"], ["ab", ""]), ("^[]x]$", ["]", "x"], ["y"]), ("^()*$", [""], ["a"]),
        ("^\\$", ["$", "$x"], ["a$"]),
        ("^\\S\\D\\W$", ["aa."], ["11.", " a.", "aaa"]), ("^[\\d.]+$", ["1.2"], ["1a"]),
    ])
    func matches(_ text: String, _ yes: [String], _ no: [String]) throws {
        let pattern = try MatchSpecPattern(text)
        for other in yes { #expect(pattern.matches(other), "\(other)") }
        for other in no { #expect(!pattern.matches(other), "\(other)") }
    }

    @Test(arguments: [
        "^(?=a)b$", "^(?!a)b$", "^(?<n>a)$", "^(?P<n>a)$", "^(a)\\1$", "^\\bword$", "^*$", "^a**$",
        "^a{2}{3}$", "^a{3,2}$",
        "^a{101}$", "^a{,}x{$", "^(a$", "^a)$", "^[a$", "^[z-a]$", "^[a-\\d]$", "^+$", "^[é]$",
        "^" + String(repeating: "(", count: 100) + String(repeating: ")", count: 100) + "$",
        "^((((a{100}){100}){100}){100})$", "^((((()){100}){100}x{100}){100})$",
    ])
    func refuses(_ text: String) throws {
        let failure = try #require(failure { _ = try MatchSpecPattern(text) })
        #expect(failure.description.contains("as a regular expression"))
    }

    /// Such expressions keep a reader that tries one way after the other busy for years.
    @Test func hostileExpressionsTakeNoLonger() throws {
        let text = String(repeating: "a", count: 2_000) + "!"
        let hostile = try ["^(a+)+$", "^(a|aa)+$", "^(.*)*x$", "^(a?){50}a{50}$", "*a*a*a*a*a*a*a*a*b"].map {
            try MatchSpecPattern($0)
        }
        let empty = try MatchSpecPattern("^((()*)*)*$")
        let elapsed = ContinuousClock().measure {
            for pattern in hostile { #expect(!pattern.matches(text), "\(pattern)") }
            #expect(empty.matches(""))
        }
        #expect(elapsed < .seconds(20))
    }

    @Test func lettersOfEitherCaseAreEqual() throws {
        #expect(try MatchSpecPattern("Zlib") == MatchSpecPattern("zLIB"))
        #expect(try Set([MatchSpecPattern("A*"), MatchSpecPattern("a*")]).count == 1)
        #expect(try MatchSpecPattern("a").exactText == "a" && MatchSpecPattern("a*").exactText == nil)
    }

    @Test func buildNumbers() throws {
        let cases: [(String, [Int], [Int])] = [
            ("3", [3], [2, 30]), ("=3", [3], [4]), ("==3", [3], [4]), ("!=3", [4], [3]), (">3", [4], [3]),
            (">= 3", [3, 4], [2]), ("<3", [2], [3]), ("<=3", [3], [4]), ("1*", [1, 12], [2]),
            ("^[12]$", [1, 2], [3]),
        ]
        for (text, yes, no) in cases {
            let spec = try BuildNumberSpec(text)
            #expect(yes.allSatisfy(spec.matches) && !no.contains(where: spec.matches), "\(text)")
            #expect(try BuildNumberSpec(spec.description) == spec)
        }
        for text in ["", "a", "=", ">", "-1", "1.5", ">1,<3", "~=1", "99999999999999999999"] {
            #expect(throws: CondaError.self, "\(text)") { try BuildNumberSpec(text) }
        }
    }
}
