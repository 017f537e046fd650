import Digests
import Wheels

/// A project at exactly one version: `name[extras]==version; marker --hash=…`.
public struct Pin: Sendable {
    public var name: ProjectName
    public var version: PythonVersion
    public var extras: Set<ProjectName>
    /// The pin counts only on targets for which this is true (PEP 508); nil means on all.
    public var marker: Marker?
    /// The digests that a wheel may have; empty allows any.
    public var hashes: [SHA256Digest]
    public var place: Place
    /// Whether the spec itself names it, and not a requirements file, which may list dependencies too.
    public var isNamedBySpec: Bool

    public init(
        name: ProjectName, version: PythonVersion, extras: Set<ProjectName> = [], marker: Marker? = nil,
        hashes: [SHA256Digest] = [], place: Place, isNamedBySpec: Bool = true
    ) {
        self.name = name
        self.version = version
        self.extras = extras
        self.marker = marker
        self.hashes = hashes
        self.place = place
        self.isNamedBySpec = isNamedBySpec
    }
}

/// A wheel that is named by its place rather than by an index.
public struct DirectWheel: Sendable {
    /// A path relative to the spec, an absolute path, or a URL without its fragment.
    public var location: String
    public var filename: WheelFilename
    public var extras: Set<ProjectName>
    public var marker: Marker?
    /// The digests that the wheel may have; empty only for files of this machine.
    public var hashes: [SHA256Digest]
    public var place: Place
    public var isNamedBySpec: Bool

    public init(
        location: String, filename: WheelFilename, extras: Set<ProjectName> = [], marker: Marker? = nil,
        hashes: [SHA256Digest] = [], place: Place, isNamedBySpec: Bool = true
    ) {
        self.location = location
        self.filename = filename
        self.extras = extras
        self.marker = marker
        self.hashes = hashes
        self.place = place
        self.isNamedBySpec = isNamedBySpec
    }

    /// Whether it is a file of this machine, to be read and not fetched.
    public var isLocal: Bool { !location.contains("://") || location.hasPrefix("file:") }
}
