import Conda
import Digests
import Failures
import Lock

extension CondaSelection {
    /// What is known of an archive once it was read.
    public struct Measured: Sendable {
        public let sha256: SHA256Digest
        /// 32 hexadecimal digits; other readers of the lock refuse a conda package without.
        public let md5: String?
        public let size: UInt64

        public init(sha256: SHA256Digest, md5: String?, size: UInt64) {
            self.sha256 = sha256
            self.md5 = md5
            self.size = size
        }
    }

    /// The packages whose archives must be read before they can be locked: their channel states no SHA-256.
    public var unmeasured: [PackageRecord] { records.filter { $0.sha256 == nil } }

    /// The packages as the lock writes them.
    /// - Parameter measured: by ``Conda/PackageRecord/filename``: of those in ``unmeasured``, and of others as they
    ///   are known.
    /// - Throws: all problems at once: a digest or place that is not known, a measured digest or size that is not
    ///   the stated one.
    public func lockedArchives(measured: [String: Measured] = [:]) throws(FailureList) -> [LockedArchive] {
        var problems: [any Failure] = []
        var archives: [LockedArchive] = []
        for package in packages {
            let record = package.record
            func fail(_ reason: String, _ kind: FailureKind) {
                problems.append(
                    ResolveError(record.words, package.place.map { [$0] } ?? [], reason, kind: kind))
            }
            let found = measured[record.filename]
            guard let sha256 = found?.sha256 ?? record.sha256, let url = record.url else {
                fail("the place or digest of '\(record.filename)' is not known", .fault)
                continue
            }
            if let fault = found.flatMap({ contradiction($0, record) }) {
                fail("'\(record.filename)' \(fault); check where it comes from", .damaged)
            }
            do throws(CondaError) {
                archives.append(
                    LockedArchive(
                        kind: .conda, name: record.name, version: record.version, build: record.build,
                        subdir: record.subdir, channel: record.channel.map(CleanLocation.of),
                        location: CleanLocation.of(url), filename: record.filename, sha256: sha256,
                        md5: (record.md5 ?? found?.md5)?.lowercased(), size: found?.size ?? record.size,
                        released: record.released,
                        requested: package.isRequested, spec: package.spec,
                        dependencies: try CondaDependencies.mapping(record.depends)))
            } catch {
                fail("its record names '\(error.text)', which is no match spec: \(error.reason)", .damaged)
            }
        }
        if !problems.isEmpty { throw FailureList(problems) }
        return archives
    }

    private func contradiction(_ found: Measured, _ record: PackageRecord) -> String? {
        if let stated = record.sha256, stated != found.sha256 {
            return "has the SHA-256 \(found.sha256), and the channel states \(stated)"
        }
        if let stated = record.md5, let md5 = found.md5, stated.lowercased() != md5.lowercased() {
            return "has the MD5 \(md5), and the channel states \(stated)"
        }
        if let stated = record.size, stated != found.size {
            return "has \(found.size) bytes, and the channel states \(stated)"
        }
        return nil
    }
}
