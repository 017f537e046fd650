/// The rules for names inside a wheel.
enum MemberPath {
    /// Why a member must not be written under its name; nil where it may. A `/` at the end, as of a
    /// directory, is the caller's to take off.
    static func fault(_ path: String) -> String? {
        var path = path
        return path.withUTF8 { bytes -> String? in
            guard let first = bytes.first else { return "its name is empty" }
            if bytes.count > 4_095 { return "its name is longer than 4,095 bytes" }
            if first == UInt8(ascii: "/") { return "its name is absolute" }
            if bytes.count > 1, first.isLetter, bytes[1] == UInt8(ascii: ":") {
                return "its name starts with a drive letter"
            }
            var start = 0
            for position in 0...bytes.count {
                if position < bytes.count {
                    let byte = bytes[position]
                    if byte == 0 { return "its name holds a NUL" }
                    if byte < 0x20 || byte == 0x7f { return "its name holds a control character" }
                    if byte == UInt8(ascii: "\\") { return "its name holds a backslash" }
                    if byte != UInt8(ascii: "/") { continue }
                }
                let length = position - start
                if length == 0 { return "its name has an empty component" }
                if length > 255 { return "a component of its name is longer than 255 bytes" }
                if length == 1, bytes[start] == UInt8(ascii: ".") { return "its name has a '.' component" }
                if length == 2, bytes[start] == UInt8(ascii: "."), bytes[start + 1] == UInt8(ascii: ".") {
                    return "its name has a '..' component"
                }
                start = position + 1
            }
            return nil
        }
    }
}
