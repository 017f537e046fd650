import Bundle
import Wheels

/// Under which key a file of a package is looked for in another version of it: directories that are named after the
/// version of Python or of the package itself are the same ones.
struct PathTranslation {
    /// What is replaced by what; empty where both sides have the same Python.
    private let replacements: [(text: [UInt8], by: [UInt8])]

    /// - Parameters:
    ///   - python: of this side.
    ///   - other: of the other side; nil for either where it is not known.
    init(_ python: Manifest.Python?, other: Manifest.Python?) {
        guard let python, let other,
            python.minorVersion != other.minorVersion || python.cacheTag != other.cacheTag
                || python.sitePackages != other.sitePackages
        else {
            replacements = []
            return
        }
        // The longest first: the library's directory is a part of the one of site-packages.
        let library = python.sitePackages.utf8.lastIndex(of: 0x2f).map { python.sitePackages[..<$0] } ?? ""
        replacements = [
            (python.sitePackages, "<site>"), (String(library), "<lib>"),
            ("python\(python.minorVersion)", "<python>"), (python.cacheTag, "<tag>"),
        ].filter { !$0.0.isEmpty }.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    }

    func key(_ path: String) -> [UInt8] {
        var bytes = Array(path.utf8)
        for (text, replacement) in replacements { Self.replace(text, by: replacement, in: &bytes) }
        Self.dropVersion(from: &bytes)
        return bytes
    }

    private static func replace(_ text: [UInt8], by other: [UInt8], in bytes: inout [UInt8]) {
        guard bytes.count >= text.count else { return }
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == text[0], bytes[place...].starts(with: text) {
                result += other
                place += text.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        bytes = result
    }

    /// `flask-3.0.3.dist-info/METADATA` is `flask.dist-info/METADATA`.
    private static func dropVersion(from bytes: inout [UInt8]) {
        for ending in [".dist-info", ".egg-info", ".data"] {
            let ending = Array(ending.utf8)
            var start = 0
            for part in bytes.split(separator: 0x2f, omittingEmptySubsequences: false) {
                defer { start += part.count + 1 }
                guard part.count > ending.count, part.suffix(ending.count).elementsEqual(ending),
                    let dash = part.firstIndex(of: UInt8(ascii: "-"))
                else { continue }
                bytes.removeSubrange(dash..<start + part.count - ending.count)
                return
            }
        }
    }

    /// Under which key a native library is looked for that another version of a package has under another file name:
    /// `libz.so.1.3` is `libz.so`, and `libgfortran-040039e1.so.5` of a wheel is `libgfortran.so`.
    static func libraryKey(_ key: [UInt8]) -> [UInt8] {
        let slash = key.lastIndex(of: 0x2f)
        let directory = slash.map { Array(key[...$0]) } ?? []
        var name = slash.map { Array(key[($0 + 1)...]) } ?? key
        let so = Array(".so".utf8)
        if let end = name.indices.first(where: { name[$0...].starts(with: so) }) {
            name = Array(name[..<(end + so.count)])
        }
        let ending = name.suffix(so.count).elementsEqual(so) ? so.count : 0
        // A wheel's builder appends a digest of its own to a name that has one already.
        while let dash = name.dropLast(ending).lastIndex(of: UInt8(ascii: "-")), dash > 0 {
            let mark = name[(dash + 1)..<(name.count - ending)]
            let isVersion = mark.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            let isDigest =
                mark.count >= 8
                && mark.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            guard !mark.isEmpty, isVersion || isDigest else { break }
            name.removeSubrange(dash..<(name.count - ending))
        }
        return directory + name
    }
}
