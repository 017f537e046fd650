/// An address as it may be shown and logged: without user name and password, without its query, which may hold a
/// token or a signature, and without the token of a conda channel (`/t/TOKEN/`). Paths are shown as they are.
public func redacted(_ address: String) -> String {
    let bytes = Array(hidingToken(withoutCredentials(address)).utf8)
    guard schemeEnd(of: bytes) != nil, let query = bytes.firstIndex(of: UInt8(ascii: "?")) else {
        return String(decoding: bytes, as: UTF8.self)
    }
    return String(decoding: bytes[..<query], as: UTF8.self) + "?…"
}

private func hidingToken(_ address: String) -> String {
    let bytes = Array(address.utf8)
    guard let start = schemeEnd(of: bytes) else { return address }
    let slash = UInt8(ascii: "/")
    var at = start
    while at + 3 < bytes.count {
        if bytes[at] == slash, bytes[at + 1] == UInt8(ascii: "t"), bytes[at + 2] == slash {
            let end =
                bytes[(at + 3)...].firstIndex { [slash, UInt8(ascii: "?")].contains($0) } ?? bytes.count
            return String(decoding: bytes[..<(at + 3)], as: UTF8.self) + "…"
                + String(decoding: bytes[end...], as: UTF8.self)
        }
        at += 1
    }
    return address
}

/// An address without user name and password, its query kept: as locks and manifests record it.
public func withoutCredentials(_ address: String) -> String { splitCredentials(address).address }

/// The address without user name and password, and these as they stand before the `@`, encoded as in a URL.
func splitCredentials(_ address: String) -> (address: String, credentials: String?) {
    let bytes = Array(address.utf8)
    guard let start = schemeEnd(of: bytes) else { return (address, nil) }
    let delimiters = Array("/?#".utf8)
    let end = bytes[start...].firstIndex { delimiters.contains($0) } ?? bytes.count
    var at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@"))
    if at == nil, hasImpossiblePort(bytes[start..<end]) {
        // A password with a raw '/' in it: what looks like host and port is user and password.
        at = bytes[start...].lastIndex(of: UInt8(ascii: "@"))
    }
    guard let at else { return (address, nil) }
    let rest =
        String(decoding: bytes[..<start], as: UTF8.self) + String(decoding: bytes[(at + 1)...], as: UTF8.self)
    return (rest, String(decoding: bytes[start..<at], as: UTF8.self))
}

/// The offset behind `://`, or nil for what is no URL.
private func schemeEnd(of bytes: [UInt8]) -> Int? {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 2 < bytes.count,
        bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
    else { return nil }
    return colon + 3
}

private func hasImpossiblePort(_ authority: ArraySlice<UInt8>) -> Bool {
    guard let colon = authority.lastIndex(of: UInt8(ascii: ":")), !authority.contains(UInt8(ascii: "["))
    else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return !authority[(colon + 1)...].allSatisfy(digits.contains)
}
