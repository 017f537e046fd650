import ELF
import Failures
import TestSupport
import Testing

@Suite struct ELFFileTests {
    @Test(arguments: [true, false])
    func aLibraryTellsWhatItNeedsAndOffers(wide: Bool) throws {
        var toy = ToyLibrary()
        toy.wide = wide
        // The layout of properties of 32-bit files differs.
        if !wide { toy.level = nil }
        let file = try ELFFile.parse(toy.bytes(), name: "libtoy.so.1")
        #expect(file.bits == (wide ? 64 : 32))
        #expect(file.machine == .amd64)
        #expect(file.kind == .shared)
        #expect(file.interpreter == "/lib64/ld-linux-x86-64.so.2")
        #expect(file.needed == ["libz.so.1", "libc.so.6"])
        #expect(file.soname == "libtoy.so.1")
        #expect(file.runpath == ["$ORIGIN", "/opt/toy/lib"])
        #expect(file.rpath.isEmpty)
        #expect(file.neededGlibc == SymbolVersion(2, 34))
        #expect(file.neededLibstdcxx == SymbolVersion("3.4.30"))
        #expect(file.definedVersions == ["TOY_1", "TOY_1.2"])
        #expect(file.highestDefinition(of: "TOY") == SymbolVersion("1.2"))
        #expect(file.x86Level == (wide ? 2 : nil))
    }

    @Test func aFileWithoutVersionsAndPathsHasNone() throws {
        var toy = ToyLibrary()
        (toy.needed, toy.soname, toy.runpath, toy.requires) = ([], nil, nil, [])
        (toy.defines, toy.loader, toy.level) = ([], nil, nil)
        toy.rpath = "/usr/lib/toy"
        let file = try ELFFile.parse(toy.bytes(), name: "toy")
        #expect(file.needed.isEmpty && file.soname == nil && file.runpath.isEmpty && file.interpreter == nil)
        #expect(file.rpath == ["/usr/lib/toy"])
        #expect(file.neededGlibc == nil && file.x86Level == nil && file.definedVersions.isEmpty)
        #expect(file.isDynamic)
    }

    @Test(arguments: [
        [], Array("#!/bin/sh\n".utf8), [0x7f, 0x45, 0x4c], Array("\u{7f}ELG and more text".utf8),
    ])
    func whatIsNoELFFileIsSaidToBeNone(bytes: [UInt8]) {
        #expect(throws: ELFError(name: "x", reason: .notELF)) { try ELFFile.parse(bytes, name: "x") }
    }

    @Test func bigEndianFilesAreNotRead() throws {
        var bytes = ToyLibrary().bytes()
        bytes[5] = 2
        let error = try #require(throws: ELFError.self) { try ELFFile.parse(bytes, name: "libtoy.so") }
        #expect(error.reason == .unsupported("its byte order is 2"))
        #expect(error.description.contains("libtoy.so"))
        #expect(error.kind == .damaged)
    }

    @Test func aTruncatedFileIsAnErrorAtEveryLength() {
        let whole = ToyLibrary().bytes()
        for length in 0..<(whole.count - 16) {
            #expect(throws: ELFError.self) { try ELFFile.parse(Array(whole[..<length]), name: "cut") }
        }
    }

    @Test func anyByteMayBeWrongWithoutATrap() {
        let whole = ToyLibrary().bytes()
        var refused = 0
        for position in whole.indices {
            for value in [0x00, 0x7f, 0xff] as [UInt8] {
                var bytes = whole
                bytes[position] = value
                do { _ = try ELFFile.parse(bytes, name: "flipped") } catch { refused += 1 }
            }
        }
        #expect(refused > 0)
    }

    @Test func chainsThatPointAtThemselvesEnd() throws {
        var toy = ToyLibrary()
        toy.requires = [("libc.so.6", ["GLIBC_2.4"]), ("libm.so.6", ["GLIBC_2.2"])]
        toy.defines = []
        var bytes = toy.bytes()
        // vn_next of the first entry is 32; 0xfffffff0 leads far outside.
        let entry: [UInt8] = [1, 0, 1, 0]
        let found = try #require((0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == entry })
        bytes.replaceSubrange(found + 12..<found + 16, with: [0xf0, 0xff, 0xff, 0xff])
        #expect(throws: ELFError.self) { try ELFFile.parse(bytes, name: "chain") }
    }

    @Test func aReaderThatFailsIsReportedInItsWords() throws {
        struct Unplugged: Error, CustomStringConvertible { let description = "the disk is gone" }
        let error = try #require(throws: ELFError.self) {
            try ELFFile.parse(name: "far", size: 4_096) { _, _ throws in throw Unplugged() }
        }
        #expect(error.description.contains("the disk is gone"))
        #expect(error.kind == .inputOutput)
    }
}

@Suite struct SymbolVersionTests {
    @Test func versionsAreOrderedByNumberAndNotByText() throws {
        let sorted = ["2.2.5", "2.3", "2.9", "2.17", "2.34"].compactMap { SymbolVersion($0) }
        #expect(sorted.count == 5)
        #expect(sorted == sorted.shuffled().sorted())
    }

    @Test(arguments: ["", "2.", ".5", "PRIVATE", "2.x", "2.99999999999", "1.2.3.4.5", "２.3"])
    func whatIsNoVersionIsNone(text: String) { #expect(SymbolVersion(text) == nil) }

    @Test func onlySymbolsOfTheAskedLibraryCount() {
        #expect(SymbolVersion(symbol: "GLIBC_2.35", of: "GLIBC") == SymbolVersion(2, 35))
        #expect(SymbolVersion(symbol: "GLIBC_PRIVATE", of: "GLIBC") == nil)
        #expect(SymbolVersion(symbol: "GLIBCXX_3.4", of: "GLIBC") == nil)
    }
}
