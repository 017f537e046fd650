import Files
import TestSupport
import Testing

@testable import Install

/// What CPython imports on its own while it compiles: some builds have it in the executable, others load it.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct CompilerImportsTests {
    /// Sources that make the compiler import `unicodedata`, and a codec of the standard library.
    private static let sources = [
        "names.py": "größe = 1\nfin = '\\N{BULLET}'\n",
        "latin.py": "# -*- coding: iso8859-15 -*-\nx = 1\n",
        "unicodedata.py": "raise SystemExit('this is not to be imported')\n",
    ]

    @Test(arguments: [false, true]) func areFoundInTheStandardLibraryAndNotBesideTheSources(
        reproducible: Bool
    ) throws {
        let scratch = TemporaryDirectory()
        for (name, text) in Self.sources { try scratch.write(name, text) }
        let compiled = try BytecodeCompiler(
            interpreter: HostPython.path, cacheTag: HostPython.manifest.cacheTag,
            staging: scratch.directory(),
            jobs: 1, reproducible: reproducible
        ).compile(Self.sources.keys.sorted().map { try RelativePath($0) })
        #expect(compiled.count == Self.sources.count)
    }
}
