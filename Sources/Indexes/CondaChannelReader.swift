import Conda
import Fetch
import Files
import Wheels

/// The steps of reading a channel out of a spec.
struct CondaChannelReader {
    /// The channel as messages show it.
    let shown: String
    let variable: (String) -> String?

    private func refuse(_ reason: String) -> CondaError { CondaError(.channel, shown, reason, kind: .usage) }

    /// Takes a list of platforms in brackets off the end.
    func takePlatforms(_ text: inout String) throws(CondaError) -> [String]? {
        guard text.hasSuffix("]") else { return nil }
        guard let start = text.utf8.lastIndex(of: UInt8(ascii: "[")) else {
            throw refuse("it ends in a ']' that nothing opens")
        }
        let list = text[text.utf8.index(after: start)...].dropLast()
        var platforms: [String] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part.filter { $0 != " " })
            guard CondaSubdir.isSubdir(name) else {
                throw refuse("'\(name)' in its brackets is no platform; linux-64 and noarch are some")
            }
            platforms.append(name)
        }
        text = String(text[..<start])
        return platforms
    }

    func place(_ text: String, alias: String?, base: String) throws(CondaError) -> CondaAddress {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw refuse("it is empty or holds a control character")
        }
        if text.contains("://") { return try address(text) }
        if text.hasPrefix("/") || text == "." || text == ".." || text.hasPrefix("./")
            || text.hasPrefix("../")
        {
            return try directory(text.hasPrefix("/") ? text : base + "/" + text)
        }
        try checkName(text)
        guard let alias else {
            throw refuse(
                "no address is known for a name: set CONDA_CHANNEL_ALIAS or channel_alias in [conda] to what names are below, or write the channel's address, or its path beginning with './'"
            )
        }
        return try place(alias, alias: nil, base: base).appending(text)
    }

    /// A directory must exist now: else a mistyped path would look like an empty channel.
    private func directory(_ path: String) throws(CondaError) -> CondaAddress {
        // Of a path with the platform behind it, the platform may be missing.
        let plain = withoutTrailingSlashes(path)
        let last = plain.split(separator: "/").last.map(String.init) ?? ""
        let isSubdir = CondaSubdir.isSubdir(last)
        let channel = isSubdir ? String(plain.dropLast(last.count)) : path
        do throws(FileError) {
            _ = try Directory.open(channel)
            let address = CondaAddress(fileURL(try absolutePath(channel)))
            return isSubdir ? address.appending(last) : address
        } catch {
            throw CondaError(.channel, shown, error.description, kind: error.kind)
        }
    }

    private func address(_ text: String) throws(CondaError) -> CondaAddress {
        let url = URLReference(try expanded(text))
        guard url.query == nil, url.fragment == nil else {
            throw refuse("an address of a channel has no '?' and no '#'")
        }
        switch url.scheme {
        case "file":
            let path: String?
            do throws(FetchError) { path = try localPath(of: url.description) } catch {
                throw refuse("\(error)")
            }
            guard let path else { throw refuse("it is no file") }
            return try directory(path)
        case "http", "https":
            guard url.authority?.isEmpty == false, !url.description.contains(" ") else {
                throw refuse("it names no host, or holds a space")
            }
            let segments = url.path.split(separator: "/", omittingEmptySubsequences: false)
            guard !segments.contains(where: { $0 == ".." || $0 == "." || $0.contains("[") }) else {
                throw refuse("its path holds '.', '..' or a '[' that nothing closes")
            }
            return CondaAddress(url.description)
        default: throw refuse("only http, https and file URLs, paths and names are channels")
        }
    }

    /// Puts in the values of variables. They may stand only where what stands there is secret and recorded nowhere.
    private func expanded(_ text: String) throws(CondaError) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "$") {
            result += rest[..<start]
            rest = rest[rest.index(after: start)...]
            let name = try takeVariable(&rest)
            guard Self.isSecret(after: result, before: rest) else {
                throw refuse(
                    "the variable ${\(name)} stands where an address is recorded; one may stand for user name and password, and for the token behind /t/"
                )
            }
            guard let value = variable(name), !value.isEmpty else {
                throw refuse("the variable ${\(name)} is not set in the environment")
            }
            result += Self.percentEncoded(value)
        }
        return result + rest
    }

    /// Takes `{NAME}` or `NAME`, the longest, off what stands behind a `$`.
    private func takeVariable(_ rest: inout Substring) throws(CondaError) -> String {
        let isBraced = rest.first == "{"
        if isBraced { rest = rest.dropFirst() }
        let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        rest = rest[name.endIndex...]
        guard !name.isEmpty, name.first?.isNumber == false, !isBraced || rest.first == "}" else {
            throw refuse("a '$' in it does not begin a variable such as ${TOKEN}")
        }
        if isBraced { rest = rest.dropFirst() }
        return String(name)
    }

    private static func isSecret(after head: String, before tail: Substring) -> Bool {
        guard let scheme = head.range("://") else { return false }
        let behind = head[scheme.upperBound...]
        if !behind.contains("/") {
            // Before the '@' of the authority.
            return tail.prefix { $0 != "/" }.contains("@")
        }
        return behind.hasSuffix("/t/") && (tail.isEmpty || tail.first == "/")
    }

    private func checkName(_ name: String) throws(CondaError) {
        for segment in name.split(separator: "/", omittingEmptySubsequences: false) {
            let isPlain = segment.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39)
                    || "_-.".utf8.contains($0)
            }
            guard !segment.isEmpty, isPlain, segment != ".", segment != ".." else {
                throw refuse(
                    "it is no address, no path that begins with '/' or './', and no name of letters, digits, '_', '-' and '.'"
                )
            }
        }
    }
}

extension CondaChannelReader {
    private static let unreserved = Set(
        "-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Of a value out of the environment, which may hold any character.
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Foundation's search is slow and not wanted here.
    fileprivate func range(_ text: String) -> Range<Index>? {
        var position = startIndex
        while position < endIndex {
            if self[position...].hasPrefix(text) { return position..<index(position, offsetBy: text.count) }
            formIndex(after: &position)
        }
        return nil
    }
}
