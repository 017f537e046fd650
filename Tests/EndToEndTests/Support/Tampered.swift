import Bundle
import Digests
import Files
import TestSupport

/// A bundle of which something was changed, in a file whose every digest fits again: what somebody could hand on who
/// may write the file.
struct Tampered {
    var manifest: Manifest
    /// By path: what is no archive and none of the application's files.
    var entries: [String: [UInt8]]
    /// By path in the bundle.
    var archives: [String: [UInt8]]
    var installer: [UInt8]
    var stub: String

    init(_ bundle: String) throws {
        let reader = try BundleReader.open(bundle)
        manifest = reader.manifest
        installer = try reader.contents(of: manifest.installerPath, limit: 1 << 30)
        stub = try Tree.text(Product.root + "/installers/stub.sh")
        archives = [:]
        for archive in manifest.archives { archives[archive.path] = try reader.contents(of: archive.path) }
        entries = [:]
        for entry in manifest.entries where entry.path != manifest.installerPath {
            if entry.path.hasPrefix("archives/") {
                archives[entry.path] = try reader.contents(of: entry.path)
            } else {
                entries[entry.path] = try reader.contents(of: entry.path)
            }
        }
    }

    /// Puts other bytes in place of an archive's.
    mutating func replace(_ path: String, with bytes: [UInt8]) {
        archives[path] = bytes
        for index in manifest.archives.indices where manifest.archives[index].path == path {
            manifest.archives[index].size = UInt64(bytes.count)
            manifest.archives[index].sha256 = SHA256.hash(bytes)
        }
    }

    /// Puts other text in place of the spec or the lock.
    mutating func edit(_ path: String, _ change: (String) -> String) {
        let bytes = Array(change(String(decoding: entries[path] ?? [], as: UTF8.self)).utf8)
        entries[path] = bytes
        if path == "airlift/spec.toml" { manifest.spec = SHA256.hash(bytes) }
        if path == "airlift/lock.yml" { manifest.lock = SHA256.hash(bytes) }
    }

    func write(to scratch: TemporaryDirectory) throws -> String {
        var sources: [String: BundleDraft.Source] = entries.mapValues { .bytes($0) }
        for (path, bytes) in archives { sources[path] = .file(try scratch.write("tampered/\(path)", bytes)) }
        let draft = BundleDraft(
            manifest: manifest, stub: Stub(template: stub), installer: installer, sources: sources)
        return try BundleWriter(draft, in: scratch.directory()).write(replace: true).path
    }
}
