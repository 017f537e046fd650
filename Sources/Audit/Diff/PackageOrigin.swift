import Wheels

/// From where a package came, without what is of the package alone: the channel of a conda package, else the part
/// of the address that the files of one index have in common. Indexes put their files into directories of names,
/// versions or digests; what comes before them is compared.
struct PackageOrigin: Hashable, CustomStringConvertible {
    /// Without user information, query and fragment.
    let description: String

    static let local = PackageOrigin(description: "local files")

    /// nil where its source does not tell.
    init?(_ package: PackageSet.Package) {
        if let channel = package.channel {
            self.init(channel: channel)
        } else if let url = package.url {
            self.init(url: url, package)
        } else {
            return nil
        }
    }

    /// Those of some packages, for a heading; nil where none of them tells.
    static func all(_ packages: [PackageSet.Package]) -> String? {
        let origins = Set(packages.compactMap { PackageOrigin($0)?.description })
        return origins.isEmpty ? nil : origins.sorted().joined(separator: ", ")
    }

    private init(description: String) { self.description = description }

    private init(channel: String) {
        guard let address = Address(channel) else {
            description = channel
            return
        }
        description = address.text(address.path)
    }

    private init(url: String, _ package: PackageSet.Package) {
        guard let address = Address(url) else {
            self = .local
            return
        }
        let name = (try? ProjectName(package.name))?.normalized ?? package.name
        let common = address.path.dropLast().prefix { part in
            !Self.isOfOnePackage(part, name: name, package)
        }
        description = address.text(Array(common))
    }

    private static func isOfOnePackage(
        _ part: Substring, name: String, _ package: PackageSet.Package
    ) -> Bool {
        let bytes = part.utf8
        let isHex = bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        // One letter (`f/flask/`), the `+f` of devpi, parts of digests, and then names and versions.
        return bytes.count == 1 || part == "+f" || part == "+e"
            || isHex && ([2, 3, 13].contains(bytes.count) || bytes.count >= 32)
            || part == package.version || part == package.subdir ?? ""
            || (try? ProjectName(part))?.normalized == name
    }

    /// A URL in its parts.
    private struct Address {
        let scheme: String
        /// Host and port, in lower case.
        let host: String
        let path: [Substring]

        /// nil for what is no URL.
        init?(_ text: String) {
            let bytes = text.utf8
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon != bytes.startIndex,
                bytes[colon...].starts(with: "://".utf8)
            else { return nil }
            scheme = text[..<colon].lowercased()
            let rest = bytes[bytes.index(colon, offsetBy: 3)...].prefix { $0 != 0x3f && $0 != 0x23 }
            let authority = rest.prefix { $0 != 0x2f }
            let at = authority.lastIndex(of: UInt8(ascii: "@"))
            let host = at.map { authority[authority.index(after: $0)...] } ?? authority
            self.host = Substring(host).lowercased()
            path = rest[authority.endIndex...].split(separator: 0x2f).map { Substring($0) }
        }

        func text(_ path: [Substring]) -> String {
            "\(scheme)://\(([Substring(host)] + path).joined(separator: "/"))"
        }
    }
}
