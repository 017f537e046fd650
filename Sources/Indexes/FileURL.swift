import Files
import Glibc

func withoutTrailingSlashes(_ text: String) -> String {
    var text = text[...]
    while text.utf8.last == UInt8(ascii: "/") { text = text.dropLast() }
    return String(text)
}

/// An existing path from the root on, its symbolic links resolved.
func absolutePath(_ path: String) throws(FileError) -> String {
    guard let resolved = realpath(path, nil) else { throw FileError("find", path) }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// The `file` URL of an absolute path (RFC 8089), without a trailing `/`.
func fileURL(_ path: String) -> String {
    let plain = Set("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes = Array("file://".utf8)
    for byte in withoutTrailingSlashes(path).utf8 {
        if plain.contains(byte) {
            bytes.append(byte)
        } else {
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
