import Bundle

/// Which packages of an environment someone wants to see.
public struct PackageFilter: Hashable, Sendable {
    /// Empty for all.
    public var kinds: Set<PackageSet.Kind>
    /// Only what was asked for.
    public var requested: Bool
    /// Only those with hooks.
    public var hooked: Bool
    /// Part of the licence in any case of letters; `none` also keeps those of which none is known.
    public var license: String?
    /// A name in any of its forms (PEP 503), `*` for any characters and `?` for one.
    public var name: String?

    public init(
        kinds: Set<PackageSet.Kind> = [], requested: Bool = false, hooked: Bool = false,
        license: String? = nil, name: String? = nil
    ) {
        self.kinds = kinds
        self.requested = requested
        self.hooked = hooked
        self.license = license
        self.name = name
    }

    public var keepsAll: Bool { self == PackageFilter() }

    public func keeps(_ package: PackageSet.Package) -> Bool {
        guard kinds.isEmpty || kinds.contains(package.kind), package.requested || !requested,
            !hooked || package.hooks?.isEmpty == false
        else { return false }
        if let name, !Self.matches(Self.folded(name)[...], Self.folded(package.name)[...]) { return false }
        guard let license else { return true }
        guard let own = package.license, !own.isEmpty else { return license.lowercased() == "none" }
        return own.lowercased().contains(license.lowercased())
    }

    /// In lower case, `-` for each `_` and `.`.
    private static func folded(_ name: String) -> [UInt8] {
        name.lowercased().utf8.map {
            $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") ? UInt8(ascii: "-") : $0
        }
    }

    /// Goes back to the last `*` only, so that no pattern takes long.
    private static func matches(_ glob: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var (position, place) = (glob.startIndex, text.startIndex)
        var retry: (glob: Int, text: Int)?
        while place < text.endIndex {
            if position < glob.endIndex, glob[position] == UInt8(ascii: "*") {
                retry = (position + 1, place)
                position += 1
            } else if position < glob.endIndex,
                glob[position] == UInt8(ascii: "?") || glob[position] == text[place]
            {
                position += 1
                place += 1
            } else if let (after, from) = retry {
                retry = (after, from + 1)
                position = after
                place = from + 1
            } else {
                return false
            }
        }
        return glob[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// In which order packages are shown. What is equal is in the order of kind and name.
public enum PackageOrder: String, Sendable, CaseIterable {
    /// By kind and name.
    case kind
    case name
    /// The largest first; what is not known comes last.
    case size, installed
    case license

    public func sorted(_ packages: [PackageSet.Package]) -> [PackageSet.Package] {
        let packages = packages.sorted { ($0.kind, $0.name, $0.filename) < ($1.kind, $1.name, $1.filename) }
        // Sorting is stable, which the standard library does not promise; so each carries its place.
        func by<Key: Comparable>(_ key: (PackageSet.Package) -> Key) -> [PackageSet.Package] {
            packages.enumerated().map { (key($1), $0, $1) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        }
        switch self {
        case .kind: return packages
        case .name: return by(\.name)
        case .size: return by { UInt64.max - ($0.size ?? 0) }
        case .installed: return by { UInt64.max - ($0.installedBytes ?? 0) }
        case .license: return by { $0.license ?? "\u{10FFFF}" }
        }
    }
}

extension ArchiveTable.Row {
    init(_ package: PackageSet.Package) {
        self.init(
            name: package.name, version: package.version, build: package.build, kind: package.kind.rawValue,
            subdir: package.subdir, size: package.size, installedBytes: package.installedBytes,
            license: package.license, requested: package.requested, hooks: package.hooks?.count ?? 0,
            sha256: package.sha256.hex, url: package.url)
    }
}
