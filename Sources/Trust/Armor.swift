/// The text around a signature: a first line, base 64, a last line. ssh-keygen also takes what follows the last line,
/// blank lines and carriage returns within; here nothing but the signature is in the text.
enum Armor {
    private static let first = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
    private static let last = Array("\n-----END SSH SIGNATURE-----".utf8)
    private static let newline = UInt8(ascii: "\n")
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
        if text.last == newline { end -= 1 }
        guard end >= first.count + last.count, text[..<end].suffix(last.count) == last[...] else {
            throw Malformed("it does not end with the line '-----END SSH SIGNATURE-----'")
        }
        var base64: [UInt8] = []
        base64.reserveCapacity(end)
        for index in first.count..<(end - last.count) {
            if text[index] != newline {
                base64.append(text[index])
            } else if text[index - 1] == newline {
                throw Malformed("there is an empty line in it")
            }
        }
        guard !base64.isEmpty, text[end - last.count - 1] != newline else {
            throw Malformed("there is an empty line in it")
        }
        guard let blob = StrictBase64.decode(base64) else {
            throw Malformed("what is between its first and last line is not base 64")
        }
        return blob
    }
}
