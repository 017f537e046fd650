import Digests
import Failures
import Yams

/// The steps of reading a lock.
struct LockfileReader {
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

    mutating func channels(_ node: Node?) -> [String] {
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

    mutating func digest(_ node: Node?, _ name: String) -> SHA256Digest? {
        guard let text = yaml.string(node, name) else { return nil }
        guard let digest = SHA256Digest(hex: text) else {
            yaml.fail(node, "\(name) must be a SHA-256 of 64 hexadecimal digits, not '\(text)'")
            return nil
        }
        return digest
    }

    mutating func md5(_ node: Node?, _ name: String) -> String? {
        guard let text = yaml.string(node, name) else { return nil }
        guard let bytes = Hex.decode(text), bytes.count == MD5.byteCount else {
            yaml.fail(node, "\(name) must be an MD5 of 32 hexadecimal digits, not '\(text)'")
            return nil
        }
        return Hex.encode(bytes)
    }
}
