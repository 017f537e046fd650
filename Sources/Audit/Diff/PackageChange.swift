import Wheels

/// How one package differs between two environments.
public struct PackageChange: Codable, Hashable, Sendable {
    /// In the order in which they are told.
    public enum Kind: String, Codable, Hashable, Sendable, Comparable, CaseIterable {
        /// The same file name, or the same name, version and build, with another SHA-256: upstream never does this
        /// to a published file.
        case otherBytes = "other_bytes"
        case down
        /// A wheel became a conda package of that project, or the other way round.
        case kindChanged = "kind_changed"
        case added, removed, up
        /// Another version, in which no order is known.
        case changed
        /// The same version from another build or another file.
        case rebuilt
        /// The same bytes, described in another way: asked for or not, licence, hooks.
        case described

        public static func < (a: Kind, b: Kind) -> Bool { a.place < b.place }

        private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public var change: Kind
    public var kind: PackageSet.Kind
    /// Of a wheel in its normalised form (PEP 503).
    public var name: String
    /// nil for an added package.
    public var from: PackageSet.Package?
    /// nil for a removed package.
    public var to: PackageSet.Package?
    /// What else differs and both sides know.
    public var details: [Detail]
    /// What differs between their files; nil where nobody looked.
    public var files: FilesDiff?

    public init(
        change: Kind, kind: PackageSet.Kind, name: String, from: PackageSet.Package?,
        to: PackageSet.Package?, details: [Detail] = []
    ) {
        self.change = change
        self.kind = kind
        self.name = name
        self.from = from
        self.to = to
        self.details = details
    }

    public struct Detail: Codable, Hashable, Sendable {
        public enum Subject: String, Codable, Hashable, Sendable, CaseIterable {
            case requested, license, hooks
            /// From where it came, see `PackageOrigin`: of a conda package, and of any other.
            case channel, index
        }

        public var subject: Subject
        public var from: String
        public var to: String

        public init(_ subject: Subject, from: String, to: String) {
            self.subject = subject
            self.from = from
            self.to = to
        }
    }
}

extension PackageChange {
    /// The change from one package to the other of the same name; nil where there is none.
    /// - Parameter isCaptured: whether both interpreters were captured from machines, where the same version may
    ///   well have other bytes.
    init?(name: String, from: PackageSet.Package, to: PackageSet.Package, isCaptured: Bool = false) {
        let details = Self.details(from: from, to: to)
        let sameBytes = from.sha256 == to.sha256
        guard !sameBytes || !details.isEmpty else { return nil }
        self.init(
            change: sameBytes ? .described : Self.kind(from: from, to: to, isCaptured), kind: to.kind,
            name: name, from: from, to: to, details: details)
    }

    private static func kind(
        from: PackageSet.Package, to: PackageSet.Package, _ isCaptured: Bool
    ) -> Kind {
        if from.kind != to.kind { return .kindChanged }
        if to.kind == .python, isCaptured, from.version == to.version { return .rebuilt }
        if isOneRelease(from, to) { return .otherBytes }
        if from.version == to.version { return .rebuilt }
        switch VersionOrder.compare(from.version, to.version, kind: to.kind) {
        case .ascending: return .up
        case .descending: return .down
        case .same: return .rebuilt
        case nil: return .changed
        }
    }

    /// Whether both are what upstream published only once.
    private static func isOneRelease(_ from: PackageSet.Package, _ to: PackageSet.Package) -> Bool {
        if from.filename == to.filename { return true }
        switch to.kind {
        case .python: return false
        case .conda:
            return from.version == to.version && from.build == to.build && to.build != nil
                && (from.subdir == nil || to.subdir == nil || from.subdir == to.subdir)
        case .wheel:
            // Names and versions have more than one spelling.
            guard let a = try? WheelFilename(from.filename), let b = try? WheelFilename(to.filename) else {
                return false
            }
            return a.distribution == b.distribution && a.version == b.version && a.build == b.build
                && Set(a.tags) == Set(b.tags)
        }
    }

    private static func details(from: PackageSet.Package, to: PackageSet.Package) -> [Detail] {
        var details: [Detail] = []
        func add(_ subject: Detail.Subject, _ from: String?, _ to: String?) {
            if let from, let to, from != to { details.append(Detail(subject, from: from, to: to)) }
        }
        add(.requested, from.requested ? "yes" : "no", to.requested ? "yes" : "no")
        if from.license != to.license, !from.hasLicense(of: to) { add(.license, from.license, to.license) }
        add(.hooks, from.hooks?.joined(separator: ", "), to.hooks?.joined(separator: ", "))
        // The same bytes from another place, a mirror for one, are no other package.
        if from.kind == to.kind, from.sha256 != to.sha256 {
            add(
                to.kind == .conda ? .channel : .index, PackageOrigin(from)?.description,
                PackageOrigin(to)?.description)
        }
        return details
    }

    /// Whether other bytes came in: anything but a removal or another description of the same bytes.
    var bringsBytes: Bool { to != nil && change != .described }
}

extension PackageSet.Package {
    /// Whether both say the same of their licence, in whatever words.
    fileprivate func hasLicense(of other: PackageSet.Package) -> Bool {
        let statements = [self, other].map { LicenseStatement(text: $0.license, source: $0.licenseSource) }
        return statements[0].expression != nil && statements[0].expression == statements[1].expression
    }
}
