import Digests
import Failures
import Lock
import Wheels

/// Everything that a target needs, complete and without contradiction: what a lock is written from.
public struct Resolution: Sendable {
    public struct Package: Sendable {
        public let wheel: Selection.Wheel
        /// Named by the spec, or by a requirements file and needed by nothing else.
        public let requested: Bool
        /// Normalized name → version specifiers.
        public let dependencies: [String: String]
    }

    /// What is known of a file once it was read.
    public struct Measured: Sendable {
        public let sha256: SHA256Digest
        public let size: UInt64

        public init(sha256: SHA256Digest, size: UInt64) {
            self.sha256 = sha256
            self.size = size
        }
    }

    public let target: Target
    /// Sorted by name.
    public let packages: [Package]
    /// Sentences for the user about what is odd and not wrong.
    public let notices: [String]

    /// The packages whose files must be read before they can be locked: local ones, and those for which the
    /// index states no digest.
    public var unmeasured: [Selection.Wheel] { packages.map(\.wheel).filter { $0.sha256 == nil } }

    /// The lock of the target.
    /// - Parameter measured: digest and size of the files in ``unmeasured``, and of others as they are known.
    /// - Parameter interpreterArchive: the base interpreter, if it is an archive that the spec names.
    /// - Parameter conda: the conda packages beside the wheels.
    /// - Throws: all files at once whose digest is not known, or is none of those allowed.
    public func lock(
        contentHash: SHA256Digest, interpreter: Lockfile.Interpreter,
        interpreterArchive: LockedArchive? = nil, conda: [LockedArchive] = [],
        measured: [ProjectName: Measured] = [:]
    ) throws(FailureList) -> Lockfile.Platform {
        var problems: [any Failure] = []
        var archives: [LockedArchive] = (interpreterArchive.map { [$0] } ?? []) + conda
        for package in packages {
            let wheel = package.wheel
            let found = measured[wheel.name]
            let subject = "\(wheel.name) \(wheel.version)"
            guard let sha256 = found?.sha256 ?? wheel.sha256 else {
                problems.append(
                    ResolveError(
                        subject, wheel.project.places, "the digest of its wheel is not known", kind: .fault))
                continue
            }
            let allowed = wheel.project.hashes
            if !allowed.isEmpty, !allowed.contains(sha256) {
                problems.append(
                    ResolveError(
                        subject, wheel.project.places,
                        "'\(wheel.filename)' has the SHA-256 \(sha256), which is none of those allowed; "
                            + "check where it comes from", kind: .damaged))
            } else if let stated = wheel.sha256, stated != sha256 {
                problems.append(
                    ResolveError(
                        subject, wheel.project.places,
                        "'\(wheel.filename)' has the SHA-256 \(sha256), and the index states \(stated)",
                        kind: .damaged))
            }
            archives.append(
                LockedArchive(
                    kind: .wheel, name: wheel.name.normalized, version: "\(wheel.version)",
                    location: CleanLocation.of(wheel.location), filename: "\(wheel.filename)",
                    sha256: sha256, md5: Self.md5(wheel.indexFile), size: found?.size ?? wheel.size,
                    released: wheel.indexFile?.released,
                    requested: package.requested,
                    dependencies: package.dependencies))
        }
        if !problems.isEmpty { throw FailureList(problems) }
        return Lockfile.Platform(
            name: target.description.platform, contentHash: contentHash, target: target.description,
            interpreter: interpreter, archives: archives)
    }

    private static func md5(_ file: IndexFile?) -> String? {
        file?.hashes["md5"].flatMap { $0.utf8.count == 2 * MD5.byteCount ? $0 : nil }
    }
}
