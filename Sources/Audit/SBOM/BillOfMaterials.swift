import Digests

/// What a bundle, an installed environment or a lock is made of, before it is put into one of the formats for it.
///
/// A pure function of the manifest, the installer's bytes and the interpreter's own description: no clock, no
/// randomness, everything sorted. So the same cut has the same documents.
public struct BillOfMaterials: Sendable {
    /// When in the life of an environment this was written down, by CycloneDX's names.
    public enum Phase: String, Sendable {
        /// Of a lock: what is planned to be carried.
        case lock = "pre-build"
        case bundle = "build"
        /// Of an installed environment.
        case installed = "operations"
    }

    public let phase: Phase
    /// The environment as a whole.
    public let root: Component
    /// Everything in it, sorted by reference.
    public let components: [Component]
    /// What a component needs itself, by references, sorted.
    public let dependencies: [String: [String]]
    /// `2026-11-21T00:00:00Z`: the day that the version names, not that of writing; nil where it names none.
    public let created: String?
    /// The program that cut the bundle, such as `airlift 0.1.0`.
    public let generator: String
    /// Follows from what the document is about, see `DocumentIdentity`.
    public let identity: DocumentIdentity

    /// One thing in an environment.
    public struct Component: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            case environment, interpreter, conda, wheel, file, installer
            /// Shared library of a captured interpreter.
            case library
            /// Linked into the installer.
            case linked
        }

        public let kind: Kind
        /// Unique in the document.
        public var reference: String
        public var name: String
        public var version: String?
        public var summary: String?
        public var package: PackageURL?
        public var filename: String?
        public var sha256: SHA256Digest?
        /// 32 hexadecimal digits.
        public var md5: String?
        /// A URL without credentials; nil for local files.
        public var url: String?
        public var license = LicenseStatement(text: nil, source: nil)
        /// Asked for by the spec, not only needed by others; nil where the question does not arise.
        public var requested: Bool?
        /// When upstream published it (RFC 3339).
        public var released: String?
        /// Further facts, each a name in Airlift's own name space and a value.
        public var facts: [Fact] = []
        /// In words: what the reader must know to rely on the rest.
        public var remark: String?
        public var parts: [Component] = []
        /// Whether `parts` is all of it; nil where that is not known.
        public var listsAllParts: Bool?

        /// Characters that CycloneDX's schema allows a version to have.
        private static let longestVersion = 1_024

        init(_ kind: Kind, _ reference: String, name: String, version: String? = nil) {
            self.kind = kind
            self.reference = reference
            self.name = name
            self.version = version.flatMap { text in
                text.isEmpty || text.unicodeScalars.count > Self.longestVersion ? nil : text
            }
        }
    }

    public struct Fact: Hashable, Sendable {
        public let name: String
        public let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A shared library that a captured interpreter brings, as its description has it.
    public struct Library: Hashable, Sendable {
        public let name: String
        /// In the prefix.
        public let path: String
        /// The distribution's package and its version, such as `libssl3 3.0.19-1~deb12u2`; nil where not known.
        public let package: String?

        public init(name: String, path: String, package: String?) {
            self.name = name
            self.path = path
            self.package = package
        }
    }

    /// The libraries of a captured interpreter and the system that they were taken from.
    public struct InterpreterParts: Hashable, Sendable {
        public let libraries: [Library]
        /// ID and VERSION_ID of os-release, such as `debian 12`; nil where not known.
        public let distribution: String?

        public init(libraries: [Library], distribution: String?) {
            self.libraries = libraries
            self.distribution = distribution
        }
    }

    /// The installer as it lies in the bundle.
    public struct Installer: Sendable {
        public let sha256: SHA256Digest
        /// nil where it does not say what is linked into it, or its bytes are not at hand.
        public let components: InstallerComponents?
        /// Whether it could be asked.
        public let wasRead: Bool

        public init(sha256: SHA256Digest, bytes: [UInt8]?) {
            self.sha256 = sha256
            components = bytes.flatMap(InstallerComponents.find)
            wasRead = bytes != nil
        }
    }

    init(
        phase: Phase, root: Component, components: [Component], dependencies: [String: [String]],
        created: String?, generator: String, identity: DocumentIdentity
    ) {
        self.phase = phase
        self.root = root
        self.components = components.sorted { $0.reference.utf8.lexicographicallyPrecedes($1.reference.utf8) }
        self.dependencies = dependencies
        self.created = created
        self.generator = generator
        self.identity = identity
    }
}
