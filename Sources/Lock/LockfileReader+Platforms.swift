import Digests
import Wheels
import Yams

extension LockfileReader {
    /// One platform, put together from its packages and what `custom_metadata` says of it.
    mutating func platform(_ name: String, _ node: Node, _ hash: SHA256Digest?, _ packages: [Package])
        -> Lockfile.Platform?
    {
        let prefix = "airlift.\(name)."
        let glibcText = customText(prefix + "glibc", node)
        let sourceText = customText(prefix + "interpreter", node)
        let python = customText(prefix + "python", node)
        let abi = customText(prefix + "abi", node)
        var archives: [LockedArchive] = []
        let wheels = requested(prefix + "requested", owner: node, among: packages, .wheel)
        let conda = requested(prefix + "conda-requested", owner: nil, among: packages, .conda)
        for (package, node) in packages {
            var archive = package
            if archive.kind == .conda {
                archive.requested = conda.contains(archive.name)
                completeConda(&archive, prefix: prefix, platform: name, node)
            } else {
                archive.requested = wheels.contains(archive.name)
                archive.size = number(prefix + "size.\(archive.name)")
                archive.released = time(prefix + "released.\(archive.name)")
                if let filename = customText(prefix + "filename.\(archive.name)") {
                    archive.filename = filename
                }
                checkFilename(archive.filename, node)
                checkWheel(archive, node)
            }
            archives.append(archive)
        }
        let source = sourceText.flatMap { Lockfile.Interpreter(rawValue: $0) }
        if let sourceText, source == nil {
            yaml.fail(
                custom[prefix + "interpreter"],
                "the interpreter must be archive, capture, conda or host, not '\(sourceText)'")
        }
        if source == .conda, !archives.contains(where: { $0.kind == .conda && $0.name == "python" }) {
            yaml.fail(
                custom[prefix + "interpreter"],
                "the interpreter is conda's, and no conda package 'python' is locked for \(name)")
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

    /// The names that are asked for, each of a package of the kind.
    private mutating func requested(
        _ key: String, owner: Node?, among packages: [Package], _ kind: LockedArchive.Kind
    ) -> Set<String> {
        let requested = Set((customText(key, owner) ?? "").split(separator: " ").map(String.init))
        let known = packages.filter { $0.archive.kind == kind }.map(\.archive.name)
        for stray in requested.subtracting(known).sorted() {
            yaml.fail(custom[key], "'\(stray)' is requested and not among the packages")
        }
        return requested
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
    mutating func checkFilename(_ name: String, _ node: Node?) {
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
    mutating func customText(_ key: String, _ owner: Node? = nil) -> String? {
        usedCustom.insert(key)
        guard let node = custom[key] else {
            if owner != nil {
                yaml.fail(owner, "custom_metadata has no '\(key)'; make the lock with airlift lock")
            }
            return nil
        }
        return yaml.string(node, key)
    }

    /// RFC 3339 in UTC, whole seconds.
    mutating func time(_ key: String) -> String? {
        guard let text = customText(key) else { return nil }
        let form = "0000-00-00T00:00:00Z".utf8
        let hasShape = zip(text.utf8, form).allSatisfy { byte, place in
            place == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == place
        }
        guard text.utf8.count == form.count, hasShape else {
            yaml.fail(custom[key], "\(key) must be a time like 2026-11-21T09:30:00Z, not '\(text)'")
            return nil
        }
        return text
    }

    mutating func number(_ key: String) -> UInt64? {
        guard let text = customText(key) else { return nil }
        guard let number = UInt64(text), String(number) == text else {
            yaml.fail(custom[key], "\(key) must be a number of bytes, not '\(text)'")
            return nil
        }
        return number
    }
}
