extension PackageRecord {
    /// The names of the packages that this one depends on, virtual ones (`__glibc`) left out; a name may occur
    /// twice. What a match spec says beyond the name is not judged.
    public var dependencyNames: [String] {
        depends.compactMap { spec in
            guard let name = Self.name(inSpec: spec), !name.hasPrefix("__") else { return nil }
            return name
        }
    }

    /// The name that a match spec begins with, in lower case; nil for one that begins with none.
    public static func name(inSpec spec: String) -> String? {
        var spec = spec
        return spec.withUTF8 { bytes in
            var start = 0
            // A channel may stand before it.
            for index in bytes.indices.dropLast() {
                if bytes[index] == UInt8(ascii: "[") || bytes[index] == 0x20 && index > 0 { break }
                if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: ":") {
                    start = index + 2
                }
            }
            while start < bytes.count, bytes[start] == 0x20 { start += 1 }
            var end = start
            var isLower = true
            while end < bytes.count, isPartOfName(bytes[end]) {
                if bytes[end] >= 0x41 && bytes[end] <= 0x5a { isLower = false }
                end += 1
            }
            guard end > start else { return nil }
            let name = String(decoding: bytes[start..<end], as: UTF8.self)
            return isLower ? name : name.lowercased()
        }
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
