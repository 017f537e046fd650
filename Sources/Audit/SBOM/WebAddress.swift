import Lock

/// Addresses as documents for others may hold them (RFC 3986).
enum WebAddress {
    /// A URL with its credentials taken away and everything escaped that a URL does not hold as it is.
    /// - Returns: nil for what is not of http or https: a path means nothing to a reader elsewhere.
    static func download(_ location: String) -> String? {
        let clean = CleanLocation.of(location)
        let bytes = Array(clean.utf8)
        guard let scheme = ["https://", "http://"].first(where: { clean.lowercased().hasPrefix($0) }) else {
            return nil
        }
        let start = scheme.utf8.count
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        guard start < end, bytes[start..<end].allSatisfy(isAuthority) else { return nil }
        var result = Array(bytes[..<end])
        var isFragment = false
        for (index, byte) in bytes.enumerated().dropFirst(end) {
            let isEscape =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count
                && isHexadecimal(bytes[index + 1]) && isHexadecimal(bytes[index + 2])
            let isMark = byte == UInt8(ascii: "#") && !isFragment
            if isMark { isFragment = true }
            if isEscape || isMark || isUnreserved(byte) || "/?:@!$&'()*+,;=".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += escape(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether the host is a name of several parts, the last of which begins with letters.
    static func hasQualifiedHost(_ url: String) -> Bool {
        let rest = url.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
        let host = rest.prefix { !"/?#:".utf8.contains($0) }
        let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, last.count > 1, last.prefix(2).allSatisfy(isLetter)
        else { return false }
        return parts.allSatisfy { part in
            part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty && $0.allSatisfy { isLetter($0) || $0 &- 0x30 < 10 } }
        }
    }

    static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// `unreserved` of the RFC.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte &- 0x30 < 10 || "-._~".utf8.contains(byte)
    }

    private static func isAuthority(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || ":[]".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
    }
}
