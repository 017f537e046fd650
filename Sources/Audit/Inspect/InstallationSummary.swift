import Bundle
import Digests
import Failures
import Install

/// When, by what and with which options an environment was installed, as its record says.
public struct InstallationSummary: Codable, Hashable, Sendable {
    /// The absolute path that its scripts name.
    public var prefix: String
    /// RFC 3339, UTC.
    public var installedAt: String
    /// Name and version of the installer.
    public var generator: String
    public var options: InstallRecord.Options
    /// The keys that signed the bundle and counted; nil where nobody was asked for.
    public var signers: [InstallRecord.Signer]?
    /// How many keys must sign the next bundle; nil where none need to.
    public var threshold: Int?

    enum CodingKeys: String, CodingKey {
        case prefix, generator, options, signers, threshold
        case installedAt = "installed_at"
    }

    public init(_ record: InstallRecord) {
        prefix = record.prefix
        installedAt = record.installedAt
        generator = record.generator
        options = record.options
        signers = record.signers
        threshold = record.trust?.threshold
    }

    var rows: [BundleOverview.Row] {
        let scripts = options.linkScripts.map { "link scripts of \($0.joined(separator: ", "))" }
        let words =
            [
                options.compile ? "byte code compiled" : "no byte code compiled",
                scripts ?? "no link scripts",
            ] + (options.python.map { ["over \($0)"] } ?? [])
        return [
            .init("prefix", prefix), .init("installed", "\(installedAt) by \(generator)"),
            .init("options", words.joined(separator: ", ")),
        ] + signerRows
    }

    private var signerRows: [BundleOverview.Row] {
        let signers = (signers ?? []).map { signer in
            let names = signer.principals.joined(separator: ", ")
            return BundleOverview.Row(
                "signed by", "\(signer.fingerprint.printableASCII) (\(names)), when installed")
        }
        let next = threshold.map {
            [BundleOverview.Row("trust", "the next bundle needs \($0) of its trusted keys")]
        }
        return signers + (next ?? [])
    }
}

/// The releases of a root.
public struct RootSummary: Codable, Hashable, Sendable {
    /// As it was given.
    public var path: String
    /// Name of the current release.
    public var current: String?
    /// The latest first; damaged ones last.
    public var releases: [Release]

    public struct Release: Codable, Hashable, Sendable {
        /// Of its directory.
        public var release: String
        /// nil, as everything below, where its record cannot be read.
        public var version: String?
        public var serial: Int?
        public var installedAt: String?
        /// The bundle digest.
        public var digest: SHA256Digest?
        /// Environment id.
        public var environment: SHA256Digest?
        /// Why its record cannot be read.
        public var fault: String?

        enum CodingKeys: String, CodingKey {
            case release, version, serial, digest, environment, fault
            case installedAt = "installed_at"
        }
    }
}

extension RootSummary {
    public init(_ root: InstalledRoot) {
        path = root.directory.path
        current = root.current
        releases = root.releases.map { release in
            Release(
                release: release.name, version: release.record?.version, serial: release.record?.serial,
                installedAt: release.record?.installedAt, digest: release.record?.bundle,
                environment: release.record?.environment, fault: release.fault)
        }
    }

    var lines: [String] {
        var table = TextTable([
            ("release", .left), ("", .left), ("serial", .right), ("installed", .left),
            ("bundle digest", .left),
        ])
        for release in releases {
            table.add([
                release.release.printableASCII, release.release == current ? "current" : "",
                release.serial.map { "\($0)" } ?? "-", release.installedAt ?? "-",
                release.digest?.hex ?? release.fault ?? "-",
            ])
        }
        return table.lines + [""]
    }
}
