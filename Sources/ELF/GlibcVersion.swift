/// The version of the glibc whose `libc.so.6` this is, read from the file and without running it.
///
/// The banner ("stable release version 2.36") is what `gnu_get_libc_version` says. Not every release defines
/// new symbols, so the highest defined `GLIBC_` version may be lower; it is the answer where there is no
/// banner.
/// - Returns: nil for a library that is no glibc (musl's, for example).
public func glibcVersion(
    ofLibc name: String, size: UInt64, readAt: @escaping (_ offset: UInt64, _ count: Int) throws -> [UInt8]
) throws(ELFError) -> SymbolVersion? {
    let file = try ELFFile.parse(name: name, size: size, readAt: readAt)
    guard let defined = file.highestDefinition(of: "GLIBC") else { return nil }
    return try banner(name: name, size: min(size, 64 << 20), readAt: readAt).map { max($0, defined) }
        ?? defined
}

private func banner(
    name: String, size: UInt64, readAt: (UInt64, Int) throws -> [UInt8]
) throws(ELFError) -> SymbolVersion? {
    let words = Array("release version ".utf8)
    let chunk = 1 << 20
    var offset: UInt64 = 0
    while offset < size {
        let bytes: [UInt8]
        do { bytes = try readAt(offset, Int(min(UInt64(chunk + 64), size - offset))) } catch {
            throw ELFError(name: name, reason: .unreadable("\(error)"))
        }
        if bytes.isEmpty { return nil }
        var position = 0
        while let found = bytes[position...].firstIndex(of: words[0]) {
            if bytes[found...].starts(with: words) {
                let digits = bytes[(found + words.count)...].prefix {
                    $0 == UInt8(ascii: ".") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                }
                var text = String(decoding: digits, as: UTF8.self)
                while text.hasSuffix(".") { text.removeLast() }
                if let version = SymbolVersion(text), version.numbers.count >= 2 { return version }
            }
            position = found + 1
        }
        offset += UInt64(chunk)
    }
    return nil
}
