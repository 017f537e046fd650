import Bundle
import Digests
import Files

/// What an installation is likely to take from releases that are there, by their manifests alone.
public struct SharingForecast: Codable, Hashable, Sendable {
    /// Archives that a release has too.
    public var archives = 0
    /// Bytes that they are when they are installed.
    public var bytes: UInt64 = 0
    /// Files that they are when they are installed.
    public var files = 0

    /// - Returns: nil where nothing is to be shared, or there is nothing to share with.
    static func make(_ request: InstallRequest, _ manifest: Manifest) -> SharingForecast? {
        guard request.root != nil, request.shares, !request.donors.isEmpty else { return nil }
        var missing = Dictionary(
            manifest.archives.map { ($0.sha256, $0) }, uniquingKeysWith: { first, _ in first })
        var forecast = SharingForecast()
        for prefix in request.donors where !missing.isEmpty {
            // What cannot be read is not shared with, which installing says.
            guard let directory = try? Directory.open(prefix),
                let record = try? InstallRecord.read(directory), record.origins != nil,
                let theirs = try? record.manifest(directory)
            else { continue }
            for archive in theirs.archives {
                guard let found = missing.removeValue(forKey: archive.sha256) else { continue }
                forecast.archives += 1
                forecast.bytes += found.installed.bytes
                forecast.files += found.installed.files
            }
        }
        return forecast
    }
}
