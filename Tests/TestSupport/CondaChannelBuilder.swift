import Digests

/// A channel in a directory, with the packages given: `<subdir>/repodata.json`, `.zst` and the archives.
public struct CondaChannelBuilder: Sendable {
    public var packages: [CondaPackageBuilder]
    /// File names that the index lists as withdrawn.
    public var removed: [String] = []
    /// Writes `repodata.json.zst` beside `repodata.json`.
    public var compresses = true
    /// Where the archives are, if not beside the index (CEP 15).
    public var baseURL: String?
    /// Changes the index of a subdir.
    public var editRepodata: @Sendable (_ subdir: String, inout JSONValue) -> Void = { _, _ in }

    public init(_ packages: [CondaPackageBuilder]) { self.packages = packages }

    public init(_ packages: [CondaPackageBuilder], _ change: (inout CondaChannelBuilder) -> Void) {
        self.packages = packages
        change(&self)
    }

    /// `linux-64` and `noarch`, and those of the packages beside.
    public var subdirs: [String] {
        Set(packages.map(\.effectiveSubdir) + ["linux-64", "noarch"]).sorted()
    }

    /// `repodata.json` of a subdir.
    public func repodata(_ subdir: String) -> JSONValue {
        var parts: [CondaPackageBuilder.Form: [String: JSONValue]] = [:]
        for package in packages where package.effectiveSubdir == subdir {
            parts[package.form, default: [:]][package.filename] = package.repodataRecord
        }
        var info: JSONValue = ["subdir": .text(subdir)]
        if let baseURL { info["base_url"] = .text(baseURL) }
        var repodata: JSONValue = [
            "info": info, "packages": .object(parts[.tarBzip2] ?? [:]),
            "packages.conda": .object(parts[.conda] ?? [:]), "removed": .list(removed.map { .text($0) }),
            "repodata_version": 1,
        ]
        editRepodata(subdir, &repodata)
        return repodata
    }

    /// Puts the channel into a directory.
    /// - Returns: its path.
    @discardableResult
    public func write(to scratch: TemporaryDirectory, below directory: String = "channel") throws -> String {
        for subdir in subdirs {
            let index = repodata(subdir).bytes
            try scratch.write("\(directory)/\(subdir)/repodata.json", index)
            if compresses { try scratch.write("\(directory)/\(subdir)/repodata.json.zst", zstandard(index)) }
        }
        for package in packages {
            _ = try package.write(to: scratch, below: "\(directory)/\(package.effectiveSubdir)")
        }
        return "\(scratch.path)/\(directory)"
    }
}
