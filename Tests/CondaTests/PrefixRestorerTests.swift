import Conda
import Digests
import TestSupport
import Testing

/// The original found for a file as it is in a prefix; nil where none is.
func restore(
    _ installed: [UInt8], _ placeholder: PathsJSON.Placeholder, prefix: String, original: [UInt8],
    knowingSize: Bool = true
) throws -> [UInt8]? {
    let restorer = try PrefixRestorer(placeholder, prefix: prefix)
    return installed.withUnsafeBytes { installed -> [UInt8]? in
        guard
            let found = restorer.original(
                of: installed, sha256: .init(hashing: original),
                size: knowingSize ? UInt64(original.count) : nil)
        else { return nil }
        var bytes: [UInt8] = []
        found.forEachPiece(of: installed) { (piece) throws(Never) in bytes.append(contentsOf: piece) }
        return UInt64(bytes.count) == found.size ? bytes : nil
    }
}

@Suite("Originals of files with the prefix in them") struct PrefixRestorerTests {
    static let long = "/" + String(repeating: "p", count: 150)

    struct File: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var original: [UInt8]
        var placeholder = PathsJSON.Placeholder("/home/builder/placehold_placehold_placehold", .text)
        var prefix = "/opt/payroll"

        init(
            _ name: String, _ text: String, _ mode: PathsJSON.Placeholder.Mode = .text, prefix: String? = nil
        ) {
            testDescription = name
            original = Array(text.utf8)
            placeholder = .init(
                mode == .text
                    ? "/home/builder/placehold_placehold_placehold"
                    : "/home/builder/placehold_placehold_placehold" + String(repeating: "_", count: 150), mode
            )
            if let prefix { self.prefix = prefix }
            // P in a text stands for the placeholder.
            let text = String(text.flatMap { $0 == "P" ? Array(placeholder.text) : [$0] })
            original = Array(text.utf8)
        }
    }

    static let files = [
        File("nothing in it", "plain\n"), File("empty", ""),
        File("one", "cd P/lib\n"), File("many", "P:P/bin;PP\nP"),
        File("the prefix beside the placeholder", "/opt/payroll and P/lib\n"),
        File("the prefix alone", "/opt/payroll and /opt/payrolls\n"),
        File("among many of the prefix", "/opt/payroll P /opt/payroll P /opt/payroll/x\n"),
        File(
            "a short prefix that is everywhere", "#!/usr/bin/env sh\nP/lib:/usr/lib:/usr/share\n",
            prefix: "/usr"),
        File("a prefix that overlaps itself", "P/aP\n", prefix: "/a/a"),
        File(
            "a prefix of the placeholder's length", "P /x\n", prefix: "/" + String(repeating: "x", count: 42)),
        File("a shebang", "#!P/bin/python\nimport P\n"),
        File("a shebang with options", "#!P/bin/python -E -s\nP\n"),
        File("a header of Python", "#!P/bin/python3.11 -E\nprint('P')\n", prefix: long),
        File("a header of Python without options", "#!P/bin/python\n", prefix: long),
        File("a header of sh", "#!P/bin/bash -e\necho P\n", prefix: long),
        File("a header of perl", "#!P/bin/perl -w\nprint P\n", prefix: long),
        File("a header of tclsh", "#!P/bin/tclsh8.6\nputs P\n", prefix: long),
        File("a header through env", "#!P/bin/node\nP\n", prefix: long),
        File("a header with the prefix in its options", "#!P/bin/python -X=P/x\n", prefix: long),
        File("a header of a line with white space", "#! P/bin/python\nP\n", prefix: long),
        File("a header of a line with a carriage return", "#!P/bin/python\r\nP\r\n", prefix: long),
        File("a header for a prefix with a space", "#!P/bin/python\nP\n", prefix: "/opt/pay roll"),
        File("a header for a prefix with a quote", "#!P/bin/python\nP\n", prefix: "/opt/pay roll's"),
        File("a header for a prefix with a dollar", "#!P/bin/perl\nP\n", prefix: "/opt/pay $roll"),
        File("a script of the host", "#!/bin/sh\nexec P/bin/x\n", prefix: long),
        File(
            "a script that starts like a header", "#!/bin/sh\n'''exec' \"/x\" \"$0\" \"$@\" #'''\nP\n",
            prefix: long),
        File("binary", "\u{7f}ELF\0P/lib\0more\0\0", .binary),
        File("twice in a string", "x\0P/lib:P/lib64\0\0\0y\0", .binary),
        File("a string at the end", "x\0P/lib", .binary),
        File("two strings", "P\0P\0", .binary),
        File("no string", "x\0y", .binary),
        File("the prefix in a string of its own", "/opt/payroll/x\0P/y\0", .binary),
        File("the prefix in the same string", "/opt/payroll/x:P/y\0\0z", .binary),
        File("line feeds in a string", "P/x\nP/y\n\0z\0", .binary),
        File("NULs behind a string", "P/x\0\0\0\0\0\0P/y\0", .binary),
    ]

    @Test(arguments: files, [true, false])
    func `what was rewritten is found again`(_ file: File, knowingSize: Bool) throws {
        let installed = try rewrite(file.original, file.placeholder, prefix: file.prefix)
        let found = try restore(
            installed, file.placeholder, prefix: file.prefix, original: file.original,
            knowingSize: knowingSize)
        #expect(found == file.original)
    }

    @Test(arguments: files) func `changed bytes have no original`(_ file: File) throws {
        let installed = try rewrite(file.original, file.placeholder, prefix: file.prefix)
        for position in Set([0, installed.count / 2, installed.count - 1]) where installed.indices ~= position
        {
            var changed = installed
            changed[position] ^= 0x01
            #expect(
                try restore(changed, file.placeholder, prefix: file.prefix, original: file.original) == nil,
                "byte \(position)")
        }
        for changed in [installed + [0], installed + Array("x".utf8), Array(installed.dropLast())]
        where changed != installed {
            #expect(
                try restore(changed, file.placeholder, prefix: file.prefix, original: file.original) == nil)
        }
    }

    @Test(arguments: [PathsJSON.Placeholder.Mode.text, .binary])
    func `a placeholder that somebody put back is no rewritten file`(_ mode: PathsJSON.Placeholder.Mode)
        throws
    {
        let file = File("x", "P/a P/b\0", mode)
        let installed = try rewrite(file.original, file.placeholder, prefix: file.prefix)
        #expect(installed != file.original)
        #expect(
            try restore(file.original, file.placeholder, prefix: file.prefix, original: file.original) == nil)
    }

    @Test func `wide text is found too`() throws {
        for mode in [PathsJSON.Placeholder.Mode.text, .binary] {
            let placeholder = File("x", "", mode).placeholder
            let wide16 = "x\(placeholder.text)/y\0\0".utf16.flatMap {
                withUnsafeBytes(of: $0.littleEndian, Array.init)
            }
            let wide32 = "\(placeholder.text)\0".unicodeScalars.flatMap {
                withUnsafeBytes(of: $0.value.littleEndian, Array.init)
            }
            let original = Array("a\0".utf8) + wide16 + wide32 + Array("\(placeholder.text)\0".utf8)
            let installed = try rewrite(original, placeholder, prefix: "/opt/pay\u{e9}")
            #expect(
                try restore(installed, placeholder, prefix: "/opt/pay\u{e9}", original: original) == original)
        }
    }

    @Test func `a file that names the prefix too often is given up soon`() throws {
        let file = File("x", String(repeating: "/usr/x P\n", count: 400), prefix: "/usr")
        let installed = try rewrite(file.original, file.placeholder, prefix: "/usr")
        #expect(try restore(installed, file.placeholder, prefix: "/usr", original: file.original) == nil)
    }

    /// Law: restore(rewrite(x)) == x, where x does not name the prefix by itself.
    @Test(arguments: 0..<200) func `restoring undoes rewriting`(seed: Int) throws {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
        func random(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        let mode: PathsJSON.Placeholder.Mode = seed % 2 == 0 ? .text : .binary
        let placeholder = PathsJSON.Placeholder("/old/" + String(repeating: "o", count: 60), mode)
        let prefix = "/new/" + String(repeating: "n", count: random(50))
        let words = [
            placeholder.text, "/lib", "\0", "\0\0", "\n", ":", "#!", " -x ", "/ol", "/ne", "\u{e9}", "\"$0\"",
        ]
        let text = (0..<random(60)).map { _ in words[random(words.count)] }.joined()
        let original = Array(text.utf8)
        let installed = try rewrite(original, placeholder, prefix: prefix)
        #expect(try restore(installed, placeholder, prefix: prefix, original: original) == original)
    }
}
