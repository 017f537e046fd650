import Bundle
import Digests

@testable import Audit

/// Made-up packages and manifests that read like a list.
enum Example {
    static func digest(_ text: String) -> SHA256Digest { SHA256.hash(text) }

    static func wheel(
        _ name: String, _ version: String, file: String? = nil, bytes: String? = nil,
        size: UInt64? = 1_000, license: String? = "MIT", requested: Bool = false, hooks: [String]? = []
    ) -> PackageSet.Package {
        let filename = file ?? "\(name)-\(version)-py3-none-any.whl"
        return .init(
            kind: .wheel, name: name, version: version, filename: filename, size: size,
            sha256: digest(bytes ?? filename), license: license, requested: requested, hooks: hooks)
    }

    static func conda(
        _ name: String, _ version: String, _ build: String, bytes: String? = nil
    ) -> PackageSet.Package {
        let filename = "\(name)-\(version)-\(build).conda"
        return .init(
            kind: .conda, name: name, version: version, build: build, filename: filename, size: 2_000,
            sha256: digest(bytes ?? filename), license: "BSD-3-Clause", requested: false, hooks: [])
    }

    static func set(
        _ packages: [PackageSet.Package], title: String = "payroll", files: [String: PackageSet.File]? = nil,
        facts: [Fact: String] = [:], installed: UInt64? = nil
    ) -> PackageSet {
        PackageSet(
            title: title, packages: packages, files: files, facts: facts, installedBytes: installed)
    }

    static func archive(
        _ name: String, _ version: String, kind: Manifest.Archive.Kind = .wheel, size: UInt64 = 1_000,
        requested: Bool = false, hooks: [String] = [], bytes: String = ""
    ) -> Manifest.Archive {
        let filename = "\(name)-\(version)-py3-none-any.whl"
        return Manifest.Archive(
            kind: kind, name: name, version: version, filename: filename,
            path: "archives/\(kind)s/\(filename)", url: "https://index.test/\(filename)", size: size,
            sha256: digest(filename + bytes), crc32: "00000000", license: "MIT", requested: requested,
            depends: [], installed: .init(files: 7, bytes: size &* 3), hooks: hooks)
    }

    static func manifest(
        version: String = "2026.11.21", archives: [Manifest.Archive], glibc: String? = "2.28",
        file: String = "mode = 1", installer: String = "the installer", python: String = "3.11.2"
    ) throws -> Manifest {
        let python = Manifest.Python(
            source: .capture, implementation: "cpython", version: python, abi: "cp311",
            cacheTag: "cpython-311", executable: "base/bin/python3.11",
            sitePackages: "lib/python3.11/site-packages")
        let install = Manifest.Install(bytecode: .target, defaultPrefix: nil, license: nil, state: [])
        let path = "archives/files/etc/payroll.toml"
        func entry(_ path: String, _ text: String) -> Manifest.Entry {
            .init(path: path, size: UInt64(text.utf8.count), sha256: digest(text), crc32: "00000000")
        }
        let files = [
            Manifest.File(
                path: "etc/payroll.toml", source: path, size: UInt64(file.utf8.count), sha256: digest(file),
                mode: "0644", link: nil)
        ]
        return Manifest(
            name: "payroll", version: version, serial: Serial.derived(from: version) ?? 1,
            platform: "linux-64", summary: "Payroll services",
            environment: try EnvironmentIdentity.digest(
                archives: archives, files: files, python: python, install: install),
            spec: digest("spec"), lock: digest("lock"),
            target: .init(glibc: glibc, bytes: 3_000_000, inodes: 100, longestPrefix: 200), python: python,
            archives: archives, files: files, overrides: [], install: install,
            stub: .init(size: 4_096, sha256: digest(version)),
            entries: [entry("airlift/installer-linux-64", installer), entry(path, file)],
            generator: "airlift 0.1.0")
    }
}
