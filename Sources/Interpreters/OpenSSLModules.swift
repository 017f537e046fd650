import Files

/// Where a libcrypto looks for the modules that it loads at run time.
enum OpenSSLModules {
    /// The text that `openssl version -m` prints is in the library; nil where there is none (before 3.0).
    static func compiledInDirectory(of library: String) throws -> String? {
        let file = try OpenFile.read(library)
        let bytes = try file.bytes(at: 0, count: Int(min(file.status().size, 64 << 20)))
        let mark = Array("MODULESDIR: \"".utf8)
        var position = 0
        while let found = bytes[position...].firstIndex(of: mark[0]) {
            if bytes[found...].starts(with: mark) {
                let path = bytes[(found + mark.count)...].prefix { $0 != UInt8(ascii: "\"") && $0 != 0 }
                return path.first == UInt8(ascii: "/") ? String(decoding: path, as: UTF8.self) : nil
            }
            position = found + 1
        }
        return nil
    }
}
