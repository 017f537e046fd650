import Conda
import Failures
import Fetch
import Glibc

/// Channels in the order of their priority, which is strict: a package is taken from the first channel that has
/// its name, so that a later channel cannot slip in a higher version of what an earlier one has.
///
/// Lists of packages are loaded when a platform is first asked for; records are read by name, so that a channel of
/// a million records costs little more than finding where they lie. To be used by one thread at a time.
public final class CondaChannels {
    public let channels: [CondaChannel]
    private let fetcher: Fetcher
    /// By channel and directory.
    private var directories: [[String: CondaSubdirectory]]

    /// - Parameters:
    ///   - texts: channels as a spec names them (see `CondaChannel`), the first before the others.
    ///   - alias: what bare names are relative to.
    ///   - base: the directory that paths are relative to.
    ///   - variable: gives the value of a variable of the environment.
    /// - Throws: `FailureList` with every text that is no channel. Nothing is asked of the network yet.
    public init(
        _ texts: [String], alias: String?, base: String, fetcher: Fetcher,
        variable: @escaping (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) throws(FailureList) {
        var channels: [CondaChannel] = []
        var failures: [any Failure] = []
        for text in texts {
            do throws(CondaError) {
                channels.append(try CondaChannel(text, alias: alias, base: base, variable: variable))
            } catch {
                failures.append(error)
            }
        }
        if !failures.isEmpty { throw FailureList(failures) }
        self.channels = channels
        self.fetcher = fetcher
        directories = Array(repeating: [:], count: channels.count)
    }

    /// All records of packages for a platform and for none (`noarch`), each name out of one channel. A name that no
    /// channel has is not among the keys.
    ///
    /// Records of one name are ordered by platform, `noarch` last, and file name.
    /// - Throws: `FailureList`, `CondaError`, `FetchError`, `ArchiveError`, `FileError`; `Interrupted`.
    public func records(named names: [String], platform: String) throws -> [String: [PackageRecord]] {
        try load(platform)
        var found: [String: [PackageRecord]] = [:]
        let names = Set(names).sorted()
        for index in channels.indices {
            let open = names.filter { found[$0] == nil }
            if open.isEmpty { break }
            found.merge(try records(named: open, in: ordered(index, platform))) { first, _ in first }
        }
        return found
    }

    /// The records of packages, of all that they depend on, and so on: whatever a solver may look at. Nothing is
    /// chosen, so that old versions reach much that no new one needs.
    public func reachable(from names: [String], platform: String) throws -> [String: [PackageRecord]] {
        var found: [String: [PackageRecord]] = [:]
        var asked = Set(names)
        var open = Array(asked).sorted()
        while !open.isEmpty {
            let records = try records(named: open, platform: platform)
            var next: Set<String> = []
            for list in records.values {
                for record in list {
                    for name in record.dependencyNames where !asked.contains(name) { next.insert(name) }
                }
            }
            found.merge(records) { first, _ in first }
            asked.formUnion(next)
            open = next.sorted()
        }
        return found
    }

    /// File names that the channels once had of a package, for messages about a file that is gone.
    public func removed(named name: String, platform: String) throws -> [String] {
        try load(platform)
        var removed: [String] = []
        for index in channels.indices {
            for directory in ordered(index, platform) {
                if case .whole(let file, _) = directory.content {
                    removed += try file.repodata.removed(named: name)
                }
            }
        }
        return removed
    }

    /// What the channels have that is not read, in sentences: kinds of packages (CEP 48) that cannot be installed,
    /// and revisions of the format that a later Airlift may know.
    public var notices: [String] {
        directories.flatMap { $0.values }.sorted { $0.place.clean < $1.place.clean }.flatMap { $0.notices }
    }

    /// Where to fetch a file of the channels from: its address with what the spec or the channel has of credentials
    /// for it, which must not be shown or recorded.
    /// - Parameter url: of a record, without credentials. An address of no channel is given back as it is.
    public func fetchLocation(of url: String) -> String {
        var best: CondaAddress?
        for place in places where url.hasPrefix(place.clean + "/") {
            if best.map({ $0.clean.utf8.count < place.clean.utf8.count }) ?? true { best = place }
        }
        if let best { return best.secret + url.dropFirst(best.clean.count) }
        // Elsewhere on the server of a channel, user name and password serve too; a token does not.
        guard let wanted = CondaOrigin(url), wanted.credentials == nil else { return url }
        for channel in channels {
            if let known = CondaOrigin(channel.place.secret), known.origin == wanted.origin,
                let credentials = known.credentials, let separator = url.firstIndex(of: "/")
            {
                let start = url.index(separator, offsetBy: 2)
                return url[..<start] + credentials + "@" + url[start...]
            }
        }
        return url
    }

    private var places: [CondaAddress] {
        channels.map(\.place)
            + directories.flatMap { $0.values }.flatMap { directory -> [CondaAddress] in
                switch directory.content {
                case .whole(_, let packages), .shards(_, let packages, _): [packages]
                case .unknown, .missing: []
                }
            }
    }
}

extension CondaChannels {
    private func ordered(_ index: Int, _ platform: String) -> [CondaSubdirectory] {
        channels[index].subdirs(for: platform).compactMap { directories[index][$0] }
    }

    private func load(_ platform: String) throws {
        var new: [CondaSubdirectory] = []
        for (index, channel) in channels.enumerated() {
            for subdir in channel.subdirs(for: platform) where directories[index][subdir] == nil {
                let directory = CondaSubdirectory(channel, subdir: subdir)
                directories[index][subdir] = directory
                new.append(directory)
            }
        }
        guard !new.isEmpty else { return }
        do { try RepodataLoader(fetcher).load(new) } catch {
            // The next call tries again.
            for index in channels.indices {
                directories[index] = directories[index].filter { entry in !new.contains { $0 === entry.value }
                }
            }
            throw error
        }
        let empty = channels.indices.filter { index in
            let directories = ordered(index, platform)
            return !directories.isEmpty && directories.allSatisfy(\.isMissing)
        }
        guard empty.isEmpty else {
            throw FailureList(
                empty.map { index in
                    let subdirs = channels[index].subdirs(for: platform).joined(separator: " nor ")
                    return CondaError(
                        .channel, channels[index].address,
                        "it has no list of packages, neither in \(subdirs); check its address")
                })
        }
    }

    private func records(named names: [String], in directories: [CondaSubdirectory]) throws -> [String:
        [PackageRecord]]
    {
        var found: [String: [PackageRecord]] = [:]
        var wanted: [CondaShardReader.Wanted] = []
        for directory in directories {
            guard case .shards(let index, let packages, let shards) = directory.content else { continue }
            for name in names {
                guard let digest = index.shards[name] else { continue }
                wanted.append(
                    .init(
                        directory: directory, name: name, digest: digest, shards: shards, packages: packages))
            }
        }
        let read = wanted.isEmpty ? [] : try CondaShardReader(fetcher: fetcher).read(wanted)
        for directory in directories {
            if case .whole(let file, let packages) = directory.content {
                for name in names {
                    let records = try file.records(named: name)
                    if !records.isEmpty { found[name, default: []] += directory.located(records, packages) }
                }
            }
            for (wanted, records) in zip(wanted, read) where wanted.directory === directory {
                if !records.isEmpty { found[wanted.name, default: []] += records }
            }
        }
        return found
    }
}

extension CondaSubdirectory {
    var notices: [String] {
        guard case .whole(let file, _) = content else { return [] }
        let repodata = file.repodata
        return repodata.unread.sorted { $0.key < $1.key }.map {
            "\(place.clean) lists \($0.value) packages in its section '\($0.key)', which are not conda packages and are left out"
        }
            + repodata.info.laterRevisions.sorted { $0.key < $1.key }.map {
                "\(place.clean) has packages of the later format '\($0.key)', which are not read\($0.value.isEmpty ? "" : "; the channel says: \($0.value)")"
            }
    }
}
