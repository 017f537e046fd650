extension ELFFile {
    /// Reads a file that is in memory.
    /// - Parameter name: for messages.
    public static func parse(_ bytes: [UInt8], name: String) throws(ELFError) -> ELFFile {
        try parse(name: name, size: UInt64(bytes.count)) { offset, count in
            Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + count)])
        }
    }

    /// Reads a file through `readAt`, which gives up to `count` bytes at an offset below `size`.
    ///
    /// Only the headers and tables are asked for, at most a few MiB of any file.
    public static func parse(
        name: String, size: UInt64,
        readAt: @escaping (_ offset: UInt64, _ count: Int) throws -> [UInt8]
    ) throws(ELFError) -> ELFFile {
        var parser = ELFParser(window: ByteWindow(name: name, size: size, readAt: readAt))
        return try parser.parse()
    }
}

/// The limits keep a hostile file from costing more than a benign one ever does.
private let mostProgramHeaders: UInt64 = 1_024
private let mostDynamicEntries: UInt64 = 65_536
private let mostNeeded = 1_024
private let mostNameBytes: UInt64 = 4_096
private let mostStringBytes: UInt64 = 64 << 20
private let mostVersions = 8_192

struct ELFParser {
    private var window: ByteWindow
    /// Apart from the other, for tables and names lie far from each other and are read in turns.
    private var names: ByteWindow
    private var file = ELFFile()
    private var segments: [Segment] = []
    private var strings: (offset: UInt64, size: UInt64)?

    struct Segment {
        var type: UInt32
        var offset: UInt64
        var address: UInt64
        var size: UInt64
    }

    init(window: ByteWindow) {
        self.window = window
        names = window
    }

    mutating func parse() throws(ELFError) -> ELFFile {
        try readHeader()
        for segment in segments {
            switch segment.type {
            case 3: file.interpreter = try readInterpreter(segment)
            case 4, 0x6474_e553: try readNotes(segment)
            default: break
            }
        }
        if let dynamic = segments.first(where: { $0.type == 2 }) { try readDynamic(dynamic) }
        return file
    }

    private func unsupported(_ what: String) -> ELFError {
        ELFError(name: window.name, reason: .unsupported(what))
    }

    private mutating func word(at offset: UInt64, _ what: String) throws(ELFError) -> UInt64 {
        file.bits == 64
            ? try window.integer(UInt64.self, at: offset, what)
            : UInt64(try window.integer(UInt32.self, at: offset, what))
    }

    private mutating func readHeader() throws(ELFError) {
        guard window.size >= 4,
            try Array(window.bytes(at: 0, 4, "the magic number")) == [0x7f, 0x45, 0x4c, 0x46]
        else { throw ELFError(name: window.name, reason: .notELF) }
        let identity = try Array(window.bytes(at: 0, 16, "the identification"))
        switch identity[4] {
        case 1: file.bits = 32
        case 2: file.bits = 64
        default: throw unsupported("its class is \(identity[4])")
        }
        guard identity[5] == 1 else { throw unsupported("its byte order is \(identity[5])") }
        switch try window.integer(UInt16.self, at: 16, "the type") {
        case 1: file.kind = .relocatable
        case 2: file.kind = .executable
        case 3: file.kind = .shared
        case 4: file.kind = .core
        case let other: file.kind = .other(other)
        }
        file.machine = ELFMachine(rawValue: try window.integer(UInt16.self, at: 18, "the machine"))
        let wide = file.bits == 64
        let table = try word(at: wide ? 32 : 28, "the place of the program headers")
        let entrySize = UInt64(try window.integer(UInt16.self, at: wide ? 54 : 42, "the header size"))
        let count = UInt64(try window.integer(UInt16.self, at: wide ? 56 : 44, "the header count"))
        guard count > 0 else { return }
        guard entrySize >= (wide ? 56 : 32), count <= mostProgramHeaders else {
            throw window.damaged("it has \(count) program headers of \(entrySize) bytes")
        }
        for index in 0..<count { try readSegment(at: try sum(table, index * entrySize)) }
    }

    private mutating func readSegment(at offset: UInt64) throws(ELFError) {
        let what = "a program header"
        _ = try window.bytes(at: offset, file.bits == 64 ? 56 : 32, what)
        let type = try window.integer(UInt32.self, at: offset, what)
        segments.append(
            file.bits == 64
                ? Segment(
                    type: type, offset: try word(at: offset + 8, what),
                    address: try word(at: offset + 16, what), size: try word(at: offset + 32, what))
                : Segment(
                    type: type, offset: try word(at: offset + 4, what),
                    address: try word(at: offset + 8, what), size: try word(at: offset + 16, what)))
    }

    private func sum(_ a: UInt64, _ b: UInt64) throws(ELFError) -> UInt64 {
        let (value, overflow) = a.addingReportingOverflow(b)
        if overflow { throw window.damaged("an offset in it exceeds 64 bits") }
        return value
    }

    private mutating func readInterpreter(_ segment: Segment) throws(ELFError) -> String {
        guard segment.size <= 4_096 else {
            throw window.damaged("its loader's path has \(segment.size) bytes")
        }
        return String(
            decoding: try window.bytes(at: segment.offset, segment.size, "the loader's path")
                .prefix { $0 != 0 }, as: UTF8.self)
    }

    /// GNU_PROPERTY_X86_ISA_1_NEEDED in a note of type NT_GNU_PROPERTY_TYPE_0. A note that does not fit is
    /// left alone: the loader does not need it either.
    private mutating func readNotes(_ segment: Segment) throws(ELFError) {
        guard segment.size >= 16, segment.size <= 1 << 16 else { return }
        let bytes = Array(try window.bytes(at: segment.offset, segment.size, "a note"))
        func number(_ position: Int) -> Int {
            bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let alignment = file.bits == 64 ? 8 : 4
        var position = 0
        while position + 16 <= bytes.count {
            let (nameSize, size, type) = (number(position), number(position + 4), number(position + 8))
            let start = position + 12 + (nameSize + 3) / 4 * 4
            guard start + size <= bytes.count else { return }
            if type == 5, nameSize == 4, bytes[position + 12..<position + 16] == [0x47, 0x4e, 0x55, 0] {
                var property = start
                while property + 8 <= start + size {
                    let (kind, length) = (number(property), number(property + 4))
                    if kind == 0xc000_8002, length == 4, property + 12 <= start + size {
                        let needed = number(property + 8)
                        file.x86Level = (1...4).last { needed & 1 << ($0 - 1) != 0 }
                    }
                    property += 8 + (length + alignment - 1) / alignment * alignment
                }
            }
            position = start + (size + 3) / 4 * 4
        }
    }

    /// The file offset of an address of the running image.
    private func offset(of address: UInt64, _ what: String) throws(ELFError) -> UInt64 {
        for segment in segments where segment.type == 1 && address >= segment.address {
            if address - segment.address < segment.size {
                return try sum(segment.offset, address - segment.address)
            }
        }
        throw window.damaged("\(what) has the address \(address), which no segment loads")
    }

    private mutating func readDynamic(_ segment: Segment) throws(ELFError) {
        file.isDynamic = true
        let width: UInt64 = file.bits == 64 ? 8 : 4
        var values: [UInt64: UInt64] = [:]
        var needed: [UInt64] = []
        let count = segment.size / (2 * width)
        guard count <= mostDynamicEntries else {
            throw window.damaged("its dynamic section has \(count) entries")
        }
        for index in 0..<count {
            let place = try sum(segment.offset, index * 2 * width)
            let tag = try word(at: place, "the dynamic section")
            let value = try word(at: try sum(place, width), "the dynamic section")
            if tag == 0 { break }
            if tag == 1 { needed.append(value) } else { values[tag] = value }
        }
        if let address = values[5] {
            let size = values[10] ?? 0
            guard size <= mostStringBytes else { throw window.damaged("its string table has \(size) bytes") }
            let place = try offset(of: address, "the string table")
            guard try sum(place, size) <= window.size else {
                throw window.damaged("its string table ends past the end of the file")
            }
            strings = (place, size)
        }
        guard needed.count <= mostNeeded else { throw window.damaged("it needs \(needed.count) libraries") }
        for value in needed { file.needed.append(try string(value)) }
        file.soname = try values[14].map(throwing: { value throws(ELFError) in try string(value) })
        file.rpath = try paths(values[15])
        file.runpath = try paths(values[29])
        if let address = values[0x6fff_fffe] { try readRequirements(offset(of: address, "DT_VERNEED")) }
        if let address = values[0x6fff_fffc] { try readDefinitions(offset(of: address, "DT_VERDEF")) }
    }

    private mutating func paths(_ value: UInt64?) throws(ELFError) -> [String] {
        guard let value else { return [] }
        return try string(value).split(separator: ":").map(String.init)
    }

    private mutating func string(_ index: UInt64) throws(ELFError) -> String {
        guard let strings, index < strings.size else {
            throw window.damaged("a name would lie at byte \(index) of its string table")
        }
        let most = min(strings.size - index, mostNameBytes)
        let bytes = try names.bytes(at: strings.offset + index, most, "a name")
        guard let end = bytes.firstIndex(of: 0) else { throw window.damaged("a name in it does not end") }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// The two lists of symbol versions are chains: each entry tells how far the next one is.
    private mutating func readRequirements(_ first: UInt64) throws(ELFError) {
        var place = first
        var total = 0
        while true {
            _ = try window.bytes(at: place, 16, "DT_VERNEED")
            let count = try window.integer(UInt16.self, at: place + 2, "DT_VERNEED")
            let library = try string(UInt64(try window.integer(UInt32.self, at: place + 4, "DT_VERNEED")))
            var inner = try sum(place, UInt64(try window.integer(UInt32.self, at: place + 8, "DT_VERNEED")))
            let next = UInt64(try window.integer(UInt32.self, at: place + 12, "DT_VERNEED"))
            var versions: [String] = []
            for _ in 0..<count {
                try limit(&total)
                _ = try window.bytes(at: inner, 16, "DT_VERNEED")
                versions.append(
                    try string(UInt64(try window.integer(UInt32.self, at: inner + 8, "DT_VERNEED"))))
                let step = UInt64(try window.integer(UInt32.self, at: inner + 12, "DT_VERNEED"))
                if step == 0 { break }
                inner = try sum(inner, step)
            }
            file.requirements.append(ELFFile.Requirement(library: library, versions: versions))
            if next == 0 { return }
            try limit(&total)
            place = try sum(place, next)
        }
    }

    private mutating func readDefinitions(_ first: UInt64) throws(ELFError) {
        var place = first
        var total = 0
        while true {
            try limit(&total)
            _ = try window.bytes(at: place, 20, "DT_VERDEF")
            let flags = try window.integer(UInt16.self, at: place + 2, "DT_VERDEF")
            let names = try sum(place, UInt64(try window.integer(UInt32.self, at: place + 12, "DT_VERDEF")))
            let next = UInt64(try window.integer(UInt32.self, at: place + 16, "DT_VERDEF"))
            if flags & 1 == 0 {
                file.definedVersions.append(
                    try string(UInt64(try window.integer(UInt32.self, at: names, "DT_VERDEF"))))
            }
            if next == 0 { return }
            place = try sum(place, next)
        }
    }

    private func limit(_ total: inout Int) throws(ELFError) {
        total += 1
        if total > mostVersions { throw window.damaged("it lists more than \(mostVersions) symbol versions") }
    }
}

extension Optional {
    fileprivate func map<T, E: Error>(throwing transform: (Wrapped) throws(E) -> T) throws(E) -> T? {
        guard let self else { return nil }
        return try transform(self)
    }
}
