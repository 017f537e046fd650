import Bundle
import Conda
import Files
import Wheels

/// What cutting, planning and auditing ask of a package.
extension CondaContents {
    /// Whether a member of the archive is one of its descriptions, and nothing that is installed.
    public static func isInfo(_ path: RelativePath) -> Bool { CondaReading.isInfo(path) }

    /// The permission bits that a file of the archive is installed with.
    public static func permissions(_ mode: UInt32) -> UInt32 { CondaInstaller.permissions(mode) }

    /// The binary file that bears the shortest prefix; nil where any prefix will do.
    public var shortestPlaceholder: (path: RelativePath, bytes: Int)? {
        members.lazy.filter { $0.entry.placeholder?.mode == .binary }
            .map { ($0.path, $0.entry.placeholder?.text.utf8.count ?? 0) }.min { $0.1 < $1.1 }
    }

    /// One file for each placeholder that differs from the others: what is true of it is true of all.
    var placeholders: [(path: RelativePath, placeholder: PathsJSON.Placeholder)] {
        var seen: Set<PathsJSON.Placeholder> = []
        return members.compactMap { member in
            guard let placeholder = member.entry.placeholder, seen.insert(placeholder).inserted else {
                return nil
            }
            return (member.path, placeholder)
        }
    }

    /// What runs without being called: link scripts, activation scripts, `.pth` files and site customisation.
    public func hooks(_ python: Manifest.Python) -> [String] {
        let site = python.sitePackages + "/"
        let startup = members.compactMap { member -> String? in
            let path = member.path.string
            guard path.utf8.starts(with: site.utf8) else { return nil }
            let name = path.utf8.dropFirst(site.utf8.count)
            guard !name.contains(UInt8(ascii: "/")) else { return nil }
            let isHook =
                name.suffix(4).elementsEqual(".pth".utf8) || name.elementsEqual("sitecustomize.py".utf8)
                || name.elementsEqual("usercustomize.py".utf8)
            return isHook ? path : nil
        }
        return info.linkScripts.map { "link script \($0.action.rawValue)" }
            + (info.activationScripts + info.deactivationScripts + startup).sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
    }

    /// The version of the C library that its dependencies ask for (`__glibc >=2.17`).
    public var glibc: String? {
        info.index.depends.compactMap(Self.glibc).max {
            Self.numbers($0).lexicographicallyPrecedes(Self.numbers($1))
        }
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(separator: ".").map { Int($0) ?? 0 }
    }

    private static func glibc(_ spec: String) -> String? {
        let name = "__glibc"
        guard spec.utf8.starts(with: name.utf8) else { return nil }
        let rest = spec.utf8.dropFirst(name.utf8.count).filter { $0 != 0x20 }
        guard rest.starts(with: ">=".utf8) else { return nil }
        let version = rest.dropFirst(2).prefix { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }
        let text = String(decoding: version, as: UTF8.self)
        return text.first?.isNumber == true && text.last?.isNumber == true ? text : nil
    }
}

extension CondaContents.Distribution {
    /// The Python distributions that a package is going to bring into site-packages.
    /// - Throws: `PathError`, `CondaError` for paths and versions that no package has.
    public static func all(in info: CondaPackageInfo, python: Manifest.Python) throws -> [Self] {
        let noarch: NoarchPython? =
            info.noarch == .python
            ? try NoarchPython(version: python.version, sitePackages: python.sitePackages) : nil
        let paths = try info.paths.entries.map { entry in
            try RelativePath(noarch?.destination(of: entry.path) ?? entry.path)
        }
        return all(in: paths, sitePackages: python.sitePackages)
    }

    /// Those whose metadata is among the paths.
    static func all(in paths: [RelativePath], sitePackages: String) -> [Self] {
        let site = sitePackages + "/"
        var found: [Self] = []
        for path in paths where path.string.utf8.starts(with: site.utf8) {
            let parts = path.string.utf8.dropFirst(site.utf8.count).split(separator: UInt8(ascii: "/"))
            guard let top = parts.first else { continue }
            let isDirectory = parts.count == 2
            let file = parts.last.map { String(Substring($0)) } ?? ""
            let name = String(Substring(top))
            let ending: Int
            if name.hasSuffix(".dist-info"), isDirectory, file == "METADATA" {
                ending = ".dist-info".count
            } else if name.hasSuffix(".egg-info"), isDirectory ? file == "PKG-INFO" : parts.count == 1 {
                ending = ".egg-info".count
            } else {
                continue
            }
            let words = name.dropLast(ending).split(separator: "-", omittingEmptySubsequences: false)
            guard let word = words.first, let project = try? ProjectName(word) else { continue }
            found.append(
                Self(
                    name: project.normalized, version: words.count > 1 ? String(words[1]) : "",
                    path: site + name))
        }
        return found
    }
}

extension Manifest.Python {
    /// The interpreter that a conda package named python is.
    /// - Throws: `CondaError` for a version without minor version.
    public init(conda record: PackageRecord) throws {
        let noarch = try NoarchPython(python: record)
        let digits = noarch.minorVersion.split(separator: ".").joined()
        self.init(
            source: .conda, implementation: "cpython", version: record.version,
            abi: "cp\(digits)\(NoarchPython.isFreeThreaded(build: record.build) ? "t" : "")",
            cacheTag: "cpython-\(digits)", executable: noarch.executable, sitePackages: noarch.sitePackages)
    }
}
