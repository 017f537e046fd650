import Conda
import Lock

/// A package that a foreign lock names.
public struct LockedRecord: Sendable {
    public var record: PackageRecord
    /// nil where the lock does not tell: then what nothing else needs counts as asked for.
    public var isRequested: Bool?
    /// Where the lock names it.
    public var place: Place?

    public init(_ record: PackageRecord, isRequested: Bool? = nil, place: Place? = nil) {
        self.record = record
        self.isRequested = isRequested
        self.place = place
    }

    /// A conda package as the lock describes it; nil for a wheel. What its format does not say (the
    /// dependencies in an `@EXPLICIT` list, digests) must be put into the record before it is judged.
    /// - Parameter file: the lock as errors name it.
    public init?(_ package: ForeignLock.Package, file: String) {
        guard package.kind == .conda else { return nil }
        let build = package.build ?? (try? PackageFilename(package.filename))?.build ?? ""
        var record = PackageRecord(
            name: package.name, version: package.version, build: build,
            // By convention the build string ends with it; no foreign lock states it by itself.
            buildNumber: build.split(separator: "_").lazy.compactMap { Int($0) }.last ?? 0,
            subdir: package.subdir ?? "", filename: package.filename)
        record.depends = package.depends
        record.constrains = package.constrains
        record.noarch = package.noarch
        record.md5 = package.md5
        record.sha256 = package.sha256
        record.size = package.size
        record.license = package.license
        record.timestamp = package.timestamp
        record.url = package.location
        record.channel = package.channel
        self.init(
            record, isRequested: package.isRequested, place: Place(file: file, line: package.line))
    }
}
