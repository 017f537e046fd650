import Testing

@testable import Lock

/// A document in one line: tables as {…}, everything with its line as `value@line`.
private func shown(_ text: String) throws -> String { show(try TOMLNode.read(Array(text.utf8), file: "f")) }

private func show(_ node: TOMLNode) -> String {
    switch node.value {
    case .string(let text): "\"\(text)\"@\(node.line)"
    case .integer(let number): "\(number)@\(node.line)"
    case .boolean(let flag): "\(flag)@\(node.line)"
    case .other(let text): "<\(text)>@\(node.line)"
    case .array(let items): "[\(items.map(show).joined(separator: " "))]"
    case .table(let fields):
        "{\(fields.sorted { $0.key < $1.key }.map { "\($0.key):\(show($0.value))" }.joined(separator: " "))}"
    }
}

@Suite("TOML")
struct TOMLReaderTests {
    @Test(
        "of every kind is read as the specification says",
        arguments: [
            ("", "{}"),
            ("\u{FEFF}a = 1", "{a:1@1}"),
            ("# only a comment", "{}"),
            ("a = 1\r\n\r\nb = true # x\r\n", "{a:1@1 b:true@3}"),
            ("a.b.\"c d\".'e' = 1", "{a:{b:{c d:{e:1@1}}}}"),
            ("a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"", "{a:\"\u{8}\t\n\u{C}\r\"\\é😀\"@1}"),
            ("a = 'C:\\no\\escape'", "{a:\"C:\\no\\escape\"@1}"),
            ("a = \"\"", "{a:\"\"@1}"),
            ("a = \"\"\"\nx\n  y\\\n   \n  z\"\"\"\nb = 1", "{a:\"x\n  yz\"@1 b:1@6}"),
            ("a = \"\"\"\"\"x\"\"\"\"\"", "{a:\"\"\"x\"\"\"@1}"),
            ("a = '''x\n\\''''\nb = 2", "{a:\"x\n\\'\"@1 b:2@3}"),
            ("a = [1_000, +2, -3, 0xFf, 0o17, 0b101, 0]", "{a:[1000@1 2@1 -3@1 255@1 15@1 5@1 0@1]}"),
            (
                "a = [1.5, 1e6, inf, -nan, 9223372036854775808]",
                "{a:[<1.5>@1 <1e6>@1 <inf>@1 <-nan>@1 <9223372036854775808>@1]}"
            ),
            ("a = 2020-01-01 10:00:00Z\nb = 07:32:00", "{a:<2020-01-01 10:00:00Z>@1 b:<07:32:00>@2}"),
            ("a = [ # x\n 1,\n\n # ]\n [2], ]", "{a:[1@2 [2@5]]}"),
            ("a = { b = 1, c.d = \"}\" }\ne = {}", "{a:{b:1@1 c:{d:\"}\"@1}} e:{}}"),
            ("[a.b]\nc = 1\n[a]\nd = 2", "{a:{b:{c:1@2} d:2@4}}"),
            ("[a]\nb.c = 1\nb.d = 2\n[a.b.e]\nf = 3", "{a:{b:{c:1@2 d:2@3 e:{f:3@5}}}}"),
            ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", "{a:[{b:1@2} {b:2@4 c:{d:3@6}}]}"),
            ("[ a . 'b' ]", "{a:{b:{}}}"),
            ("1 = 2\n-_ = 3", "{-_:3@2 1:2@1}"),
        ])
    func valid(text: String, expected: String) throws {
        #expect(try shown(text) == expected)
    }

    @Test(
        "that is not valid is refused with line and reason",
        arguments: [
            ("a = 1\na = 2", "line 2: it is not valid TOML: the key 'a' is given twice (first on line 1)"),
            ("a.b = 1\na.b = 2", "'b' is given twice"),
            ("a = 1\na.b = 2", "'a' is complete (line 1)"),
            (
                "[a]\n[b]\n[a]",
                "line 3: it is not valid TOML: the table 'a' is defined twice (first on line 1)"
            ),
            ("a.b = 1\n[a]", "the table 'a' is defined twice"),
            ("[a.b]\n[a]\nb.c = 1", "'b' is complete (line 1)"),
            ("a = {}\n[a.b]", "'a' is a table (line 1) and no table to extend"),
            ("a = {}\na.b = 1", "'a' is complete"),
            ("a = [1]\n[[a]]", "the table 'a' is defined twice"),
            ("[a]\n[[a]]", "the table 'a' is defined twice"),
            ("[[a]]\n[a]", "the table 'a' is defined twice"),
            ("a", "'=' is expected after a key and not the end of the file"),
            ("a =", "a value is expected and not the end of the file"),
            ("a = \nb = 1", "line 1: it is not valid TOML: a value is expected and not the end of the line"),
            ("a = # x", "a value is expected and not '#'"),
            ("a = ]", "a value is expected and not ']'"),
            ("a = [}", "a value is expected and not '}'"),
            ("a = [1 2]", "',' or ']' is expected in an array and not '2'"),
            ("a = [1,, 2]", "a value is expected and not ','"),
            ("a = [1", "',' or ']' is expected in an array and not the end of the file"),
            ("a = {b = 1,}", "a key is expected and not '}'"),
            ("a = {b = 1\n}", "',' or '}' is expected in an inline table and not the end of the line"),
            ("a = {b = 1, b = 2}", "'b' is given twice"),
            ("[]", "a key is expected and not ']'"),
            ("[a", "']' is expected after a table's name and not the end of the file"),
            ("[[a]", "']]' is expected after a table's name"),
            ("[a] b = 1", "the end of the line is expected and not 'b'"),
            ("a = 1 b = 2", "the end of the line is expected and not 'b'"),
            ("a = flask", "'flask' is no value; a text needs quotes"),
            ("a = 'x", "a string has no closing quote"),
            ("a = \"x\n\"", "line 1: it is not valid TOML: a string has no closing quote"),
            ("\n\na = '''x\n\n", "line 3: it is not valid TOML: a string has no closing quotes"),
            ("a = \"\\x\"", "unknown escape '\\x'"),
            ("a = \"\\ud800\"", "an escape names no Unicode character"),
            ("a = \"\\u12\"", "an escape names no Unicode character"),
            ("a = \"\u{1}\"", "a string holds a control character"),
            ("# \u{1}", "a comment holds a control character"),
            ("a = 1\r", "the end of the line is expected"),
            ("\"\"\"a\"\"\" = 1", "a key cannot be a string of several lines"),
            (".a = 1", "a key is expected and not '.'"),
            ("a..b = 1", "a key is expected and not '.'"),
            ("é = 1", "a key is expected and not 'é'"),
        ])
    func invalid(text: String, reason: String) {
        let error = #expect(throws: LockError.self) { try shown(text) }
        #expect(error?.description.contains(reason) == true)
    }

    @Test(
        "has no integers with leading zeros, stray underscores or signs before a prefix",
        arguments: ["01", "1__0", "1_", "+0x1", "-0b1"])
    func integers(text: String) throws {
        #expect(try shown("a = \(text)") == "{a:<\(text)>@1}")
    }
}
