/// Locations without credentials: what may be written into locks, manifests and errors.
public enum CleanLocation {
    /// The text with `user:password@` removed from each URL in it (RFC 3986, userinfo), and `/t/<token>` where
    /// it begins the path, as conda writes a channel's token. Paths and `file:` URLs have neither.
    public static func of(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "/")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index...].starts(with: "://".utf8) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let isFile = result.suffix(4).elementsEqual("file".utf8)
            result += Array("://".utf8)
            index += 3
            if isFile { continue }
            let end = authorityEnd(bytes, from: index)
            if let at = bytes[index..<end].lastIndex(of: UInt8(ascii: "@")) { index = at + 1 }
            result += bytes[index..<end]
            index = tokenEnd(bytes, from: end)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func authorityEnd(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
    }

    /// Behind `/t/<token>`, if it stands at the place.
    private static func tokenEnd(_ bytes: [UInt8], from start: Int) -> Int {
        guard bytes[start...].starts(with: "/t/".utf8) else { return start }
        return bytes[(start + 3)...].firstIndex { "/?#\"'],".utf8.contains($0) } ?? bytes.count
    }
}
