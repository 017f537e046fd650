import Files

/// Header blocks of one member: ustar (POSIX.1-1988) where it fits, else a pax header (POSIX.1-2001) before.
enum TarHeader {
    static func blocks(for entry: TarEntry) -> [UInt8] {
        var name = entry.path.string
        if entry.kind == .directory { name += "/" }
        let link =
            switch entry.kind {
            case .file, .directory: ""
            case .symbolicLink(let target): target
            case .hardLink(let target): target.string
            }
        var records: [UInt8] = []
        if name.utf8.count > 100 || !isASCII(name) { records += record("path", name) }
        if link.utf8.count > 100 || !isASCII(link) { records += record("linkpath", link) }
        let size = entry.size < 1 << 33 ? entry.size : 0
        if size != entry.size { records += record("size", String(entry.size)) }
        let time = (0..<(1 << 33)).contains(entry.modificationTime) ? entry.modificationTime : 0
        if time != entry.modificationTime { records += record("mtime", String(entry.modificationTime)) }

        var blocks: [UInt8] = []
        if !records.isEmpty {
            blocks += block(name: "PaxHeader", type: "x", size: UInt64(records.count), mode: 0o644, time: 0)
            blocks += records
            blocks += [UInt8](repeating: 0, count: (512 - records.count % 512) % 512)
        }
        let type =
            switch entry.kind {
            case .file: "0"
            case .hardLink: "1"
            case .symbolicLink: "2"
            case .directory: "5"
            }
        return blocks
            + block(
                name: name, type: type, size: size, mode: entry.permissions, time: UInt64(time), link: link)
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    /// `length key=value\n`, where the length counts its own digits too.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return Array("\(length)\(rest)".utf8)
    }

    private static func block(
        name: String, type: String, size: UInt64, mode: UInt32, time: UInt64, link: String = ""
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at position: Int, _ width: Int) {
            for (index, byte) in text.utf8.prefix(width).enumerated() { block[position + index] = byte }
        }
        func octal(_ value: UInt64, at position: Int, _ width: Int) {
            let digits = String(value, radix: 8)
            put(
                String(repeating: "0", count: width - 1 - digits.utf8.count) + digits, at: position, width - 1
            )
        }
        // A name that needs a pax record has a shortened copy here, for readers that know no pax.
        put(name, at: 0, 100)
        octal(UInt64(mode & 0o7777), at: 100, 8)
        octal(0, at: 108, 8)
        octal(0, at: 116, 8)
        octal(size, at: 124, 12)
        octal(time, at: 136, 12)
        put("        ", at: 148, 8)
        put(type, at: 156, 1)
        put(link, at: 157, 100)
        put("ustar\u{0}00", at: 257, 8)
        octal(0, at: 329, 8)
        octal(0, at: 337, 8)
        let sum = block.reduce(0) { $0 + UInt64($1) }
        octal(sum, at: 148, 7)
        return block
    }
}
