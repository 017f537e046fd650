/// A minimal ELF file, made by hand so that each table can be set wrong.
public struct ToyLibrary: Sendable {
    public var wide = true
    public var machine: UInt16 = 62
    public var needed = ["libz.so.1", "libc.so.6"]
    public var soname: String? = "libtoy.so.1"
    public var runpath: String? = "$ORIGIN:/opt/toy/lib"
    public var rpath: String?
    public var requires: [(library: String, versions: [String])] = [
        ("libc.so.6", ["GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.9"]), ("libstdc++.so.6", ["GLIBCXX_3.4.30"]),
    ]
    public var defines: [String] = ["TOY_1", "TOY_1.2"]
    public var loader: String? = "/lib64/ld-linux-x86-64.so.2"
    public var level: UInt32? = 0b11

    private func number(_ value: UInt64, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    public init() {}

    public init(_ change: (inout ToyLibrary) -> Void) { change(&self) }

    public func bytes() -> [UInt8] {
        let word = wide ? 8 : 4
        var strings: [UInt8] = [0]
        func string(_ text: String) -> UInt64 {
            defer { strings += Array(text.utf8) + [0] }
            return UInt64(strings.count)
        }
        var dynamic: [(UInt64, UInt64)] = needed.map { (1, string($0)) }
        if let soname { dynamic.append((14, string(soname))) }
        if let runpath { dynamic.append((29, string(runpath))) }
        if let rpath { dynamic.append((15, string(rpath))) }

        var verneed: [UInt8] = []
        for (index, requirement) in requires.enumerated() {
            let size = 16 + 16 * requirement.versions.count
            verneed += number(1, 2) + number(UInt64(requirement.versions.count), 2)
            verneed += number(string(requirement.library), 4) + number(16, 4)
            verneed += number(index + 1 < requires.count ? UInt64(size) : 0, 4)
            for (inner, version) in requirement.versions.enumerated() {
                verneed += number(0, 8) + number(string(version), 4)
                verneed += number(inner + 1 < requirement.versions.count ? 16 : 0, 4)
            }
        }
        var verdef: [UInt8] = []
        let definitions = defines.isEmpty ? [] : [soname ?? "toy"] + defines
        for (index, name) in definitions.enumerated() {
            verdef +=
                number(1, 2) + number(index == 0 ? 1 : 0, 2) + number(UInt64(index + 1), 2) + number(1, 2)
            verdef += number(0, 4) + number(20, 4) + number(index + 1 < definitions.count ? 28 : 0, 4)
            verdef += number(string(name), 4) + number(0, 4)
        }

        let headerSize = wide ? 64 : 52
        let entrySize = wide ? 56 : 32
        let count = 4
        let start = headerSize + count * entrySize
        let loaderBytes: [UInt8] = loader.map { Array($0.utf8) + [0] } ?? []
        var note: [UInt8] = []
        if let level {
            note += number(4, 4) + number(16, 4) + number(5, 4) + Array("GNU\0".utf8)
            note += number(0xc000_8002, 4) + number(4, 4) + number(UInt64(level), 4) + number(0, 4)
        }
        let noteAt = start
        let loaderAt = noteAt + note.count
        let stringsAt = loaderAt + loaderBytes.count
        let verneedAt = stringsAt + strings.count
        let verdefAt = verneedAt + verneed.count
        let dynamicAt = verdefAt + verdef.count
        let base: UInt64 = 0x10000
        dynamic += [(5, base + UInt64(stringsAt)), (10, UInt64(strings.count))]
        if !verneed.isEmpty { dynamic.append((0x6fff_fffe, base + UInt64(verneedAt))) }
        if !verdef.isEmpty { dynamic.append((0x6fff_fffc, base + UInt64(verdefAt))) }
        dynamic.append((0, 0))
        let dynamicBytes = dynamic.flatMap { number($0.0, word) + number($0.1, word) }
        let total = dynamicAt + dynamicBytes.count

        func segment(_ type: UInt64, _ offset: Int, _ size: Int) -> [UInt8] {
            let (place, length) = (UInt64(offset), UInt64(size))
            return wide
                ? number(type, 4) + number(4, 4) + number(place, 8) + number(base + place, 8)
                    + number(base + place, 8) + number(length, 8) + number(length, 8) + number(8, 8)
                : number(type, 4) + number(place, 4) + number(base + place, 4) + number(base + place, 4)
                    + number(length, 4) + number(length, 4) + number(4, 4) + number(4, 4)
        }
        var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1] + [UInt8](repeating: 0, count: 9)
        file += number(3, 2) + number(UInt64(machine), 2) + number(1, 4)
        file += number(0, word) + number(UInt64(headerSize), word) + number(0, word) + number(0, 4)
        file += number(UInt64(headerSize), 2) + number(UInt64(entrySize), 2) + number(UInt64(count), 2)
        file += number(0, 6)
        file += segment(1, 0, total)
        file += segment(2, dynamicAt, dynamicBytes.count)
        file += loader == nil ? segment(0, 0, 0) : segment(3, loaderAt, loaderBytes.count)
        file += level == nil ? segment(0, 0, 0) : segment(0x6474_e553, noteAt, note.count)
        return file + note + loaderBytes + strings + verneed + verdef + dynamicBytes
    }
}
