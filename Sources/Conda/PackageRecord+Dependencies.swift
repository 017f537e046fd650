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
    static func name(inSpec spec: String) -> String? {
        var bytes = spec.utf8[...]
        // A channel may stand before it.
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
            bytes[..<colon].last == UInt8(ascii: ":"),
            !bytes[..<colon].contains(where: { " [<>=!~".utf8.contains($0) })
        {
            bytes = bytes[bytes.index(after: colon)...]
        }
        let name = bytes.drop { $0 == 0x20 }.prefix {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard !name.isEmpty else { return nil }
        let text = String(Substring(name))
        return name.contains { $0 >= 0x41 && $0 <= 0x5a } ? text.lowercased() : text
    }
}
