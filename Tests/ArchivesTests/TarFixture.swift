/// Tar members written field by field, so that each can be wrong.
struct TarFixture {
    private(set) var bytes: [UInt8] = []

    struct Member {
        var name: [UInt8]
        var type: String = "0"
        var content: [UInt8] = []
        var link: [UInt8] = []
        /// The size field when it should not be that of the content.
        var size: [UInt8]?
        var mode = "0000644"

        init(
            _ name: String, type: String = "0", _ content: String = "", link: String = "",
            size: [UInt8]? = nil
        ) {
            self.name = Array(name.utf8)
            self.type = type
            self.content = Array(content.utf8)
            self.link = Array(link.utf8)
            self.size = size
        }
    }

    mutating func add(_ member: Member) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: [UInt8], _ position: Int) {
            block.replaceSubrange(position..<position + text.count, with: text)
        }
        put(Array(member.name.prefix(100)), 0)
        put(Array(member.mode.utf8), 100)
        put(Array("0000000".utf8), 108)
        put(Array("0000000".utf8), 116)
        let digits = String(member.content.count, radix: 8)
        put(member.size ?? Array((String(repeating: "0", count: 11 - digits.utf8.count) + digits).utf8), 124)
        put(Array("14000000000".utf8), 136)
        put(Array("        ".utf8), 148)
        put(Array(member.type.utf8), 156)
        put(Array(member.link.prefix(100)), 157)
        put(Array("ustar\u{0}00".utf8), 257)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put(Array((String(repeating: "0", count: 6 - sum.utf8.count) + sum).utf8) + [0], 148)
        bytes += block + member.content
        bytes += [UInt8](repeating: 0, count: (512 - member.content.count % 512) % 512)
    }

    /// A pax header for the member that follows.
    mutating func pax(_ records: [(String, String)]) {
        var text = ""
        for (key, value) in records {
            var length = 0
            while "\(length) \(key)=\(value)\n".utf8.count != length {
                length = "\(length) \(key)=\(value)\n".utf8.count
            }
            text += "\(length) \(key)=\(value)\n"
        }
        add(Member("PaxHeader", type: "x", text))
    }

    mutating func end() { bytes += [UInt8](repeating: 0, count: 1_024) }

    static func of(_ members: Member...) -> [UInt8] {
        var fixture = TarFixture()
        for member in members { fixture.add(member) }
        fixture.end()
        return fixture.bytes
    }
}
