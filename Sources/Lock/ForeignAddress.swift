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
        let clean = CleanLocation.of(text)
        hadCredentials = clean != text
        guard Self.hasScheme(clean) else {
            self.text = clean
            (fragment, scheme, host) = (nil, nil, nil)
            return
        }
        var url = URLReference(clean)
        fragment = url.fragment
        url.fragment = nil
        self.text = url.description
        scheme = url.scheme
        host = url.authority
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
        CleanLocation.of(text).split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard hasScheme(word), let mark = word.utf8.firstIndex(of: UInt8(ascii: "?")) else {
                return String(word)
            }
            let end = word.utf8[mark...].firstIndex { "'\"".utf8.contains($0) } ?? word.endIndex
            return "\(word[..<mark])?…\(word[end...])"
        }.joined(separator: " ")
    }

    /// A reason as an error may give it: scrubbed, without control characters, and no word of it endless.
    static func sentence(_ text: String) -> String {
        scrubbed(text).split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.utf8.count > 300
                ? "\(String(decoding: word.utf8.prefix(200), as: UTF8.self))…" : String(word)
        }.joined(separator: " ").printable
    }

    private static func hasScheme(_ text: some StringProtocol) -> Bool {
        var bytes = Substring(text).utf8[...]
        while let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            bytes = bytes[colon...].dropFirst()
            if bytes.starts(with: "//".utf8) { return true }
        }
        return false
    }
}
