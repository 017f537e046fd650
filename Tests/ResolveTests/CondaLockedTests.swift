import Conda
import Digests
import Failures
import Lock
import Testing
import Wheels

@testable import Resolve

@Suite("The lock of conda packages")
struct CondaLockedTests {
    private func archives(
        measured: [String: CondaSelection.Measured] = [:], _ change: (inout PackageRecord) -> Void = { _ in }
    ) throws -> [LockedArchive] {
        var channel = ToyChannel()
        channel.add("lib 1!2.0 h_0", depends: ["__glibc >=2.17,<3.0.a0", "zlib"], change: change)
        channel.add("zlib 1.3 h_0")
        return try pin(["lib=1!2.0=h_0", "zlib=1.3=h_0"], from: channel).lockedArchives(measured: measured)
    }

    @Test("has place, digests, build and dependencies of each, and what asked for it")
    func lock() throws {
        let archives = try archives {
            $0.url = "https://user:hunter2@mirror.example/t/tk-1/forge/linux-64/lib-1%212.0-h_0.conda"
        }
        #expect(archives.map(\.name) == ["zlib", "lib"])
        let lib = archives[1]
        #expect(lib.location == "https://mirror.example/forge/linux-64/lib-1%212.0-h_0.conda")
        #expect(lib.spec == "lib=1!2.0=h_0" && lib.requested)
        #expect(lib.build == "h_0" && lib.subdir == "linux-64")
        #expect(lib.channel == "https://mirror.example/forge")
        #expect(lib.md5 == String(repeating: "ab", count: 16))
        #expect(lib.dependencies == ["__glibc": ">=2.17,<3.0.a0", "zlib": ""])
    }

    @Test("beside wheels is one lock, which is read as it was written")
    func besideWheels() throws {
        let wheels = try Wanted(inputs([]), on: target()).choose(from: [:]).resolution([:])
        let platform = try wheels.lock(
            contentHash: SHA256.hash("spec"), interpreter: .host, conda: archives())
        let lock = Lockfile(platforms: [platform], channels: ["./channel"], sources: ["bundle.toml"])
        #expect(try Lockfile.read(Array(lock.text.utf8), file: "l") == lock)
    }

    @Test("needs a digest and a place for each, measured ones being the stated ones")
    func digests() throws {
        let file = "lib-1!2.0-h_0.conda"
        let good = CondaSelection.Measured(
            sha256: SHA256.hash("x"), md5: String(repeating: "cd", count: 16), size: 7)
        let measured = try archives(measured: [file: good]) {
            $0.sha256 = nil
            $0.md5 = nil
            $0.size = nil
        }
        #expect(measured[1].sha256 == SHA256.hash("x") && measured[1].size == 7)
        #expect(measured[1].md5 == good.md5)
        #expect(problems { try archives { $0.sha256 = nil } }.contains("digest of '\(file)' is not known"))
        #expect(problems { try archives { $0.url = nil } }.contains("is not known"))
        #expect(problems { try archives(measured: [file: good]) }.contains("and the channel states"))
        #expect(
            problems { try archives(measured: [file: good]) { $0.sha256 = SHA256.hash("x") } }
                .contains("has the MD5 \(good.md5 ?? ""), and the channel states"))
    }
}

@Suite("Wheels beside conda packages")
struct ProvidedProjectTests {
    private func resolve(
        _ requires: String, _ version: String, wheels: [String] = ["flask==3.0.0"]
    ) throws -> Resolution {
        let index = ToyIndex(["flask-3.0.0-py3-none-any.whl", "werkzeug-3.0.1-py3-none-any.whl"])
        let metadata = try toyMetadata([("flask 3.0.0", [requires]), ("werkzeug 3.0.1", [])])
        return try choose(wheels, from: index).resolution(
            metadata,
            provided: [
                ProjectName("Werkzeug"): ProvidedProject(
                    version: PythonVersion(version), package: "py-werkzeug")
            ])
    }

    @Test("need no wheel of what a conda package brings")
    func provided() throws {
        let resolution = try resolve("werkzeug>=3.0", "3.0.1")
        #expect(resolution.packages.map(\.wheel.name.normalized) == ["flask"])
        #expect(resolution.packages[0].dependencies == ["werkzeug": ">=3.0"])
        #expect(resolution.notices.isEmpty)
        #expect(
            try resolve("werkzeug[watchdog]", "3.0.1").notices.map { $0.contains("what the extra needs") }
                == [true])
    }

    @Test("are refused where the version of the conda package does not fit, naming both")
    func misfit() {
        #expect(
            problems { try resolve("werkzeug>=3.0", "2.9") }
                == "cannot lock flask 3.0.0 (bundle.toml, line 1): it needs werkzeug>=3.0, and the conda package 'py-werkzeug' brings werkzeug 2.9: pin a build of 'py-werkzeug' that fits, or another version of flask"
        )
    }

    @Test("are refused where a conda package brings the same project, naming both")
    func same() {
        #expect(
            problems { try resolve("werkzeug", "3.0.1", wheels: ["flask==3.0.0", "werkzeug==3.0.1"]) }
                .contains(
                    "cannot lock werkzeug 3.0.1 (bundle.toml, line 2): the conda package 'py-werkzeug' brings werkzeug 3.0.1 already"
                ))
    }
}
