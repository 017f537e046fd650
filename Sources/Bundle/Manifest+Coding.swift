import Digests
import Files
import FoundationEssentials

extension Manifest {
    /// Canonical bytes; their SHA-256 is the bundle digest.
    public func encoded() throws -> [UInt8] { try CanonicalJSON.encode(self) }

    /// Reads and judges a manifest: its format version first, then its fields, then what they say together.
    /// - Parameter subject: the bundle, for messages.
    public static func decode(_ bytes: [UInt8], subject: String) throws -> Manifest {
        struct Version: Decodable { let airlift: Int }
        do {
            let version = try CanonicalJSON.decode(Version.self, from: bytes).airlift
            guard version == formatVersion else {
                throw BundleError(
                    subject,
                    "its manifest has format version \(version), and this program reads version \(formatVersion); use a newer airlift"
                )
            }
            let manifest = try CanonicalJSON.decode(Manifest.self, from: bytes)
            try manifest.validate(subject)
            return manifest
        } catch let error as DecodingError {
            throw BundleError(subject, "its manifest is malformed: \(error.reason)")
        }
    }

    /// What the fields say together, beyond their types.
    func validate(_ subject: String) throws {
        func refuse(_ reason: String) -> BundleError {
            BundleError(subject, "its manifest is refused: \(reason)")
        }
        guard Names.isBundleName(name) else { throw refuse("'\(name)' is no name for a bundle") }
        guard Names.isVersion(version) else { throw refuse("'\(version)' is no version") }
        guard Names.isBundleName(platform) else { throw refuse("'\(platform)' is no platform") }
        // Both become parts of paths on the target.
        for text in [python.version, python.cacheTag] where !Names.isVersion(text) {
            throw refuse("'\(text)' of its interpreter is no version or tag")
        }
        // Strings that differ only by Unicode form compare equal: a bundle does not carry both.
        var paths: Set<String> = [Manifest.path]
        for path in archives.map(\.path) + entries.map(\.path) {
            guard (try? RelativePath(path)) != nil else { throw refuse("the entry '\(path)' is no path") }
            guard !path.hasPrefix(BundleLayout.signatures) else {
                throw refuse("the entry '\(path)' is a signature, which no manifest lists")
            }
            guard paths.insert(path).inserted else { throw refuse("the entry '\(path)' is there twice") }
        }
        try validateSizes(refuse)
        try validateTarget(refuse)
        try validateConda(refuse)
        for text in archives.map(\.crc32) + entries.map(\.crc32) where Names.crc32(text) == nil {
            throw refuse("'\(text)' is no CRC-32 in 8 hexadecimal digits")
        }
        var destinations: Set<String> = []
        for file in files {
            guard destinations.insert(file.path).inserted else {
                throw refuse("the file '\(file.path)' is there twice")
            }
            guard (try? RelativePath(file.path)) != nil else {
                throw refuse("the file '\(file.path)' is no path")
            }
            guard (file.sha256 == nil) != (file.link == nil) else {
                throw refuse("the file '\(file.path)' has neither or both of a hash and a link target")
            }
            guard paths.contains(file.source) else { throw refuse("'\(file.source)' of a file is no entry") }
            guard file.mode.utf8.count == 4, file.mode.utf8.first == UInt8(ascii: "0"),
                file.mode.utf8.allSatisfy({ (0x30...0x37).contains($0) })
            else {
                throw refuse("'\(file.mode)' of the file '\(file.path)' is no mode such as 0644")
            }
        }
        for path in [python.executable, python.sitePackages].compactMap({ $0 }) + install.state {
            guard (try? RelativePath(path)) != nil else { throw refuse("'\(path)' is no relative path") }
        }
        // Records and trusted keys of the old environment must not come back over those of the new one.
        for path in install.state + files.map(\.path) where Self.isRecord(path) {
            throw refuse("'\(path)' lies among the installer's own records")
        }
        for (kind, hook) in install.hooks?.all ?? [] {
            if let fault = hook.fault {
                throw refuse("the \(kind.rawValue) hook '\(hook.words)' cannot be run: \(fault)")
            }
        }
        guard stub.size % BundleLayout.page == 0, stub.size > 0 else {
            throw refuse("its stub of \(stub.size) bytes is not whole pages")
        }
    }

    private static func isRecord(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).first?.elementsEqual(".airlift".utf8) == true
    }

    /// Everything together lies in one file, and later on one disk: sizes are added up without looking.
    private func validateSizes(_ refuse: (String) -> BundleError) throws {
        guard Self.fits([stub.size] + archives.map(\.size) + entries.map(\.size)) else {
            throw refuse("its entries are larger together than a file can be")
        }
        guard Self.fits([target.bytes] + archives.map(\.installed.bytes) + files.map(\.size)) else {
            throw refuse("what it installs is larger than a disk can be")
        }
        let counts = [serial, target.inodes, target.longestPrefix] + archives.map(\.installed.files)
        guard counts.allSatisfy({ $0 >= 0 }) else { throw refuse("a number in it is negative") }
    }

    private static func fits(_ sizes: [UInt64]) -> Bool {
        var total: UInt64 = 0
        for size in sizes {
            let (sum, overflow) = total.addingReportingOverflow(size)
            guard !overflow, sum <= UInt64(Int64.max) / 2 else { return false }
            total = sum
        }
        return true
    }

    /// What is said about the host is added up and compared without looking.
    private func validateTarget(_ refuse: (String) -> BundleError) throws {
        let counts = [target.inodes, target.longestPrefix] + archives.map(\.installed.files)
        if let count = counts.first(where: { $0 > Int(Int32.max) }) {
            throw refuse("\(count) is no number of files or bytes that a host can have")
        }
        if let glibc = target.glibc, !Names.isVersion(glibc) {
            throw refuse("'\(glibc)' is no version of a C library")
        }
    }

    /// Names, versions and builds of conda packages become file names in `conda-meta`, and the lines of its history.
    private func validateConda(_ refuse: (String) -> BundleError) throws {
        var names: Set<String> = []
        for archive in archives where archive.kind == .conda {
            guard Names.isCondaName(archive.name) else {
                throw refuse("'\(archive.name)' is no name for a conda package")
            }
            guard names.insert(archive.name).inserted else {
                throw refuse("the conda package '\(archive.name)' is there twice")
            }
            for text in [archive.version, archive.build ?? ""] where !Names.isCondaVersion(text) {
                throw refuse("'\(text)' of the conda package '\(archive.name)' is no version or build")
            }
            guard Names.isBundleName(archive.subdir ?? "") else {
                throw refuse("'\(archive.subdir ?? "")' of '\(archive.filename)' is no platform")
            }
            guard ["python", "generic", nil].contains(archive.noarch) else {
                throw refuse(
                    "'\(archive.noarch ?? "")' of '\(archive.filename)' is no kind of noarch package")
            }
        }
        guard python.source != .conda || names.contains("python"),
            python.source != .conda || python.executable != nil
        else {
            throw refuse("its interpreter should come from a conda package named python, and there is none")
        }
        for path in archives.flatMap({ $0.menus ?? [] }) + overrides.flatMap({ $0.paths ?? [] }) {
            guard (try? RelativePath(path)) != nil else { throw refuse("'\(path)' is no relative path") }
        }
        for name in install.linkScripts ?? [] where !names.contains(name) {
            throw refuse(
                "the link scripts of '\(name)' are to run, and there is no conda package of that name")
        }
        try validateOverrides(refuse)
    }

    private func validateOverrides(_ refuse: (String) -> BundleError) throws {
        let subjects = Set(archives.flatMap { [$0.name, $0.filename] })
        for override in overrides {
            let isClobber = override.rule == Override.clobberRule
            guard isClobber || override.rule == Override.pathsRule else { continue }
            for name in [override.subject, override.over].compactMap({ $0 }) where !subjects.contains(name) {
                throw refuse("'\(name)' of an override is none of its archives")
            }
            guard isClobber == (override.over != nil), override.over != override.subject else {
                throw refuse(
                    "an override of the rule '\(override.rule)' for '\(override.subject)' \(isClobber ? "does not say over what else" : "has no place for another archive")"
                )
            }
        }
    }

    /// The entry of the installer for a machine of this platform.
    public var installerPath: String { "airlift/installer-\(platform)" }

    public func entry(_ path: String) -> Entry? { entries.first { $0.path == path } }
}

/// Spellings that appear in file names and directories.
public enum Names {
    /// Letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
    public static func isBundleName(_ text: String) -> Bool { isPlain(text, also: "-_.") }

    public static func isVersion(_ text: String) -> Bool { isPlain(text, also: "-_.+") }

    /// As conda's own schema has it: lower-case letters, digits, `-`, `_` and `.`; a virtual package's begin with `__`.
    public static func isCondaName(_ text: String) -> Bool {
        text.utf8.count <= 128 && !text.utf8.isEmpty && text.utf8.first != UInt8(ascii: ".")
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || "-_.".utf8.contains($0)
            }
    }

    /// Versions with an epoch (`1!2.0`) or a local part (`1.0+cu118`) and builds, as they stand in file names.
    public static func isCondaVersion(_ text: String) -> Bool { isPlain(text, also: "-_.+!", first: "_") }

    private static func isPlain(_ text: String, also extra: String, first others: String = "") -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128,
            isAlphanumeric(first) || others.utf8.contains(first)
        else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || extra.utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    public static func crc32(_ text: String) -> UInt32? {
        guard text.utf8.count == 8, let bytes = Hex.decode(text) else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    public static func crc32Text(_ value: UInt32) -> String {
        Hex.encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
    }
}

extension DecodingError {
    /// What is wrong and where, in words.
    public var reason: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }
                .joined()
            return path.isEmpty ? "the document" : path.hasPrefix(".") ? String(path.dropFirst()) : path
        }
        switch self {
        case .keyNotFound(let key, let context): return "'\(key.stringValue)' is missing in \(place(context))"
        case .typeMismatch(let type, let context): return "\(place(context)) is no \(type)"
        case .valueNotFound(let type, let context): return "\(place(context)) is null and not a \(type)"
        case .dataCorrupted(let context): return "\(place(context)): \(context.debugDescription)"
        @unknown default: return "\(self)"
        }
    }
}
