/// How one package differs between two environments.
public struct PackageChange: Codable, Hashable, Sendable {
    /// In the order in which they are told.
    public enum Kind: String, Codable, Hashable, Sendable, Comparable, CaseIterable {
        /// The same file name with another SHA-256: upstream never does this to a published file.
        case otherBytes = "other_bytes"
        case added, removed, up, down
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
        public enum Subject: String, Codable, Hashable, Sendable { case requested, license, hooks }

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
    init?(name: String, from: PackageSet.Package, to: PackageSet.Package) {
        let details = Self.details(from: from, to: to)
        let sameBytes = from.sha256 == to.sha256
        guard !sameBytes || !details.isEmpty else { return nil }
        self.init(
            change: sameBytes ? .described : Self.kind(from: from, to: to), kind: to.kind, name: name,
            from: from, to: to, details: details)
    }

    private static func kind(from: PackageSet.Package, to: PackageSet.Package) -> Kind {
        if from.filename == to.filename { return .otherBytes }
        if from.version == to.version { return .rebuilt }
        switch VersionOrder.compare(from.version, to.version, kind: to.kind) {
        case .ascending: return .up
        case .descending: return .down
        case .same: return .rebuilt
        case nil: return .changed
        }
    }

    private static func details(from: PackageSet.Package, to: PackageSet.Package) -> [Detail] {
        var details: [Detail] = []
        func add(_ subject: Detail.Subject, _ from: String?, _ to: String?) {
            if let from, let to, from != to { details.append(Detail(subject, from: from, to: to)) }
        }
        add(.requested, from.requested ? "yes" : "no", to.requested ? "yes" : "no")
        add(.license, from.license, to.license)
        add(.hooks, from.hooks?.joined(separator: ", "), to.hooks?.joined(separator: ", "))
        return details
    }
}
