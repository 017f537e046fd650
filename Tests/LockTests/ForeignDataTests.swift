import Failures
import Files
import Glibc
import Testing

@testable import Lock

/// What is to become of one real lock of another tool.
private struct Expectation: Sendable, CustomTestStringConvertible {
    var file: String
    /// `environment/platform` and the count of packages.
    var counts: [String: Int] = [:]
    /// `environment/platform` and a part of the refusal.
    var refusals: [String: String] = [:]
    /// Part of the refusal of the whole lock; nil if it is read.
    var unread: String?
    /// Whether every package states its SHA-256.
    var hasDigests = true
    var testDescription: String { file }

    static func read(_ file: String, _ counts: [String: Int], hasDigests: Bool = true) -> Expectation {
        Expectation(file: file, counts: counts, hasDigests: hasDigests)
    }

    static func unread(_ file: String, _ reason: String) -> Expectation {
        Expectation(file: file, unread: reason)
    }

    /// A lock that is sound, and needs something to be built.
    static func source(
        _ file: String, _ refusals: [String: String], _ counts: [String: Int] = [:]
    ) -> Expectation {
        Expectation(file: file, counts: counts, refusals: refusals)
    }
}

private let expectations: [Expectation] = [
    .read(
        "conda-lock/test-environment-blas-mkl-conda-lock.yml",
        ["main/linux-64": 40, "main/osx-64": 34, "main/win-64": 35]),
    .unread(
        "conda-lock/test-lockfile-no-auth.lock", "line 1: it lists addresses, but no line of it is @EXPLICIT"),
    .unread(
        "conda-lock/test-lockfile-test.lock", "line 1: it lists addresses, but no line of it is @EXPLICIT"),
    .unread("conda-lock/test-lockfile-with-auth-test.lock", "line 5: it lists addresses, but no line"),
    .unread("conda-lock/test-stripped-lockfile-test.lock", "line 5: it lists addresses, but no line"),
    .read(
        "conda-lock/test-multiple-categories-conda-lock.yml",
        ["main/linux-64": 20, "dev/linux-64": 41, "test/linux-64": 94, "dev,test/linux-64": 101]),
    .read("conda-lock/test-update-filter-platform-conda-lock.yml", ["main/linux-64": 1, "main/osx-64": 1]),
    .read("conda-lock/zlib-conda-linux-64.lock", ["/linux-64": 6], hasDigests: false),
    .read("conda-lock/zlib-conda-osx-64.lock", ["/osx-64": 2], hasDigests: false),
    .read("conda-lock/zlib-conda-win-64.lock", ["/win-64": 6], hasDigests: false),
    .unread(
        "rattler/conda-lock-forward-compatible-lock.yml", "line 11: it is a conda-lock.yml of version 1000"),
    .read(
        "rattler/v0-numpy-conda-lock.yml.zst",
        [
            "main/linux-64": 254, "main/linux-aarch64": 176, "main/linux-ppc64le": 177, "main/osx-64": 180,
            "main/osx-arm64": 183,
        ]),
    .read(
        "rattler/v0-python-conda-lock.yml",
        [
            "main/linux-64": 22, "main/linux-aarch64": 21, "main/linux-ppc64le": 22, "main/osx-64": 15,
            "main/osx-arm64": 15, "main/win-64": 16,
        ]),
    .unread("rattler/v3-robostack-turtlesim-conda-lock.yml.zst", "line 1: it is a pixi.lock of version 3"),
    .source(
        "rattler/v4-absolute-path-lock.yml",
        ["default/linux-64": "line 12: the Python package 'minimal-project' is a source tree"]),
    .read(
        "rattler/v4-numpy-lock.yml.zst",
        [
            "default/linux-64": 254, "default/linux-aarch64": 176, "default/linux-ppc64le": 177,
            "default/osx-64": 180, "default/osx-arm64": 183,
        ]),
    .read(
        "rattler/v4-python-lock.yml",
        [
            "default/linux-64": 22, "default/linux-aarch64": 21, "default/linux-ppc64le": 22,
            "default/osx-64": 15, "default/osx-arm64": 15, "default/win-64": 16,
        ]),
    .read(
        "rattler/v4-turtlesim-lock.yml.zst",
        ["default/linux-64": 593, "default/osx-64": 543, "default/osx-arm64": 544, "default/win-64": 517]),
    .read("rattler/v5-similar-with-and-without-purl.yml", ["default/win-64": 1]),
    .source(
        "rattler/v6-conda-path-lock.yml",
        [
            "default/linux-64": "'minimal-project' is built from source at '../minimal-project'",
            "default/win-64": "'b-python-project' is built from source", "second/win-64": "'minimal-project'",
            "second/linux-64": "the environment 'second' is not locked for linux-64, but for win-64",
        ]),
    .source(
        "rattler/v6-derived-channel-lock.yml",
        ["default/win-64": "line 11: the conda package 'child-package'"]),
    .source(
        "rattler/v6-empty-lock.yml", ["default/linux-64": "not locked for linux-64, but for no platform"]),
    .source(
        "rattler/v6-multiple-source-packages-with-variants-lock.yml",
        ["default/linux-64": "built from source at 'my-package-win'"]),
    .source("rattler/v6-options-lock.yml", ["default/linux-64": "it has no environment 'default'"]),
    .source("rattler/v6-pixi-build-git-rev-only-source-lock.yml", ["default/linux-64": "'pixi-rev-package'"]),
    .source("rattler/v6-pixi-build-git-tag-source-lock.yml", ["default/linux-64": "'pixi-tag-package'"]),
    .source("rattler/v6-pixi-build-pinned-source-lock.yml", ["default/linux-64": "'pixi-build-package'"]),
    .source("rattler/v6-pixi-build-url-source-lock.yml", ["default/linux-64": "'pixi-url-package'"]),
    .read("rattler/v6-python-from-conda-only-lock.yml", ["default/osx-arm64": 19]),
    .source("rattler/v6-source-package-with-variants-lock.yml", ["default/linux-64": "'my-package'"]),
    .source("rattler/v6-sources-lock.yml", ["default/win-64": "'child-package'"]),
    .source(
        "rattler/v7-conda-path-lock.yml",
        [
            "default/linux-64": "'minimal-project' is built from source",
            "default/linux-64-foobar": "'minimal-project' is built from source",
            "default/win-64": "'b-python-project'",
            "second/win-64": "minimal-project[24438904] @ ../minimal-project",
        ]),
    .source("rattler/v7-conda-source-build-host-packages-lock.yml", ["default/linux-64": "'my-package'"]),
    .source("rattler/v7-derived-channel-lock.yml", ["default/win-64": "'child-package'"]),
    .unread("rattler/v7-duplicate_platform.yml", "the key 'DUPLICATE' more than once"),
    .unread("rattler/v7-duplicate_platform_definition.yml", "line 7: platforms names 'DUPLICATE' twice"),
    .unread("rattler/v7-duplicate_platform_use.yml", "the key 'DUPLICATE' more than once"),
    .source(
        "rattler/v7-empty-lock.yml", ["default/linux-64": "not locked for linux-64, but for no platform"]),
    .unread("rattler/v7-invalid_platform_name.yml", "line 3: 'linux 64 foobar' is no name of a platform"),
    .unread("rattler/v7-invalid_platform_subdir.yml", "line 4: 'linux-XX' is no platform of conda"),
    .unread(
        "rattler/v7-missing_platform.yml", "line 15: the environment 'default' is for platform 'UNKNOWN'"),
    .source(
        "rattler/v7-multiple-source-packages-with-variants-lock.yml",
        ["default/linux-64": "my-package[bfd2b14c] @ my-package-linux"]),
    .source("rattler/v7-options-lock.yml", ["without-options/linux-64": "not locked for linux-64"]),
    .source("rattler/v7-partial-source-extra-depends-lock.yml", ["default/linux-64": "'my-partial-pkg'"]),
    .source("rattler/v7-partial-source-flags-lock.yml", ["default/linux-64": "'my-partial-pkg'"]),
    .source("rattler/v7-partial-source-purls-lock.yml", ["default/linux-64": "'my-partial-pkg'"]),
    .source("rattler/v7-partial-source-run-exports-lock.yml", ["default/linux-64": "'my-partial-pkg'"]),
    .source("rattler/v7-pixi-build-git-rev-only-source-lock.yml", ["default/linux-64": "'pixi-rev-package'"]),
    .source("rattler/v7-pixi-build-git-tag-source-lock.yml", ["default/linux-64": "'pixi-tag-package'"]),
    .source("rattler/v7-pixi-build-pinned-source-lock.yml", ["default/linux-64": "'pixi-build-package'"]),
    .source("rattler/v7-pixi-build-url-source-lock.yml", ["default/linux-64": "'pixi-url-package'"]),
    .read("rattler/v7-python-from-conda-only-lock.yml", ["default/osx-arm64": 19]),
    .source("rattler/v7-sources-lfs-lock.yml", ["default/win-64": "'child-package'"]),
    .source("rattler/v7-sources-lock.yml", ["default/win-64": "'child-package'"]),
    .read(
        "pixi-pack/auth-pixi.lock",
        [
            "main/linux-64": 20, "main/linux-aarch64": 19, "main/osx-64": 13, "main/osx-arm64": 13,
            "main/win-64": 15,
        ]),
    .source(
        "pixi-pack/local-build-pixi.lock",
        [
            "default/linux-64": "'local-build-main-pkg'",
            "default/win-64": "local-build-main-pkg[30dd5792] @ .",
        ]),
    .read(
        "pixi-pack/mirror-middleware-pixi.lock",
        ["default/linux-64": 1, "default/linux-aarch64": 1, "default/osx-64": 1, "default/win-64": 4]),
    .read("pixi-pack/no-timestamp-pixi.lock", ["default/osx-64": 1]),
    .read(
        "pixi-pack/repodata-patches-pixi.lock",
        [
            "default/linux-64": 24, "default/linux-aarch64": 23, "default/linux-ppc64le": 25,
            "default/osx-64": 16, "default/osx-arm64": 16, "default/win-64": 18,
        ]),
    .read(
        "pixi-pack/simple-python-pixi.lock",
        [
            "default/linux-64": 25, "default/linux-aarch64": 24, "default/linux-ppc64le": 25,
            "default/osx-64": 16, "default/osx-arm64": 16, "default/win-64": 18,
        ]),
    .read(
        "pixi-pack/webserver-pixi.lock",
        [
            "default/linux-64": 74, "default/linux-aarch64": 73, "default/osx-64": 66, "default/win-64": 67,
            "prod/linux-64": 60, "prod/linux-aarch64": 59, "prod/osx-arm64": 52, "prod/win-64": 54,
        ]),
]

@Suite("A real lock of another tool", .enabled(if: Foreign.locks != nil))
struct ForeignDataTests {
    @Test("is read or refused as its name says", arguments: expectations)
    private func read(_ expectation: Expectation) throws {
        guard let bytes = try Foreign.bytes(Foreign.locks ?? "", expectation.file) else { return }
        let lock: ForeignLock
        do throws(FailureList) { lock = try ForeignLock.read(bytes, file: expectation.file) } catch {
            let reason = try #require(expectation.unread, "\(error)")
            #expect(error.description.contains(reason), "\(error)")
            #expect(
                error.failures.allSatisfy { $0.description.hasPrefix("cannot use '\(expectation.file)'") })
            #expect(!error.description.contains("password"))
            return
        }
        #expect(expectation.unread == nil)
        for (place, count) in expectation.counts {
            let packages = try packages(of: lock, place)
            #expect(packages.count == count, "\(place)")
            #expect(packages.allSatisfy { ($0.sha256 != nil) == expectation.hasDigests })
            #expect(packages.allSatisfy { $0.build != nil && $0.subdir != nil && $0.channel != nil })
        }
        for (place, reason) in expectation.refusals {
            let error = #expect(throws: FailureList.self) { try packages(of: lock, place) }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
            #expect(error?.kind == .refused)
        }
    }

    private func packages(of lock: ForeignLock, _ place: String) throws -> [ForeignLock.Package] {
        let parts = place.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return try lock.packages(platform: parts[1], environment: parts[0].isEmpty ? nil : parts[0])
    }

    @Test("has an expectation here")
    func complete() throws {
        let known = Set(expectations.map(\.file))
        for folder in ["conda-lock", "pixi-pack", "rattler"] {
            for name in try Directory.open("\(Foreign.locks ?? "")/\(folder)").names()
            where !name.hasPrefix("conda-meta-") {
                #expect(known.contains("\(folder)/\(name)"))
            }
        }
    }

    @Test("is no lock of ours, and is refused as one with sentences that name it")
    func notOurs() throws {
        let folder = "\(Foreign.locks ?? "")/conda-lock"
        for name in try Directory.open(folder).names() {
            let bytes = try #require(try Foreign.bytes(folder, name))
            let error = #expect(throws: FailureList.self) { try Lockfile.read(bytes, file: name) }
            #expect(error?.failures.allSatisfy { $0.description.hasPrefix("cannot use '\(name)'") } == true)
        }
    }
}

@Suite("A real list of addresses", .enabled(if: Foreign.lists != nil))
struct ForeignListDataTests {
    @Test(
        "is read whole",
        arguments: [
            ("explicit-env-linux-64.txt", "linux-64"), ("explicit-env-linux-aarch64.txt", "linux-aarch64"),
            ("explicit-env-linux-ppc64le.txt", "linux-ppc64le"), ("explicit-env-osx-64.txt", "osx-64"),
            ("explicit-env-osx-arm64.txt", "osx-arm64"), ("explicit-env-win-64.txt", "win-64"),
            ("ros-noetic_linux-64.txt", "linux-64"), ("vs2015_runtime_win-64.txt", "win-64"),
            ("xtensor_linux-64.txt", "linux-64"),
        ])
    func read(_ name: String, _ platform: String) throws {
        let bytes = try #require(try Foreign.bytes(Foreign.lists ?? "", name))
        let lock = try ForeignLock.read(bytes, file: name)
        let addresses = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter {
            $0.contains("://") && !$0.hasPrefix("#")
        }
        let packages = try lock.packages(platform: platform)
        #expect(packages.map { $0.location + ($0.md5.map { "#\($0)" } ?? "") } == addresses.map(String.init))
        #expect(lock.platforms.map(\.subdir) == [platform])
        #expect(throws: FailureList.self) { try lock.packages(platform: "linux-s390x") }
    }
}
