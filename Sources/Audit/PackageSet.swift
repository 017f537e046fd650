import Bundle
import Digests

/// What an auditor compares: the packages of one environment, from a bundle's manifest or from a lock, and the
/// facts about the whole.
public struct PackageSet: Hashable, Sendable {
    /// For headings: `payroll 2026.11.21 (linux-64)`.
    public var title: String
    public var packages: [Package]
    /// The application's own files by path; nil where the source does not list them.
    public var files: [String: File]?
    /// What the source says about the whole. A fact that is missing here is not known, and not compared.
    public var facts: [Fact: String]
    /// Bytes of all installed files; nil where the source does not tell.
    public var installedBytes: UInt64?
    /// Whether the base interpreter is among the packages: a lock leaves a captured one out.
    public var listsInterpreter: Bool
    /// Whether it says under which licences its packages are: a lock does not.
    public var tellsLicenses = true
    /// Where Python looks for modules, and the names of its versions; nil where the source does not tell.
    public var python: Manifest.Python?
    /// Departures from rules; nil where the source does not list them, as with all below.
    public var overrides: [Manifest.Override]?
    /// Packages whose link scripts run on the target.
    public var linkScripts: [String]?
    /// Commands of the spec that run around installing and activating.
    public var hooks: Manifest.Hooks?
    /// What a policy said against it.
    public var violations: [PolicyViolation]?
    /// Digests of the byte code that was compiled while cutting, by the digests of the archives.
    public var bytecode: [SHA256Digest: SHA256Digest]?
    /// Fingerprints of the keys that signed it, sorted.
    public var signers: [String]?
    /// How many keys must have signed it for its signatures to count.
    public var signersNeeded = 1

    public init(
        title: String, packages: [Package], files: [String: File]? = nil, facts: [Fact: String] = [:],
        installedBytes: UInt64? = nil, listsInterpreter: Bool = true
    ) {
        self.title = title
        self.packages = packages
        self.files = files
        self.facts = facts
        self.installedBytes = installedBytes
        self.listsInterpreter = listsInterpreter
    }

    /// Bytes of all archives; nil where the size of one is not known.
    public var archiveBytes: UInt64? {
        packages.reduce(UInt64(0) as UInt64?) { sum, package in
            guard let sum, let size = package.size else { return nil }
            // A hostile manifest may name sizes whose sum no integer holds.
            let (result, overflow) = sum.addingReportingOverflow(size)
            return overflow ? nil : result
        }
    }

    /// Of which kind of upstream file a package is.
    public enum Kind: String, Codable, Hashable, Sendable, Comparable, CaseIterable {
        case python, conda, wheel

        public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    /// One archive, as far as both kinds of source know it.
    public struct Package: Codable, Hashable, Sendable {
        public var kind: Kind
        /// As its source spells it.
        public var name: String
        public var version: String
        /// Of a conda package.
        public var build: String?
        public var filename: String
        /// Bytes; nil where the source does not tell.
        public var size: UInt64?
        public var sha256: SHA256Digest
        /// As its metadata gives it; nil where the source does not tell.
        public var license: String?
        /// Asked for by the spec, not only needed by others.
        public var requested: Bool
        /// What runs without being called; nil where the source does not tell.
        public var hooks: [String]?
        /// What it needs, as its source writes it: Requires-Dist (PEP 508) of a wheel, match specs of a conda
        /// package.
        public var depends: [String]
        /// Where it came from; relative to the spec for local files.
        public var url: String?
        /// Of a conda package.
        public var channel: String?
        /// Of a conda package: `noarch` or a platform.
        public var subdir: String?
        /// Which field of its metadata the licence is from; nil where the source does not tell.
        public var licenseSource: String?
        /// Bytes on disk; nil where the source does not tell.
        public var installedBytes: UInt64?
        /// When upstream published it (RFC 3339, UTC); nil where the source does not tell.
        public var released: String?

        enum CodingKeys: String, CodingKey {
            case kind, name, version, build, filename, size, sha256, license, requested, hooks
            case depends, url, channel, subdir, released
            case licenseSource = "license_source"
            case installedBytes = "installed_bytes"
        }

        public init(
            kind: Kind, name: String, version: String, build: String? = nil, filename: String,
            size: UInt64? = nil, sha256: SHA256Digest, license: String? = nil, requested: Bool,
            hooks: [String]? = nil, depends: [String] = [], url: String? = nil, channel: String? = nil,
            subdir: String? = nil, licenseSource: String? = nil, installedBytes: UInt64? = nil,
            released: String? = nil
        ) {
            self.kind = kind
            self.name = name
            self.version = version
            self.build = build
            self.filename = filename
            self.size = size
            self.sha256 = sha256
            self.license = license
            self.requested = requested
            self.hooks = hooks
            self.depends = depends
            self.url = url
            self.channel = channel
            self.subdir = subdir
            self.licenseSource = licenseSource
            self.installedBytes = installedBytes
            self.released = released
        }
    }

    /// One file of the application.
    public struct File: Codable, Hashable, Sendable {
        /// nil for a symbolic link.
        public var sha256: SHA256Digest?
        public var link: String?
        /// Permission bits in octal.
        public var mode: String

        public init(sha256: SHA256Digest?, link: String? = nil, mode: String) {
            self.sha256 = sha256
            self.link = link
            self.mode = mode
        }
    }
}
