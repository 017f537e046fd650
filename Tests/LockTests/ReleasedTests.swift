import Digests
import Failures
import Testing

@testable import Lock

@Suite("The date of a release in a lock")
struct ReleasedTests {
    private func lock(_ released: String?) -> Lockfile {
        func archive(_ kind: LockedArchive.Kind, _ location: String) -> LockedArchive {
            LockedArchive(
                kind: kind, name: "six", version: "1.16.0", location: location,
                sha256: SHA256.hash("\(kind)"),
                md5: String(repeating: "0e", count: 16), released: released, requested: true,
                spec: kind == .conda ? "six" : nil)
        }
        return Lockfile(
            platforms: [
                .init(
                    name: "linux-64", contentHash: SHA256.hash("spec"),
                    target: TargetDescription(
                        platform: "linux-64", python: "3.11.2", abi: "cp311",
                        glibc: GlibcVersion(major: 2, minor: 28)), interpreter: .host,
                    archives: [
                        archive(.wheel, "https://wheels.example/six-1.16.0-py2.py3-none-any.whl"),
                        archive(.conda, "https://mirror.example/forge/noarch/six-1.16.0-pyh_0.conda"),
                    ])
            ], sources: ["bundle.toml"])
    }

    @Test("is kept for wheels and conda packages of one name, beside what other readers know")
    func roundTrip() throws {
        let text = lock("2026-11-02T09:30:00Z").text
        #expect(try Lockfile.read(Array(text.utf8), file: "l") == lock("2026-11-02T09:30:00Z"))
        for key in ["airlift.linux-64.released.six", "airlift.linux-64.conda-released.six"] {
            #expect(text.contains(key))
        }
        // All of it stands in custom_metadata, where readers of the format look at nothing.
        let difference = Set(text.split(separator: "\n")).subtracting(lock(nil).text.split(separator: "\n"))
        #expect(
            difference.count == 2 && difference.allSatisfy { $0.hasPrefix("    ") && $0.contains("airlift.") }
        )
        #expect(try Lockfile.read(Array(lock(nil).text.utf8), file: "l") == lock(nil))
    }

    @Test(
        "that is none is refused",
        arguments: [
            "soon", "", "2026-11-02", "2026-11-02T09:30:00", "2026-11-02T09:30:00+01:00",
            "2026-11-02T09:30:00Zx", "２026-11-02T09:30:00Z",
        ])
    func malformed(_ date: String) throws {
        let text = lock("2026-11-02T09:30:00Z").text.replacing("2026-11-02T09:30:00Z", with: date)
        #expect(throws: FailureList.self) { try Lockfile.read(Array(text.utf8), file: "l") }
    }

    @Test("of a package that is not there is refused")
    func stray() throws {
        let text = lock("2026-11-02T09:30:00Z").text.replacing("released.six", with: "released.seven")
        #expect(throws: FailureList.self) { try Lockfile.read(Array(text.utf8), file: "l") }
    }
}
