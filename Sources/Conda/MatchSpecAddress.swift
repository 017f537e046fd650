/// The addresses within match specs.
enum MatchSpecAddress {
    /// The address of one archive, taken apart.
    struct Package {
        let url: String
        let subdir: String?
        let filename: PackageFilename
        /// What stands behind `#`.
        let digest: String?
    }

    /// conda's platforms and `noarch`: only these end the channel before `::`.
    private static let subdirs: Set<String> = [
        "emscripten-wasm32", "freebsd-64", "linux-32", "linux-64", "linux-aarch64", "linux-armv6l",
        "linux-armv7l", "linux-ppc64", "linux-ppc64le", "linux-riscv32", "linux-riscv64", "linux-s390x",
        "noarch", "osx-64", "osx-arm64", "wasi-wasm32", "win-32", "win-64", "win-arm64", "zos-z",
    ]

    /// A channel and the platform at its end.
    static func split(_ channel: String) -> (channel: String, subdir: String?) {
        let channel = withoutSlash(channel)
        guard let slash = channel.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (channel, nil) }
        let last = String(channel[channel.utf8.index(after: slash)...])
        guard subdirs.contains(last) else { return (channel, nil) }
        return (withoutSlash(String(channel[..<slash])), last)
    }

    /// As channels compare: no slash at the end, a file's address as its path.
    static func normalised(_ channel: String) -> String {
        withoutSlash(channel.hasPrefix("file://") ? String(channel.dropFirst(7)) : channel)
    }

    private static func withoutSlash(_ text: String) -> String {
        var text = text
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }

    /// nil where the text does not name an archive below something.
    static func package(_ bytes: ArraySlice<UInt8>) throws(CondaError) -> Package? {
        let hash = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        let address = bytes[..<hash].trimmed
        guard address.ends(with: ".conda") || address.ends(with: ".tar.bz2"),
            let slash = address.lastIndex(of: UInt8(ascii: "/")), !address.contains(where: \.isSpace)
        else { return nil }
        let filename = try PackageFilename(percentDecoded(address[(slash + 1)...]))
        var url = address.text
        if !url.contains("://") {
            guard url.hasPrefix("/") else {
                throw CondaError(
                    .matchSpec, url, "a package file is named by an address or an absolute path here")
            }
            url = "file://" + url
        }
        let digest = bytes[hash...].dropFirst().trimmed
        return Package(
            url: url, subdir: split(address[..<slash].text).subdir, filename: filename,
            digest: digest.isEmpty ? nil : digest.text)
    }

    private static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> String {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(rest.prefix(2).text, radix: 16) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The text with every address in it less user name, password and `/t/TOKEN`.
    static func withoutCredentials(_ text: String) -> String {
        guard text.contains("://") else { return text }
        var kept: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let mark = rest.firstIndex(of: "://") {
            kept += rest[..<(mark + 3)]
            rest = rest[(mark + 3)...]
            let end = rest.firstIndex { "/ '\",]#?".utf8.contains($0) } ?? rest.endIndex
            if let at = rest[..<end].lastIndex(of: UInt8(ascii: "@")) { rest = rest[(at + 1)...] }
            kept += rest[..<end]
            rest = rest[end...]
            if rest.starts(with: "/t/") {
                let token = rest.dropFirst(3)
                rest = token[(token.firstIndex { "/ '\",]#?:".utf8.contains($0) } ?? token.endIndex)...]
            }
        }
        return String(decoding: kept + rest, as: UTF8.self)
    }
}
