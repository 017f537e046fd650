import Archives
import Digests
import Failures
import Files
import TestSupport
import Testing

/// A conda package made in code and read through `CondaArchive`.
struct CondaReading {
    let scratch = TemporaryDirectory()

    func region(_ bytes: [UInt8]) throws -> FileRegion {
        try FileRegion(path: scratch.write("demo-1.0-0.package", bytes), name: "demo-1.0-0.package")
    }

    /// The contents by path; links are there with no bytes.
    func read(_ bytes: [UInt8], limits: TarLimits = TarLimits()) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        let region = try region(bytes)
        let summary = try CondaArchive.read(region, limits: limits, progress: { _ in }) {
            contents[$0.path.string] = try $1.bytes()
        }
        #expect(summary == TarSummary(size: region.size, sha256: SHA256.hash(bytes)))
        return contents
    }

    func read(_ package: CondaPackageBuilder) throws -> [String: [UInt8]] { try read(package.bytes) }

    func readInfo(_ package: CondaPackageBuilder) throws -> Set<String> {
        var names: Set<String> = []
        try CondaArchive.readInfo(try region(package.bytes)) { entry, _ in names.insert(entry.path.string) }
        return names
    }

    /// Why a package is refused; nil where it is read.
    func refusal(_ bytes: [UInt8], limits: TarLimits = TarLimits()) -> String? {
        guard let caught = failure({ _ = try read(bytes, limits: limits) }) else { return nil }
        #expect(caught.kind == .damaged)
        return caught.description
    }

    func refusal(_ package: CondaPackageBuilder) -> String? { refusal(package.bytes) }
}
