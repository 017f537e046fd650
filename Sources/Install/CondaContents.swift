import Archives
import Bundle
import Conda
import Digests
import Failures
import Files

/// What one conda package is going to put where, read from the small files below `info/`; nothing is unpacked yet.
public struct CondaContents: Sendable {
    public enum Role: Hashable, Sendable {
        /// Written, its placeholder replaced.
        case file
        /// Checked and not written: another archive brings the same file.
        case shared
        /// Checked and not written: an override says that another archive's file is installed.
        case replaced
        /// Checked and not written: byte code of a source that the prefix is going to change.
        case stale
    }

    public struct Member: Sendable {
        public let entry: PathsJSON.Entry
        /// Relative to the prefix.
        public let path: RelativePath
        public internal(set) var role: Role
    }

    public let archive: Manifest.Archive
    public let region: FileRegion
    public let info: CondaPackageInfo
    /// As `paths.json` lists them; where an override says that it is wrong, as they are in the archive.
    public internal(set) var members: [Member]
    /// Commands of a `noarch: python` package that become launchers.
    public internal(set) var entryPoints: [CondaEntryPoint]
    /// Python distributions that it brings into site-packages.
    public let provides: [Distribution]
    /// Sources that are compiled while installing: those of `noarch: python`, and those whose own byte code is stale.
    public let sources: [RelativePath]
    /// By the path in the archive.
    let index: [RelativePath: Int]
    /// Of the members below `info/` that were read.
    let infoDigests: [String: SHA256Digest]

    /// One Python distribution, as its directory or file of metadata is named.
    public struct Distribution: Hashable, Sendable {
        /// Normalised (PEP 503).
        public let name: String
        public let version: String
        /// Of the `.dist-info` or `.egg-info`, relative to the prefix.
        public let path: String
    }

    /// Reads a conda package as far as planning needs it.
    ///
    /// - Parameters:
    ///   - python: decides where `noarch: python` packages go.
    ///   - overrides: one of the rule `paths` for this package makes its whole payload be read.
    /// - Throws: errors that name the archive.
    public static func read(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python,
        overrides: [Manifest.Override] = []
    ) throws -> CondaContents {
        try naming(archive.filename) {
            let takesPayloadAsItIs = overrides.contains { override in
                override.rule == Manifest.Override.pathsRule
                    && (override.subject == archive.name || override.subject == archive.filename)
            }
            let reading = try CondaReading.read(
                region, filename: archive.filename, payload: takesPayloadAsItIs)
            return try CondaContents(archive, region, reading, python)
        }
    }

    /// Reads the description of a package, whatever environment it is for.
    /// - Throws: errors that name the archive.
    public static func info(of region: FileRegion, filename: String) throws -> CondaPackageInfo {
        try naming(filename) { try CondaReading.read(region, filename: filename, payload: false).info }
    }

    private init(
        _ archive: Manifest.Archive, _ region: FileRegion, _ reading: CondaReading, _ python: Manifest.Python
    ) throws {
        let record = reading.info.index
        guard record.name == archive.name, record.version == archive.version, record.build == archive.build
        else {
            throw ArchiveError(
                archive.filename,
                "it should be \(archive.name) \(archive.version) \(archive.build ?? ""), and describes itself as \(record.name) \(record.version) \(record.build)"
            )
        }
        let noarch: NoarchPython? =
            reading.info.noarch == .python
            ? try NoarchPython(version: python.version, sitePackages: python.sitePackages) : nil
        var members: [Member] = []
        var index: [RelativePath: Int] = [:]
        members.reserveCapacity(reading.entries.count)
        index.reserveCapacity(reading.entries.count)
        for entry in reading.entries {
            let inArchive = try RelativePath(entry.path)
            let path = try noarch.map { try RelativePath($0.destination(of: entry.path)) } ?? inArchive
            if let fault = Self.fault(of: path, python) {
                throw ArchiveError(archive.filename, member: entry.path, fault)
            }
            index[inArchive] = members.count
            members.append(Member(entry: entry, path: path, role: .file))
        }
        sources = Self.markStale(&members, index, isNoarchPython: noarch != nil, python)
        self.archive = archive
        self.region = region
        self.members = members
        self.index = index
        info = reading.info
        entryPoints = noarch == nil ? [] : reading.info.entryPoints
        provides = Distribution.all(in: members.map(\.path), sitePackages: python.sitePackages)
        infoDigests = reading.digests
    }

    /// Where nothing of a package may go.
    private static func fault(of path: RelativePath, _ python: Manifest.Python) -> String? {
        if let fault = PackagePath.fault(path.string) { return fault }
        let top = path.components[0]
        if top.utf8.elementsEqual(".airlift".utf8) { return "the installer's own records are kept there" }
        if python.source != .conda, python.executable != nil,
            top.utf8.elementsEqual(InterpreterInstaller.base.utf8)
        {
            return "it would become a part of the base interpreter"
        }
        return nil
    }

    /// Byte code names time and size of its source. Where a source is changed while it is installed, byte code that
    /// came with it is wrong, or, by an accident of sizes, believed.
    /// - Returns: the sources to be compiled.
    private static func markStale(
        _ members: inout [Member], _ index: [RelativePath: Int], isNoarchPython: Bool,
        _ python: Manifest.Python
    ) -> [RelativePath] {
        var sources: [RelativePath] = []
        for member in members where member.entry.path.utf8.suffix(3).elementsEqual(".py".utf8) {
            if isNoarchPython {
                if NoarchPython.isCompiled(member.entry.path) { sources.append(member.path) }
                if member.entry.placeholder == nil { continue }
            } else if member.entry.placeholder == nil {
                continue
            }
            for tag in ["", ".opt-1", ".opt-2"] {
                guard
                    let compiled = bytecode(of: member.entry.path, cacheTag: python.cacheTag + tag),
                    let number = index[compiled]
                else { continue }
                members[number].role = .stale
                if tag.isEmpty, !isNoarchPython { sources.append(member.path) }
            }
        }
        return sources
    }

    private static func bytecode(of source: String, cacheTag: String) -> RelativePath? {
        let slash = source.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { source[...$0] } ?? ""
        let stem = source[(slash.map { source.utf8.index(after: $0) } ?? source.startIndex)...].dropLast(3)
        return try? RelativePath("\(directory)__pycache__/\(stem).\(cacheTag).pyc")
    }

    /// Runs `body`, whose errors may speak of a package without saying of which.
    static func naming<Value>(_ archive: String, _ body: () throws -> Value) throws -> Value {
        func named(_ error: any Error) -> any Error {
            switch error {
            case let error as CondaError: ArchiveError(archive, error.description)
            case let error as TarError:
                TarError(archive: archive, member: error.member, reason: error.reason)
            case let error as ArchiveError:
                ArchiveError(archive, member: error.member, error.reason)
            default: error
            }
        }
        do { return try body() } catch let list as FailureList {
            throw FailureList(list.failures.map { named($0) as? any Failure ?? $0 })
        } catch {
            throw named(error)
        }
    }
}
