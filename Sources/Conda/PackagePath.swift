import Glibc

/// The rules for paths that a package may install.
public enum PackagePath {
    /// Why nothing must be written there; nil where it may.
    public static func fault(_ path: String) -> String? {
        var path = path
        return path.withUTF8 { bytes -> String? in
            guard let first = bytes.first else { return "it is empty" }
            if bytes.count > 4_095 { return "it is longer than 4,095 bytes" }
            if first == UInt8(ascii: "/") { return "it is absolute" }
            if bytes.count > 1, bytes[1] == UInt8(ascii: ":"), (first | 0x20) &- 0x61 < 26 {
                return "it starts with a drive letter"
            }
            var start = 0
            for position in 0...bytes.count {
                if position < bytes.count {
                    let byte = bytes[position]
                    if byte < 0x20 || byte == 0x7f { return "it holds a control character" }
                    if byte == UInt8(ascii: "\\") { return "it holds a backslash" }
                    if byte != UInt8(ascii: "/") { continue }
                }
                let length = position - start
                if length == 0 { return "it has an empty component" }
                if length > 255 { return "a component of it is longer than 255 bytes" }
                if length == 1, bytes[start] == UInt8(ascii: ".") { return "it has a '.' component" }
                if length == 2, bytes[start] == UInt8(ascii: "."), bytes[start + 1] == UInt8(ascii: ".") {
                    return "it has a '..' component"
                }
                start = position + 1
            }
            return reserved(bytes)
        }
    }

    /// What the installer itself writes (CEP 32), so that a package cannot speak for others.
    private static func reserved(_ path: UnsafeBufferPointer<UInt8>) -> String? {
        let directory: StaticString = "conda-meta/"
        guard path.starts(with: UnsafeBufferPointer(start: directory.utf8Start, count: 11)) else {
            return nil
        }
        let name = path[11...]
        if name.elementsEqual("history".utf8) || name.elementsEqual("state".utf8)
            || name.suffix(5).elementsEqual(".json".utf8)
        {
            return "the environment's own records are kept there"
        }
        return nil
    }
}

/// A path compared by its bytes: as `String`, composed and decomposed forms of a letter would be one.
struct PathKey: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (a: PathKey, b: PathKey) -> Bool {
        let same = a.text.utf8.withContiguousStorageIfAvailable { a in
            b.text.utf8.withContiguousStorageIfAvailable { b in
                a.count == b.count && (a.isEmpty || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0)
            }
        }
        if case .some(.some(let same)) = same { return same }
        return a.text.utf8.elementsEqual(b.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
