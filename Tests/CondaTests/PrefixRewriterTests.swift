import Conda
import Failures
import TestSupport
import Testing

/// A file's new content, its old one handed over in pieces of the given size.
func rewrite(
    _ bytes: [UInt8], _ placeholder: PathsJSON.Placeholder, prefix: String, pieces: Int = .max
) throws -> [UInt8] {
    var rewriter = try PrefixRewriter(placeholder, prefix: prefix)
    var result: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = Array(rest.prefix(pieces))
        rest = rest.dropFirst(piece.count)
        piece.withUnsafeBytes { piece in rewriter.update(piece) { result.append(contentsOf: $0) } }
    }
    rewriter.finish { result.append(contentsOf: $0) }
    return result
}

@Suite("Prefixes in text files") struct TextPrefixTests {
    private func text(_ text: String, prefix: String = "/new", placeholder: String = "/opt/old") throws
        -> String
    {
        String(
            decoding: try rewrite(Array(text.utf8), .init(placeholder, .text), prefix: prefix), as: UTF8.self)
    }

    @Test("every occurrence is replaced")
    func every() throws {
        #expect(try text("/opt/old") == "/new")
        #expect(try text("a=/opt/old:/opt/old/lib\n/opt/older /opt/ol") == "a=/new:/new/lib\n/newer /opt/ol")
        #expect(try text("") == "")
        #expect(try text("nothing of it\n") == "nothing of it\n")
    }

    @Test("occurrences do not overlap; the first one counts")
    func overlap() throws { #expect(try text("aaaaa", prefix: "/", placeholder: "aa") == "//a") }

    @Test("the file may grow")
    func grow() throws {
        let prefix = "/" + String(repeating: "x", count: 3_000)
        #expect(
            try text(String(repeating: "/opt/old\n", count: 200), prefix: prefix).utf8.count == 200 * 3_002)
    }

    @Test("wide text is replaced as wide text")
    func wide() throws {
        func bytes(_ text: String) -> [UInt8] {
            text.unicodeScalars.flatMap { scalar in withUnsafeBytes(of: scalar.value.littleEndian, Array.init)
            }
        }
        #expect(try rewrite(bytes("x/opt/old/y"), .init("/opt/old", .text), prefix: "/né") == bytes("x/né/y"))
    }

    @Test("a first line that the kernel can follow stays one line")
    func shortShebang() throws {
        #expect(try text("#!/opt/old/bin/python -E\ncode\n") == "#!/new/bin/python -E\ncode\n")
        #expect(try text("#!/bin/sh\ncd /opt/old\n") == "#!/bin/sh\ncd /new\n")
        #expect(try text("#!/opt/old/bin/python") == "#!/new/bin/python")
        #expect(try text("#") == "#")
        #expect(try text("#!") == "#!")
        #expect(try text(" #!/opt/old/bin/python\n", prefix: "/a b") == " #!/a b/bin/python\n")
    }

    @Test("one of 127 bytes with its end stays, one of 128 becomes a header")
    func longShebang() throws {
        let prefix = "/" + String(repeating: "p", count: 126 - "#!/".utf8.count - "/bin/python3".utf8.count)
        #expect(try text("#!/opt/old/bin/python3\nx\n", prefix: prefix) == "#!\(prefix)/bin/python3\nx\n")
        #expect(
            try text("#!/opt/old/bin/python3\nx\n", prefix: prefix + "p")
                == "#!/bin/sh\n'''exec' \"\(prefix)p/bin/python3\" \"$0\" \"$@\" #'''\nx\n")
    }

    @Test("white space in the prefix makes a header, and only for an interpreter below it")
    func space() throws {
        #expect(
            try text("#! /opt/old/bin/python3.10 -E\r\n/opt/old\n", prefix: "/a b")
                == "#!/bin/sh\n'''exec' \"/a b/bin/python3.10\" -E \"$0\" \"$@\" #'''\n/a b\n")
        #expect(try text("#!/bin/sh /opt/old\n", prefix: "/a b") == "#!/bin/sh /a b\n")
        // As conda does, where nothing better is known.
        #expect(
            try text("#!/opt/old/bin/Rscript --vanilla\n", prefix: "/a b")
                == "#!/usr/bin/env Rscript --vanilla\n")
    }

    @Test("a first line without end is no reason to hold the whole file")
    func endlessLine() throws {
        let line = "#!/opt/old/" + String(repeating: "x", count: 100_000)
        #expect(try text(line) == "#!/new/" + String(repeating: "x", count: 100_000))
    }
}

@Suite("Prefixes in binary files") struct BinaryPrefixTests {
    private func binary(_ text: String, prefix: String = "/new") throws -> String {
        String(
            decoding: try rewrite(Array(text.utf8), .init("/opt/old", .binary), prefix: prefix), as: UTF8.self
        )
    }

    @Test("the string moves up and is filled with NULs, the length stays")
    func padded() throws {
        #expect(try binary("A\0/opt/old/lib\0B") == "A\0/new/lib\0\0\0\0\0B")
        #expect(try binary("/opt/old\0") == "/new\0\0\0\0\0")
        #expect(try binary("x/opt/old\0/opt/ol\0") == "x/new\0\0\0\0\0/opt/ol\0")
    }

    @Test("several in one string are all replaced, and filled at its end")
    func several() throws {
        #expect(
            try binary("/opt/old/a:/opt/old/b\0/opt/old\0z")
                == "/new/a:/new/b\0\0\0\0\0\0\0\0\0/new\0\0\0\0\0z")
    }

    @Test("a string that the file's end cuts off is filled there")
    func cutOff() throws { #expect(try binary("/opt/old/lib") == "/new/lib\0\0\0\0") }

    @Test("line feeds do not end a string")
    func lines() throws { #expect(try binary("/opt/old\nb\0c") == "/new\nb\0\0\0\0\0c") }

    @Test("a prefix as long as the placeholder needs no filling, a longer one is refused with both lengths")
    func length() throws {
        #expect(try binary("/opt/old\0x", prefix: "/opt/new") == "/opt/new\0x")
        let placeholder = PathsJSON.Placeholder("/opt/old", .binary)
        let refusal = failure {
            try PrefixRewriter.check(placeholder, of: "lib/liba.so", prefix: "/opt/newer")
        }
        #expect(refusal?.kind == .usage)
        #expect(refusal?.description.contains("lib/liba.so") == true)
        #expect(refusal?.description.contains("10 bytes") == true)
        #expect(throws: CondaError.self) { try PrefixRewriter(placeholder, prefix: "/opt/newer") }
        // Bytes count, not letters.
        #expect(throws: CondaError.self) { try PrefixRewriter(placeholder, prefix: "/öäü/öä") }
        #expect(throws: Never.self) { try PrefixRewriter(.init("/opt/old", .text), prefix: "/opt/newer") }
    }

    @Test("strings of wide characters keep their length too", arguments: [2, 4])
    func wide(_ unit: Int) throws {
        func wide(_ text: String) -> [UInt8] {
            text.utf8.flatMap { [$0] + [UInt8](repeating: 0, count: unit - 1) }
        }
        let before = [1, 2, 3] + wide("/opt/old/a:/opt/old/b\0") + [7, 8]
        let after = [1, 2, 3] + wide("/new/a:/new/b\0\0\0\0\0\0\0\0\0") + [7, 8]
        #expect(try rewrite(before, .init("/opt/old", .binary), prefix: "/new") == after)
        let bigEndian = [UInt8](repeating: 0, count: unit - 1)
        #expect(
            try rewrite(bigEndian + before.dropFirst(3), .init("/opt/old", .binary), prefix: "/new")
                == bigEndian + after.dropFirst(3))
    }

    @Test(
        "a prefix that scripts cannot name is refused",
        arguments: ["relative", "", "/a\nb", "/a\\b", "/a'b\"c", "/a\u{0}b", "/'''x"])
    func prefixes(_ prefix: String) {
        #expect(throws: CondaError.self) { try PrefixRewriter.check(prefix: prefix) }
    }

    @Test("an unusual one is not", arguments: ["/", "/a b", "/it's", "/a$b", "/größe", "/a\"b", "/a;b&c"])
    func unusualPrefixes(_ prefix: String) {
        #expect(throws: Never.self) { try PrefixRewriter.check(prefix: prefix) }
    }

    @Test("a placeholder that cannot be one is refused")
    func placeholders() {
        for text in ["", "/a\0b", "/" + String(repeating: "x", count: 4_096)] {
            #expect(throws: CondaError.self) { try PrefixRewriter(.init(text, .text), prefix: "/p") }
        }
        #expect(throws: Never.self) {
            try PrefixRewriter(.init("/" + String(repeating: "x", count: 4_095), .text), prefix: "/p")
        }
    }
}

@Suite("Prefixes, as laws") struct PrefixLawTests {
    private static let pieces = [
        "/opt/old", "/opt", "/old", "\0", "\0\0", "\n", "#!", " ", "x", "/opt/old/opt/old",
    ]

    /// The specification in its plainest form: whole strings in memory, UTF-8 alone.
    private func plain(_ bytes: [UInt8], _ mode: PathsJSON.Placeholder.Mode, prefix: String) -> [UInt8] {
        func replaced(_ bytes: some Sequence<UInt8>, filled: Bool) -> [UInt8] {
            let text = String(decoding: Array(bytes), as: UTF8.self)
            let new = Array(text.replacing("/opt/old", with: prefix).utf8)
            return new + [UInt8](repeating: 0, count: filled ? text.utf8.count - new.count : 0)
        }
        if mode == .text { return replaced(bytes, filled: false) }
        return Array(
            bytes.split(separator: 0, omittingEmptySubsequences: false).map { replaced($0, filled: true) }
                .joined(separator: [0]))
    }

    @Test("what comes out does not depend on how the input is cut, and is what the plain rule says")
    func cuts() throws {
        var generator = SplitMix(state: 42)
        for round in 0..<400 {
            let mode: PathsJSON.Placeholder.Mode = round % 2 == 0 ? .text : .binary
            let parts = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &generator)]
            }
            // Not at the start, where a header could take its place.
            let bytes = Array(("-" + parts.joined()).utf8)
            let expected = plain(bytes, mode, prefix: "/p q")
            for size in [1, 2, 3, 7, 64, .max] {
                let found = try rewrite(bytes, .init("/opt/old", mode), prefix: "/p q", pieces: size)
                #expect(found == expected, "\(parts) in pieces of \(size)")
            }
        }
    }

    @Test("a file of many pieces, with occurrences across their borders")
    func large() throws {
        var bytes: [UInt8] = []
        for index in 0..<2_000 {
            bytes += [UInt8](repeating: UInt8(index % 127 + 1), count: index % 701) + "/opt/old/lib\0".utf8
        }
        let expected = plain(bytes, .binary, prefix: "/new")
        #expect(try rewrite(bytes, .init("/opt/old", .binary), prefix: "/new") == expected)
        #expect(try rewrite(bytes, .init("/opt/old", .binary), prefix: "/new", pieces: 4_093) == expected)
    }

    @Test("headers do not depend on the cut either")
    func header() throws {
        let bytes = Array("#!/opt/old/bin/perl -w\nprint '/opt/old';\n".utf8)
        let whole = try rewrite(bytes, .init("/opt/old", .text), prefix: "/p q")
        for size in 1...30 {
            #expect(try rewrite(bytes, .init("/opt/old", .text), prefix: "/p q", pieces: size) == whole)
        }
    }
}

/// A fixed sequence of random numbers (Vigna, 2015).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
