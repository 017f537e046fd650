import Bundle
import Failures
import Files

extension InstallPlan {
    /// The releases that there are to share with. One whose records are damaged is left out, and that is said.
    func sharingArchives() -> (ArchiveSharing, notices: [String]) {
        var donors: [Donor] = []
        var notices: [String] = []
        guard request.root != nil, request.shares else {
            return (ArchiveSharing(donors: [], prefix: request.prefix), [])
        }
        var missing = Set(bundle.manifest.archives.map(\.sha256))
        for prefix in request.donors where !missing.isEmpty {
            do {
                guard let donor = try Donor.open(prefix) else { continue }
                donors.append(donor)
                missing.subtract(donor.manifest.archives.map(\.sha256))
            } catch {
                notices.append("no files are shared with '\(prefix)': \(error)")
            }
        }
        return (ArchiveSharing(donors: donors, prefix: request.prefix), notices)
    }
}

extension SharingTally {
    /// What somebody should know of.
    var notices: [String] {
        damaged == 0
            ? []
            : [
                "\(damaged) files of the releases whose files were to be shared are not what was installed there, and were taken from the bundle instead; verify-install names them, and repair puts them right"
            ]
    }
}

extension ReleaseRoot {
    /// Prefixes of the releases whose files a new one may share: the current one, then the latest first.
    func donors() throws -> [String] {
        let names = try releases().filter { $0.record != nil }.map(\.name)
        let current = (try? current()) ?? nil
        return (names.filter { $0 == current } + names.filter { $0 != current }).map { prefix(of: $0) }
    }
}
