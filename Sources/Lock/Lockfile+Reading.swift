import Digests
import Failures
import Wheels
import Yams

extension Lockfile {
    /// Reads what ``text`` writes; refuses unknown versions and keys as other readers of the format do.
    /// - Parameter file: how errors name it.
    /// - Throws: all problems at once, each a ``LockError`` with its line.
    public static func read(_ bytes: [UInt8], file: String) throws(FailureList) -> Lockfile {
        let root: Node
        do throws(LockError) { root = try YAMLReader.root(bytes, file: file) } catch {
            throw FailureList([error])
        }
        var reader = LockfileReader(yaml: YAMLReader(file: file))
        let lock = reader.lockfile(root)
        if let failures = reader.yaml.failures { throw failures }
        return lock
    }
}

/// The steps of reading a lock.
private struct LockfileReader {
    var yaml: YAMLReader
    var custom: [String: Node] = [:]
    var usedCustom: Set<String> = []

    mutating func lockfile(_ root: Node) -> Lockfile {
        let top = yaml.table(root, "the lock", known: ["version", "metadata", "package"])
        let version = yaml.required(top, "version", of: root, "the lock")
        guard let version else { return Lockfile(platforms: [], sources: []) }
        guard version.int == Lockfile.formatVersion, version.tag == Tag(.int) else {
            yaml.fail(
                version,
                "the format version must be \(Lockfile.formatVersion), not \(version.found); read it with the "
                    + "tool that wrote it, or lock again")
            return Lockfile(platforms: [], sources: [])
        }
        guard let metadataNode = yaml.required(top, "metadata", of: root, "the lock") else {
            return Lockfile(platforms: [], sources: [])
        }
        let metadata = yaml.table(
            metadataNode, "metadata",
            known: [
                "content_hash", "channels", "platforms", "sources", "custom_metadata", "time_metadata",
                "git_metadata", "inputs_metadata",
            ])
        for key in ["content_hash", "channels", "platforms", "sources"] {
            _ = yaml.required(metadata, key, of: metadataNode, "metadata")
        }
        for (key, value) in yaml.fields(metadata["custom_metadata"], "custom_metadata", known: nil) {
            custom[key] = value
        }
        let channels = channels(metadata["channels"])
        let sources = yaml.list(metadata["sources"], "sources").compactMap { yaml.string($0, "each source") }
        let names = yaml.list(metadata["platforms"], "platforms")
        var hashes: [String: SHA256Digest] = [:]
        for (name, node) in yaml.fields(metadata["content_hash"], "content_hash", known: nil) {
            hashes[name] = digest(node, "content_hash of \(name)")
        }
        var archives = packages(yaml.required(top, "package", of: root, "the lock"))
        var platforms: [Lockfile.Platform] = []
        for node in names {
            guard let name = yaml.string(node, "each platform") else { continue }
            if platforms.contains(where: { $0.name == name }) {
                yaml.fail(node, "platforms names '\(name)' twice")
                continue
            }
            if hashes[name] == nil { yaml.fail(node, "platform '\(name)' has no content_hash") }
            if let platform = platform(
                name, node, hashes[name], archives.removeValue(forKey: name) ?? [])
            {
                platforms.append(platform)
            }
        }
        for (platform, strays) in archives {
            yaml.fail(
                strays.first?.node,
                "package '\(strays.first?.archive.name ?? "")' is for platform '\(platform)', which platforms "
                    + "does not name")
        }
        for (key, node) in custom where key.hasPrefix("airlift.") && !usedCustom.contains(key) {
            yaml.fail(node, "unknown or left-over key '\(key)' in custom_metadata")
        }
        return Lockfile(platforms: platforms, channels: channels, sources: sources)
    }

    private mutating func channels(_ node: Node?) -> [String] {
        var channels: [String] = []
        for channel in yaml.list(node, "channels") {
            if case .mapping = channel {
                let fields = yaml.table(channel, "each channel", known: ["url", "used_env_vars"])
                if let url = yaml.string(yaml.required(fields, "url", of: channel, "a channel"), "url") {
                    channels.append(url)
                }
            } else if let url = yaml.string(channel, "each channel") {
                channels.append(url)
            }
        }
        return channels
    }

    private mutating func digest(_ node: Node?, _ name: String) -> SHA256Digest? {
        guard let text = yaml.string(node, name) else { return nil }
        guard let digest = SHA256Digest(hex: text) else {
            yaml.fail(node, "\(name) must be a SHA-256 of 64 hexadecimal digits, not '\(text)'")
            return nil
        }
        return digest
    }

    private mutating func md5(_ node: Node?, _ name: String) -> String? {
        guard let text = yaml.string(node, name) else { return nil }
        guard let bytes = Hex.decode(text), bytes.count == MD5.byteCount else {
            yaml.fail(node, "\(name) must be an MD5 of 32 hexadecimal digits, not '\(text)'")
            return nil
        }
        return Hex.encode(bytes)
    }

    private typealias Package = (archive: LockedArchive, node: Node)

    private mutating func packages(_ node: Node?) -> [String: [Package]] {
        var result: [String: [Package]] = [:]
        for item in yaml.list(node, "package") {
            let fields = yaml.table(
                item, "a package",
                known: [
                    "name", "version", "manager", "platform", "dependencies", "url", "hash", "category",
                    "optional",
                ])
            func field(_ key: String) -> String? {
                yaml.string(yaml.required(fields, key, of: item, "a package"), key)
            }
            let name = field("name")
            let version = field("version")
            let manager = field("manager")
            let platform = field("platform")
            let url = field("url")
            if let manager, manager != "pip" {
                yaml.fail(
                    fields["manager"],
                    manager == "conda"
                        ? "package '\(name ?? "")' is a conda package, and these are not supported yet"
                        : "manager must be pip or conda, not '\(manager)'",
                    kind: manager == "conda" ? .refused : .damaged)
            }
            if let category = fields["category"], yaml.string(category, "category") ?? "main" != "main" {
                yaml.fail(category, "category must be main, not \(category.found)", kind: .refused)
            }
            if let optional = yaml.required(fields, "optional", of: item, "a package"),
                optional.tag != Tag(.bool) || optional.bool != false
            {
                yaml.fail(optional, "optional must be false, not \(optional.found)", kind: .refused)
            }
            var dependencies: [String: String] = [:]
            for (name, node) in yaml.fields(fields["dependencies"], "dependencies", known: nil) {
                dependencies[name] = yaml.string(node, "the dependency '\(name)'")
            }
            var sha256: SHA256Digest?
            var md5: String?
            if let node = yaml.required(fields, "hash", of: item, "a package") {
                let hash = yaml.table(node, "hash", known: ["md5", "sha256"])
                sha256 = digest(yaml.required(hash, "sha256", of: node, "hash"), "sha256")
                md5 = self.md5(hash["md5"], "md5")
            }
            guard let name, let version, let platform, let url, let sha256 else { continue }
            guard !name.isEmpty, !url.isEmpty else {
                yaml.fail(item, "a package must have a name and a url that are not empty")
                continue
            }
            if let other = result[platform]?.first(where: { $0.archive.name == name }) {
                yaml.fail(
                    item,
                    "package '\(name)' is locked twice for \(platform) (first on line "
                        + "\(other.node.mark?.line ?? 0))")
                continue
            }
            result[platform, default: []].append(
                (
                    LockedArchive(
                        kind: .wheel, name: name, version: version, location: url, sha256: sha256, md5: md5,
                        requested: false, dependencies: dependencies),
                    item
                ))
        }
        return result
    }

    private mutating func platform(_ name: String, _ node: Node, _ hash: SHA256Digest?, _ packages: [Package])
        -> Lockfile.Platform?
    {
        let prefix = "airlift.\(name)."
        let glibcText = customText(prefix + "glibc", node)
        let sourceText = customText(prefix + "interpreter", node)
        let python = customText(prefix + "python", node)
        let abi = customText(prefix + "abi", node)
        var archives: [LockedArchive] = []
        let requested = Set(
            (customText(prefix + "requested", node) ?? "").split(separator: " ").map(String.init))
        for (package, node) in packages {
            var archive = package
            archive.requested = requested.contains(archive.name)
            archive.size = number(prefix + "size.\(archive.name)")
            if let filename = customText(prefix + "filename.\(archive.name)") { archive.filename = filename }
            checkFilename(archive.filename, node)
            checkWheel(archive, node)
            archives.append(archive)
        }
        for stray in requested.subtracting(packages.map(\.archive.name)).sorted() {
            yaml.fail(custom[prefix + "requested"], "'\(stray)' is requested and not among the packages")
        }
        let source = sourceText.flatMap { Lockfile.Interpreter(rawValue: $0) }
        if let sourceText, source == nil {
            yaml.fail(
                custom[prefix + "interpreter"],
                "the interpreter must be archive, capture or host, not '\(sourceText)'")
        }
        if source == .archive, let archive = interpreterArchive(prefix + "archive.", node) {
            archives.append(archive)
        }
        let glibc = glibcText.flatMap { GlibcVersion($0) }
        if let glibcText, glibc == nil {
            yaml.fail(
                custom[prefix + "glibc"], "the glibc version must be like '2.28', not '\(glibcText)'")
        }
        guard let glibc, let source, let python, let abi, let hash else { return nil }
        return Lockfile.Platform(
            name: name, contentHash: hash,
            target: TargetDescription(platform: name, python: python, abi: abi, glibc: glibc),
            interpreter: source, archives: archives)
    }

    private mutating func interpreterArchive(_ prefix: String, _ node: Node) -> LockedArchive? {
        let name = customText(prefix + "name", node)
        let version = customText(prefix + "version", node)
        let url = customText(prefix + "url", node)
        _ = customText(prefix + "sha256", node)
        let sha256 = digest(custom[prefix + "sha256"], "the interpreter's sha256")
        let size = number(prefix + "size")
        var md5: String?
        if customText(prefix + "md5") != nil {
            md5 = self.md5(custom[prefix + "md5"], "the interpreter's md5")
        }
        let filename = customText(prefix + "filename")
        guard let name, let version, let url, let sha256 else { return nil }
        let archive = LockedArchive(
            kind: .python, name: name, version: version, location: url, filename: filename, sha256: sha256,
            md5: md5, size: size, requested: true)
        checkFilename(archive.filename, custom[prefix + "url"])
        return archive
    }

    /// The file name becomes a path in the store and the bundle.
    private mutating func checkFilename(_ name: String, _ node: Node?) {
        let plain = name.unicodeScalars.allSatisfy {
            $0.value > 32 && $0.value != 127 && $0 != "/" && $0 != "\\"
        }
        if !plain || name.isEmpty || name == "." || name == ".." || name.utf8.count > 255 {
            yaml.fail(node, "'\(name)' is no file name for an archive")
        }
    }

    /// A wheel's file name says what it is (PEP 427), and must say what the lock says.
    private mutating func checkWheel(_ archive: LockedArchive, _ node: Node) {
        do throws(WheelError) {
            let filename = try WheelFilename(archive.filename)
            if filename.distribution.normalized != archive.name
                || "\(filename.version)" != archive.version
            {
                yaml.fail(
                    node, "'\(archive.filename)' is not the wheel of \(archive.name) \(archive.version)")
            }
        } catch {
            yaml.fail(node, "'\(archive.filename)' is no file name of a wheel: \(error.reason)")
        }
    }

    /// - Parameter owner: where to report that it is missing; nil if it may be.
    private mutating func customText(_ key: String, _ owner: Node? = nil) -> String? {
        usedCustom.insert(key)
        guard let node = custom[key] else {
            if owner != nil {
                yaml.fail(owner, "custom_metadata has no '\(key)'; make the lock with airlift lock")
            }
            return nil
        }
        return yaml.string(node, key)
    }

    private mutating func number(_ key: String) -> UInt64? {
        guard let text = customText(key) else { return nil }
        guard let number = UInt64(text), String(number) == text else {
            yaml.fail(custom[key], "\(key) must be a number of bytes, not '\(text)'")
            return nil
        }
        return number
    }
}
