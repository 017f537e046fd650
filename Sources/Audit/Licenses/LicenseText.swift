import Digests

/// One text of a licence, or a notice beside it, as an archive carries it.
public struct LicenseText: Hashable, Sendable {
    /// In the archive or, of an installed environment, in the prefix.
    public let path: String
    public let bytes: [UInt8]

    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    public var sha256: SHA256Digest { SHA256.hash(bytes) }

    /// For people and notices: what is no UTF-8 replaced, lines ended by line feeds, none empty at either end.
    public var text: String {
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n" || $0 == "\r"
        }.map { line in
            let end = line.lastIndex { $0 != " " && $0 != "\t" && $0 != "\u{c}" }
            return end.map { line[...$0] } ?? ""
        }
        let start = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
        let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? start
        let body = lines[start..<end].joined(separator: "\n")
        return body.hasPrefix("\u{feff}") ? String(body.dropFirst()) : body
    }
}

/// Which members of an archive are texts of licences.
enum LicenseMember {
    /// In a wheel: what METADATA names by License-File (PEP 639, and before it beside METADATA), all below
    /// `.dist-info/licenses`, and what is called so beside METADATA.
    static func isOfWheel(_ path: String, distInfo: String, named: [String]) -> Bool {
        guard path.hasPrefix(distInfo + "/") else { return false }
        let name = path.dropFirst(distInfo.utf8.count + 1)
        return name.hasPrefix("licenses/") || name.hasPrefix("license_files/")
            || named.contains { $0 == name || "licenses/" + $0 == name }
            || !name.contains("/") && isCalledSo(name)
    }

    static func isOfConda(_ path: String) -> Bool { path.hasPrefix("info/licenses/") }

    /// In the archive of an interpreter: of its distribution's packages, and its own.
    static func isOfInterpreter(_ path: String) -> Bool {
        if path.hasPrefix("share/licenses/") || path.hasPrefix("licenses/") { return true }
        let parts = path.split(separator: "/")
        guard parts.count <= 3, let name = parts.last, isCalledSo(name) else { return false }
        return parts.count == 1 || parts.count == 3 && parts[0] == "lib" && parts[1].hasPrefix("python")
    }

    private static func isCalledSo(_ name: Substring) -> Bool {
        let upper = name.uppercased()
        guard ["LICENSE", "LICENCE", "COPYING", "NOTICE"].contains(where: upper.hasPrefix) else {
            return false
        }
        return ![".PY", ".PYC", ".SO"].contains(where: upper.hasSuffix)
    }
}
