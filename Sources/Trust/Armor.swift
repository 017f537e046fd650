/// The text around a signature: a first line, base 64, a last line. ssh-keygen also takes what follows the last line,
/// blank lines and carriage returns within; here nothing but the signature is in the text.
enum Armor {
    private static let first = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
    private static let last = Array("\n-----END SSH SIGNATURE-----".utf8)
    /// Bytes. An RSA key of 16,384 bits needs 6,000.
    static let limit = 32 << 10

    static func decode(_ text: [UInt8]) throws(Malformed) -> [UInt8] {
        guard !text.isEmpty else { throw Malformed("it is empty") }
        guard text.count <= limit else {
            throw Malformed("it has \(text.count) bytes, and a signature has at most \(limit)")
        }
        guard text.starts(with: first) else {
            throw Malformed("it does not start with the line '-----BEGIN SSH SIGNATURE-----'")
        }
        var end = text.count
        if text.last == UInt8(ascii: "\n") { end -= 1 }
        guard end >= first.count + last.count, text[..<end].suffix(last.count) == last[...] else {
            throw Malformed("it does not end with the line '-----END SSH SIGNATURE-----'")
        }
        let body = text[first.count..<(end - last.count)]
        let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard !lines.contains(where: \.isEmpty) else { throw Malformed("there is an empty line in it") }
        guard let blob = StrictBase64.decode(Array(lines.joined())) else {
            throw Malformed("what is between its first and last line is not base 64")
        }
        return blob
    }
}
