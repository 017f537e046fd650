import Digests
import Failures
import Wheels

/// The address of a package in another tool's lock, without what is secret in it.
struct ForeignAddress: Sendable {
    /// A URL without user name, password, token and fragment, or a path as it was written.
    let text: String
    let fragment: String?
    /// nil for a path. Lower case.
    let scheme: String?
    let host: String?
    let hadCredentials: Bool

    /// Reads any text; what is no URL is a path.
    init(_ text: String) {
        guard Self.schemeEnd(text) != nil else {
            self.text = text
            (fragment, scheme, host, hadCredentials) = (nil, nil, nil, false)
            return
        }
        let (bare, hadLogin) = Self.withoutLogin(text)
        var url = URLReference(bare)
        fragment = url.fragment
        url.fragment = nil
        let (path, hadToken) = Self.withoutToken(url.path, scheme: url.scheme)
        url.path = path
        self.text = url.description
        scheme = url.scheme
        host = url.authority
        hadCredentials = hadLogin || hadToken
    }

    var isURL: Bool { scheme != nil }

    /// As it may be shown: without the query too, which may hold a signature.
    var shown: String {
        guard isURL, let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return text }
        return text[..<mark] + "?…"
    }

    /// The last component, of a URL with its percent escapes undone; nil where there is none that a file may have.
    var filename: String? {
        let name =
            isURL
            ? URLReference(text).filename
            : text.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
        guard let name, !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255,
            name.unicodeScalars.allSatisfy({
                $0.value > 0x20 && $0.value != 0x7f && $0 != "/" && $0 != "\\"
            })
        else { return nil }
        return name
    }

    /// The component before the file name, if it is a platform of conda or `noarch`.
    var subdir: String? {
        let path = isURL ? URLReference(text).path : text
        guard let directory = path.split(separator: "/").dropLast().last.map(String.init),
            directory == "noarch" || CondaPlatform.all.contains(directory)
        else { return nil }
        return directory
    }

    /// The URL above the subdir.
    var channel: String? {
        guard isURL, subdir != nil else { return nil }
        var url = URLReference(text)
        url.query = nil
        let parts = url.path.split(separator: "/", omittingEmptySubsequences: false)
        url.path = parts.dropLast(2).joined(separator: "/")
        return url.description
    }

    /// Whether a shell's variable would have to be put in (CEP 23; conda-lock too), as it does on other tools.
    var needsExpansion: Bool {
        if !isURL, text.utf8.first == UInt8(ascii: "~") { return true }
        var bytes = text.utf8[...]
        while let dollar = bytes.firstIndex(of: UInt8(ascii: "$")) {
            bytes = bytes[bytes.index(after: dollar)...]
            if let next = bytes.first, "{_".utf8.contains(next) || (next | 0x20) &- 0x61 < 26 { return true }
        }
        return false
    }

    /// A text of a lock as an error may show it: no password, token or query of a URL in it.
    static func scrubbed(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard let end = schemeEnd(word) else { return String(word) }
            let letters = word[..<word.utf8.index(end, offsetBy: -3)].reversed().prefix {
                $0.isLetter || $0 == "+"
            }
            let start = word.index(end, offsetBy: -3 - letters.count)
            let address = ForeignAddress(String(word[start...]))
            return word[..<start] + address.shown + (address.fragment.map { "#\($0)" } ?? "")
        }.joined(separator: " ")
    }

    /// A reason as an error may give it: scrubbed, without control characters, and no word of it endless.
    static func sentence(_ text: String) -> String {
        scrubbed(text).split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.utf8.count > 300
                ? "\(String(decoding: word.utf8.prefix(200), as: UTF8.self))…" : String(word)
        }.joined(separator: " ").printable
    }

    /// The index behind `://`.
    private static func schemeEnd(_ text: some StringProtocol) -> String.Index? {
        var bytes = text.utf8[...]
        while let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            bytes = bytes[text.utf8.index(after: colon)...]
            if bytes.starts(with: "//".utf8) { return text.utf8.index(colon, offsetBy: 3) }
        }
        return nil
    }

    private static func withoutLogin(_ text: String) -> (text: String, found: Bool) {
        guard let start = schemeEnd(text) else { return (text, false) }
        let end = text.utf8[start...].firstIndex { "/?#".utf8.contains($0) } ?? text.endIndex
        var at = text.utf8[start..<end].lastIndex(of: UInt8(ascii: "@"))
        if at == nil, hasImpossiblePort(text[start..<end]) {
            // A password with a raw '/' in it: what looks like host and port is user and password.
            at = text.utf8[start...].lastIndex(of: UInt8(ascii: "@"))
        }
        guard let at else { return (text, false) }
        return (String(text[..<start] + text[text.utf8.index(after: at)...]), true)
    }

    private static func hasImpossiblePort(_ authority: Substring) -> Bool {
        guard let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")),
            !authority.utf8.contains(UInt8(ascii: "["))
        else { return false }
        return !authority.utf8[colon...].dropFirst().allSatisfy { $0 &- 0x30 < 10 }
    }

    /// Takes `/t/<token>` out of the path, as conda's servers read it; a channel that is called `t` is none.
    private static func withoutToken(_ path: String, scheme: String?) -> (path: String, found: Bool) {
        guard scheme == "https" || scheme == "http" else { return (path, false) }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let mark = parts.firstIndex(of: "t"), mark + 2 < parts.count, !parts[mark + 1].isEmpty,
            parts[mark + 1] != "noarch", !CondaPlatform.all.contains(String(parts[mark + 1]))
        else { return (path, false) }
        parts.removeSubrange(mark...(mark + 1))
        return (parts.joined(separator: "/"), true)
    }
}
