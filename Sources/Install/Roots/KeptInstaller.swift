import Bundle
import Digests
import Files

/// `R/.airlift/airlift`: the installer that a root keeps, so that rolling back needs nothing else. It came out of a
/// bundle, checked against the manifest, and gives way only to one of a later version, or of a later bundle.
public struct KeptInstaller: Codable, Hashable, Sendable {
    /// Relative to the root.
    public static let path = "\(ReleaseRoot.ownPath)/airlift"
    /// What is known of it.
    static let notePath = "\(ReleaseRoot.ownPath)/installer.json"

    /// The format's version.
    var airlift = 1
    /// Version of Airlift that cut the bundle.
    public var version: String
    /// Of the bundle that it came out of.
    public var serial: Int
    public var sha256: SHA256Digest

    /// nil where there is none, or what is known of it cannot be read.
    public static func read(_ root: Directory) throws -> KeptInstaller? {
        let path = try RelativePath(notePath)
        guard try root.status(of: path)?.kind == .file else { return nil }
        return try? CanonicalJSON.decode(Self.self, from: root.contents(of: path, limit: 1 << 20))
    }

    /// Whether the file is what is known of it.
    public func isIntact(in root: Directory) throws -> Bool {
        let path = try RelativePath(Self.path)
        guard let status = try root.status(of: path), status.kind == .file, status.permissions & 0o111 != 0
        else { return false }
        return try SHA256.hash(root.contents(of: path, limit: 1 << 30)) == sha256
    }

    /// Takes the installer of a bundle, where the root has none that is as late, or a damaged one.
    /// - Returns: whether it was taken.
    @discardableResult
    public static func keep(
        from bundle: BundleReader, in root: Directory, synchronizing: Bool = true
    ) throws -> Bool {
        let manifest = bundle.manifest
        guard let entry = manifest.entry(manifest.installerPath) else { return false }
        let offered = KeptInstaller(
            version: manifest.generator.split(separator: " ").last.map(String.init) ?? "0",
            serial: manifest.serial, sha256: entry.sha256)
        if let kept = try read(root), try kept.isIntact(in: root) {
            guard kept.isOlder(than: offered) else { return false }
            if kept.sha256 == offered.sha256 {
                try offered.note(in: root, synchronizing)
                return false
            }
        }
        let bytes = try bundle.contents(of: manifest.installerPath, limit: 1 << 30)
        try root.replaceFile(
            RelativePath(path), with: bytes, permissions: 0o755, durable: synchronizing)
        try offered.note(in: root, synchronizing)
        return true
    }

    private func note(in root: Directory, _ synchronizing: Bool) throws {
        try root.replaceFile(
            RelativePath(Self.notePath), with: CanonicalJSON.encode(self), durable: synchronizing)
    }

    private func isOlder(than other: KeptInstaller) -> Bool {
        let (own, its) = (Self.numbers(version), Self.numbers(other.version))
        return own == its ? serial < other.serial : own.lexicographicallyPrecedes(its)
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    }

    /// The root whose kept installer an executable is; nil for any other.
    /// - Parameter executable: its path, symbolic links resolved, as `/proc/self/exe` tells it.
    public static func root(of executable: String) -> String? {
        let suffix = "/\(path)"
        guard executable.utf8.count > suffix.utf8.count, executable.hasSuffix(suffix) else { return nil }
        return String(executable.dropLast(suffix.count))
    }
}
