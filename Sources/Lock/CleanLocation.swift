/// Locations without credentials: what may be written into locks, manifests and errors.
public enum CleanLocation {
    /// The text with `user:password@` removed from each URL in it (RFC 3986, userinfo), and `/t/<token>` from its
    /// path, as conda writes a channel's token. Paths and `file:` URLs have neither.
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
            let scheme = result.reversed().prefix { isLetter($0) }.reversed()
            result += Array("://".utf8)
            index += 3
            if scheme.elementsEqual("file".utf8) { continue }
            let end = authorityEnd(bytes, from: index)
            let at =
                bytes[index..<end].lastIndex(of: UInt8(ascii: "@"))
                ?? (hasImpossiblePort(bytes[index..<end])
                    ? bytes[end..<urlEnd(bytes, from: end)].lastIndex(of: UInt8(ascii: "@")) : nil)
            if let at { index = at + 1 }
            let pathStart = authorityEnd(bytes, from: index)
            let pathEnd = urlEnd(bytes, from: pathStart)
            result += bytes[index..<pathStart] + withoutToken(bytes[pathStart..<pathEnd])
            index = pathEnd
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func authorityEnd(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
    }

    /// Where the path ends, also inside a match spec.
    private static func urlEnd(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { $0 <= 32 || "?#\"'],".utf8.contains($0) } ?? bytes.count
    }

    /// A password with a raw `/` in it: what looks like a port is none.
    private static func hasImpossiblePort(_ authority: ArraySlice<UInt8>) -> Bool {
        guard let colon = authority.lastIndex(of: UInt8(ascii: ":")), !authority.contains(UInt8(ascii: "["))
        else { return false }
        return !authority[(colon + 1)...].allSatisfy { $0 &- 0x30 < 10 }
    }

    private static func withoutToken(_ path: ArraySlice<UInt8>) -> [UInt8] {
        var parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let mark = parts.firstIndex(where: { $0.elementsEqual("t".utf8) }), mark > 0,
            mark + 1 < parts.count, mark == 1 || mark + 2 < parts.count
        else { return Array(path) }
        let token = String(decoding: parts[mark + 1], as: UTF8.self)
        // At the end of the path a file may stand.
        if mark + 2 == parts.count, token.contains(".") { return Array(path) }
        if token.isEmpty || token == "noarch" || CondaPlatform.all.contains(token) { return Array(path) }
        parts.removeSubrange(mark...(mark + 1))
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
