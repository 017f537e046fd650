import Conda
import Digests
import TestSupport
import Testing

/// What a file was before the prefix went into it.
private func restore(
    _ bytes: [UInt8], _ placeholder: PathsJSON.Placeholder, prefix: String, pieces: Int = .max
) throws -> [UInt8] {
    var restorer = try PrefixRestorer(placeholder, prefix: prefix)
    var result: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = Array(rest.prefix(pieces))
        rest = rest.dropFirst(piece.count)
        piece.withUnsafeBytes { piece in restorer.update(piece) { result.append(contentsOf: $0) } }
    }
    restorer.finish { result.append(contentsOf: $0) }
    return result
}

private func restoration(
    _ bytes: [UInt8], _ placeholder: PathsJSON.Placeholder, prefix: String
) throws -> PrefixRestoration.Result {
    var restoration = try PrefixRestoration(placeholder, prefix: prefix)
    bytes.withUnsafeBytes { restoration.update($0) }
    return restoration.finish()
}

/// As long as builders make it.
private let long =
    "/home/conda/feedstock_root/build_artifacts/toy_1700000000000/_h_env"
    + String(repeating: "_placehold", count: 18)

@Suite("Taking prefixes out of files again") struct PrefixRestorerTests {
    @Test(
        "what was replaced in a text is put back",
        arguments: [
            "", "#", "#!", "nothing of it\n", "\(long)", "a=\(long):\(long)/lib\n\(long)\n",
            "#!\(long)/bin/python3.12\ncode\n", "#!\(long)/bin/python -E\n\(long)\n",
            "#!/bin/sh\ncd \(long)\n",
            "#!/usr/bin/env python\n\(long)\n",
            "#!/bin/sh\n'''exec' \(long)/bin/python \"$0\" \"$@\"\n' '''\n",
            "#!\(long)/bin/perl -w\nuse strict;\n", "#!\(long)/bin/bash\n. \(long)/x\n",
            "#!\(long)/bin/tclsh8.6\nputs 1\n", "#!\(long)/bin/node --flag\n", "#!\(long)/bin/ruby",
            "#!\(long)/bin/python -c 'it''s'\n",
        ],
        ["/opt/payroll", "/srv/it has space", "/" + String(repeating: "deep/", count: 40) + "end"])
    func text(_ original: String, _ prefix: String) throws {
        let placeholder = PathsJSON.Placeholder(long, .text)
        let installed = try rewrite(Array(original.utf8), placeholder, prefix: prefix)
        for pieces in [1, 7, 300, .max] {
            #expect(
                try restore(installed, placeholder, prefix: prefix, pieces: pieces) == Array(original.utf8))
        }
    }

    @Test(
        "what was replaced in a binary is put back, and the NULs that filled it go",
        arguments: [
            "", "\(long)", "\(long)\0", "\(long)/lib\0next\0", "a\0\(long)/a:\(long)/b\0\0\0\0c",
            "\(long)/lib", "x\0\(long)\n\(long)\0", "\(long)\0\(long)\0\(long)/lib\0\0",
        ], ["/opt/payroll", "/x", long])
    func binary(_ original: String, _ prefix: String) throws {
        let placeholder = PathsJSON.Placeholder(long, .binary)
        let installed = try rewrite(Array(original.utf8), placeholder, prefix: prefix)
        for pieces in [1, 7, 300, .max] {
            #expect(
                try restore(installed, placeholder, prefix: prefix, pieces: pieces) == Array(original.utf8))
        }
    }

    @Test("wide texts are put back as wide ones", arguments: [2, 4])
    func wide(_ unit: Int) throws {
        let original = "ab\(long)/lib\0cd\0".utf8.flatMap { [$0] + [UInt8](repeating: 0, count: unit - 1) }
        let placeholder = PathsJSON.Placeholder(long, .binary)
        let installed = try rewrite(original, placeholder, prefix: "/opt/payroll")
        #expect(try restore(installed, placeholder, prefix: "/opt/payroll") == original)
    }

    @Test("a path in a binary that its author meant stays, since no NULs fill it")
    func meant() throws {
        let original = Array("/opt/conda/etc\0next\0\(long)/lib\0/opt/conda".utf8)
        let placeholder = PathsJSON.Placeholder(long, .binary)
        let installed = try rewrite(original, placeholder, prefix: "/opt/conda")
        for pieces in [1, 9, .max] {
            #expect(try restore(installed, placeholder, prefix: "/opt/conda", pieces: pieces) == original)
        }
    }

    @Test("a string longer than is looked at stays as it is, however the input is cut")
    func longString() throws {
        let installed =
            Array("/opt/payroll".utf8) + [UInt8](repeating: 0x61, count: 1 << 20) + [0]
            + [UInt8](repeating: 0, count: 500) + Array("/opt/payroll/lib\0".utf8)
            + [UInt8](repeating: 0, count: 500)
        let placeholder = PathsJSON.Placeholder(long, .binary)
        let whole = try restore(installed, placeholder, prefix: "/opt/payroll")
        #expect(whole.prefix(1 << 20) == installed.prefix(1 << 20))
        #expect(whole.count == installed.count)
        for pieces in [65_537, 400_000] {
            #expect(try restore(installed, placeholder, prefix: "/opt/payroll", pieces: pieces) == whole)
        }
    }

    @Test("any strings and any cut: restoring undoes rewriting")
    func random() throws {
        var random = SplitMix(state: 7)
        let words = [long, long, "/lib", "\0", "\0\0", "a", "\n", "\0\0\0\0\0\0\0\0", "/opt", "é"]
        for _ in 0..<400 {
            let original = (0..<Int.random(in: 0..<12, using: &random)).flatMap { _ in
                Array(words[Int.random(in: 0..<words.count, using: &random)].utf8)
            }
            for mode in [PathsJSON.Placeholder.Mode.text, .binary] {
                let placeholder = PathsJSON.Placeholder(long, mode)
                let installed = try rewrite(original, placeholder, prefix: "/srv/p")
                let pieces = Int.random(in: 1..<400, using: &random)
                #expect(try restore(installed, placeholder, prefix: "/srv/p", pieces: pieces) == original)
            }
        }
    }
}

@Suite("Proving a file by its original's digest") struct PrefixRestorationTests {
    private let original = Array("#!\(long)/bin/python\nhome = '\(long)'\n".utf8)
    private let placeholder = PathsJSON.Placeholder(long, .text)

    @Test("a file as it was installed is proved, and its own digest and both sizes come along")
    func proved() throws {
        let installed = try rewrite(original, placeholder, prefix: "/opt/payroll")
        let result = try restoration(installed, placeholder, prefix: "/opt/payroll")
        #expect(result.proves(SHA256.hash(original)))
        #expect(result.installed == SHA256.hash(installed))
        #expect(result.size == UInt64(installed.count) && result.originalSize == UInt64(original.count))
    }

    @Test("a changed byte, another prefix, or a prefix that was not put in is not proved")
    func changed() throws {
        let installed = try rewrite(original, placeholder, prefix: "/opt/payroll")
        func proves(_ bytes: [UInt8], prefix: String = "/opt/payroll") throws -> Bool {
            try restoration(bytes, placeholder, prefix: prefix).proves(SHA256.hash(original))
        }
        for index in installed.indices {
            var flipped = installed
            flipped[index] ^= 1
            #expect(try !proves(flipped), "byte \(index)")
        }
        #expect(try !proves(installed, prefix: "/opt/payrol"))
        #expect(try !proves(installed.dropLast()))
        // The original itself: taking the prefix out changes nothing, and putting it in does.
        #expect(try !proves(original))
    }

    @Test("every byte of a binary counts, those that fill its strings too")
    func binary() throws {
        let original = Array("\u{7f}ELF\0\(long)/lib\0\(long)/share\0end".utf8)
        let placeholder = PathsJSON.Placeholder(long, .binary)
        let installed = try rewrite(original, placeholder, prefix: "/opt/payroll")
        #expect(
            try restoration(installed, placeholder, prefix: "/opt/payroll").proves(SHA256.hash(original)))
        for index in installed.indices {
            var flipped = installed
            flipped[index] ^= 0x20
            #expect(
                try !restoration(flipped, placeholder, prefix: "/opt/payroll").proves(SHA256.hash(original)),
                "byte \(index)")
        }
    }
}
