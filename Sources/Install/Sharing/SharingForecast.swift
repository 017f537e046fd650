import Bundle
import Digests
import Files

/// What an installation is going to take from releases that are there, by their manifests alone: what needs no room.
struct SharingForecast: Sendable {
    /// Bytes of the archives that a release has too, when they are installed.
    private(set) var bytes: UInt64 = 0

    /// Nothing.
    init() {}

    init(_ request: InstallRequest, _ manifest: Manifest) {
        guard request.root != nil, request.shares else { return }
        var missing = Dictionary(
            manifest.archives.map { ($0.sha256, $0.installed.bytes) }, uniquingKeysWith: { first, _ in first }
        )
        for prefix in request.donors where !missing.isEmpty {
            // What cannot be read is not shared with, which installing says.
            guard let directory = try? Directory.open(prefix),
                let record = try? InstallRecord.read(directory), record.origins != nil,
                let theirs = try? record.manifest(directory)
            else { continue }
            for archive in theirs.archives {
                if let bytes = missing.removeValue(forKey: archive.sha256) { self.bytes += bytes }
            }
        }
    }
}
