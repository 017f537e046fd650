import ELF
import Glibc
import TestSupport
import Testing

@Suite struct GlibcVersionTests {
    private func version(_ bytes: [UInt8]) throws -> SymbolVersion? {
        try glibcVersion(ofLibc: "libc.so.6", size: UInt64(bytes.count)) { offset, count in
            Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + count)])
        }
    }

    private func libc(defining versions: [String]) -> [UInt8] {
        var toy = ToyLibrary()
        toy.soname = "libc.so.6"
        toy.defines = versions
        return toy.bytes()
    }

    @Test func theBannerSaysTheReleaseThatDefinesNoNewSymbols() throws {
        let banner = "GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n"
        #expect(
            try version(libc(defining: ["GLIBC_2.2.5", "GLIBC_2.35"]) + Array(banner.utf8))
                == SymbolVersion(2, 36))
    }

    @Test func withoutABannerTheHighestDefinitionAnswers() throws {
        #expect(
            try version(libc(defining: ["GLIBC_2.2.5", "GLIBC_2.35", "GLIBC_PRIVATE"]))
                == SymbolVersion(2, 35))
    }

    @Test func aLibraryOfAnotherKindIsNoGlibc() throws {
        #expect(try version(ToyLibrary().bytes()) == nil)
    }

    /// What this process runs on is what its file says.
    @Test func theRunningSystemsOwn() throws {
        guard let maps = fopen("/proc/self/maps", "r") else { return }
        defer { fclose(maps) }
        var line = [CChar](repeating: 0, count: 8_192)
        var path: String?
        while fgets(&line, Int32(line.count), maps) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasSuffix("/libc.so.6\n"), let slash = text.firstIndex(of: "/") {
                path = String(text[slash...].dropLast())
            }
        }
        let libc = try #require(path)
        let descriptor = open(libc, O_RDONLY)
        defer { close(descriptor) }
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let found = try glibcVersion(ofLibc: libc, size: UInt64(status.st_size)) { offset, count in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
            }
        }
        var text = [CChar](repeating: 0, count: 64)
        #expect(confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count) > 0)
        let running = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(found.map { "glibc \($0)" } == running)
    }
}
