/// Tar members written field by field, so that each can be wrong.
public struct TarFixture: Sendable {
    public private(set) var bytes: [UInt8] = []

    public struct Member: Sendable {
        public var name: [UInt8]
        public var type: String = "0"
        public var content: [UInt8] = []
        public var link: [UInt8] = []
        /// The size field when it should not be that of the content.
        public var size: [UInt8]?
        /// Seven octal digits.
        public var mode = "0000644"
        /// Eleven octal digits: seconds since 1970.
        public var time = "14000000000"

        public init(
            _ name: String, type: String = "0", _ content: String = "", link: String = "",
            size: [UInt8]? = nil
        ) {
            self.init(name, type: type, Array(content.utf8), link: link)
            self.size = size
        }

        public init(_ name: String, type: String = "0", _ content: [UInt8], link: String = "") {
            self.name = Array(name.utf8)
            self.type = type
            self.content = content
            self.link = Array(link.utf8)
        }

        /// The same member with a change.
        public func with(_ change: (inout Member) -> Void) -> Member {
            var copy = self
            change(&copy)
            return copy
        }
    }

    public init() {}

    public mutating func add(_ member: Member) {
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
        put(Array(member.time.utf8), 136)
        put(Array("        ".utf8), 148)
        put(Array(member.type.utf8), 156)
        put(Array(member.link.prefix(100)), 157)
        put(Array("ustar\u{0}00".utf8), 257)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put(Array((String(repeating: "0", count: 6 - sum.utf8.count) + sum).utf8) + [0], 148)
        bytes += block + member.content
        bytes += [UInt8](repeating: 0, count: (512 - member.content.count % 512) % 512)
    }

    /// A member whose name or link may be longer than its header takes: a pax header then stands before it.
    public mutating func addLong(_ member: Member) {
        var records: [(String, String)] = []
        if member.name.count > 100 { records.append(("path", String(decoding: member.name, as: UTF8.self))) }
        if member.link.count > 100 {
            records.append(("linkpath", String(decoding: member.link, as: UTF8.self)))
        }
        if !records.isEmpty { pax(records) }
        add(member)
    }

    /// A pax header for the member that follows.
    public mutating func pax(_ records: [(String, String)]) {
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

    public mutating func end() { bytes += [UInt8](repeating: 0, count: 1_024) }

    public static func of(_ members: Member...) -> [UInt8] { of(members) }

    public static func of(_ members: [Member]) -> [UInt8] {
        var fixture = TarFixture()
        for member in members { fixture.addLong(member) }
        fixture.end()
        return fixture.bytes
    }
}
