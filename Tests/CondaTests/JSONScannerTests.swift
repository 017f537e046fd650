import Conda
import Testing

@Suite struct JSONScannerTests {
    private func scan<Value>(_ text: String, _ read: (inout JSONScanner) throws(CondaError) -> Value) throws
        -> Value
    {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            let value = try read(&scanner)
            try scanner.finish()
            return value
        }
    }

    @Test func readsOnlyWhatIsAskedFor() throws {
        let document =
            #" { "a\"b" : [1, {"x": "]}"}, null], "n" : -12 , "s":"x\ny\u00e9\ud83d\ude80", "t": true } "#
        var found: [String] = []
        try scan(document) { (scanner) throws(CondaError) in
            try scanner.object { (scanner, key) throws(CondaError) in
                switch key {
                case "n": found.append("n \(try scanner.integer())")
                case "s": found.append(try scanner.string())
                case "t": found.append("\(try scanner.bool())")
                default:
                    found.append(key.text ?? "?")
                    try scanner.skip()
                }
            }
        }
        #expect(found == ["a\"b", "n -12", "x\nyé🚀", "true"])
    }

    @Test(arguments: [
        "", "{", #"{"a""#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":[1}"#, #"{"a":1} x"#, #"{"a":"\"#, "nul",
        String(repeating: "[", count: 300),
    ])
    func refusesWhatIsNoJSON(_ text: String) {
        #expect(throws: CondaError.self) {
            try scan(text) { (scanner) throws(CondaError) in
                try scanner.object { (scanner, _) throws(CondaError) in try scanner.skip() }
            }
        }
    }

    @Test(arguments: [#""\x""#, #""\ud800""#, #""\u12g4""#, "\"a\nb\"", #""\u+123""#])
    func refusesStringsThatAreNoText(_ text: String) {
        #expect(throws: CondaError.self) {
            try scan(text) { (scanner) throws(CondaError) in try scanner.string() }
        }
    }
}
