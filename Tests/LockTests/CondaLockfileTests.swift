import Digests
import Failures
import Testing

@testable import Lock

private func digest(_ text: String) -> SHA256Digest { SHA256.hash(text) }

private func read(_ text: String) throws -> Lockfile {
    try Lockfile.read(Array(text.utf8), file: "conda-lock.yml")
}

private func problems(_ text: String) -> String {
    do {
        _ = try read(text)
        return "none"
    } catch { return "\(error)" }
}

private func package(
    _ name: String, _ version: String, _ build: String, in place: String, suffix: String = ".conda",
    spec: String? = nil, dependencies: [String: String] = [:]
) -> LockedArchive {
    let file = "\(name)-\(version)-\(build)\(suffix)"
    return LockedArchive(
        kind: .conda, name: name, version: version,
        location: "\(place)/\(file.replacing("!", with: "%21"))", filename: file, sha256: digest(file),
        md5: String(repeating: "0e", count: 16), size: 7, requested: spec != nil, spec: spec,
        dependencies: dependencies)
}

private let forge = "https://mirror.example/forge"

@Suite("A lock of conda packages")
struct CondaLockfileTests {
    static let sample = Lockfile(
        platforms: [
            .init(
                name: "linux-64", contentHash: digest("spec"),
                target: TargetDescription(
                    platform: "linux-64", python: "3.10.13", abi: "cp310",
                    glibc: GlibcVersion(major: 2, minor: 36)),
                interpreter: .conda,
                archives: [
                    LockedArchive(
                        kind: .wheel, name: "six", version: "1.16.0",
                        location: "https://wheels.example/six-1.16.0-py2.py3-none-any.whl",
                        sha256: digest("six"), size: 11_053, requested: true),
                    package(
                        "six", "1.16.0", "pyh6c4a22f_0", in: "\(forge)/noarch", suffix: ".tar.bz2",
                        dependencies: ["python": ""]),
                    package(
                        "python", "3.10.13", "0_cpython", in: "\(forge)/linux-64",
                        spec: "python =3.10.13=0_cpython",
                        dependencies: ["__glibc": ">=2.36,<3.0.a0", "python_abi": "3.10.* *_cp310"]),
                    package("odd-name", "1!2.0", "0", in: "channel/linux-64"),
                    LockedArchive(
                        kind: .conda, name: "alone", version: "1", subdir: "noarch", channel: "./dist",
                        location: "https://files.example/get?id=3", filename: "alone-1-h12e4_0.conda",
                        sha256: digest("alone"), md5: String(repeating: "1f", count: 16), requested: false),
                ])
        ], channels: ["https://user:hunter2@mirror.example/t/tk-1/forge", "channel"], sources: ["bundle.toml"]
    )
    private var sample: Lockfile { Self.sample }

    @Test("that is written and read is the same value, and written again the same bytes")
    func roundTrip() throws {
        let again = try read(sample.text)
        #expect(again == sample)
        #expect(again.text == sample.text)
        #expect(sample.channels == [forge, "channel"])
    }

    @Test("names conda packages before wheels, and knows build, subdir and channel by the place")
    func archives() throws {
        let archives = try #require(read(sample.text)[platform: "linux-64"]).archives
        #expect(archives.map(\.kind) == [.conda, .conda, .conda, .conda, .wheel])
        #expect(archives.map(\.build) == ["h12e4_0", "0", "0_cpython", "pyh6c4a22f_0", nil])
        #expect(archives.map(\.subdir) == ["noarch", "linux-64", "linux-64", "noarch", nil])
        #expect(archives.map(\.channel) == ["./dist", "channel", forge, forge, nil])
        #expect(archives[2].spec == "python =3.10.13=0_cpython")
        #expect(archives.map(\.requested) == [false, false, true, false, true])
    }

    @Test("is YAML as conda-lock writes it")
    func text() {
        let text = sample.text
        #expect(
            text.contains(
                """
                - name: python
                  version: 3.10.13
                  manager: conda
                  platform: linux-64
                  dependencies:
                    '__glibc': '>=2.36,<3.0.a0'
                    python_abi: '3.10.* *_cp310'
                  url: https://mirror.example/forge/linux-64/python-3.10.13-0_cpython.conda
                  hash:
                    md5: '\(String(repeating: "0e", count: 16))'

                """))
        #expect(text.contains("  build: '0_cpython'\n  category: main\n  optional: false\n"))
        #expect(text.contains("    airlift.linux-64.size.six: '11053'\n"))
        #expect(text.contains("    airlift.linux-64.conda-size.six: '7'\n"))
        #expect(text.contains("    airlift.linux-64.conda-requested: python\n"))
        #expect(!text.contains("hunter2") && !text.contains("tk-1"))
    }

    @Test("without conda packages says nothing of them")
    func wheelsOnly() {
        #expect(!LockfileTests.sample.text.contains("conda-"))
    }

    @Test(
        "that is malformed is refused with line and reason",
        arguments: [
            ("version: 3.10.13", "version: 3.10.14", "is not the conda package python 3.10.14 0_cpython"),
            ("- name: python\n", "- name: pythn\n", "is not the conda package pythn 3.10.13"),
            ("- name: python\n", "- name: Python\n", "'Python' is no name of a conda package in lower case"),
            (
                "  build: '0_cpython'\n", "  build: '1_cpython'\n",
                "is not the conda package python 3.10.13 1_cpython"
            ),
            (
                "/linux-64/python", "/win-64/python",
                "'python' is built for win-64, and it is locked for linux-64"
            ),
            ("/linux-64/python", "/python", "does not tell the platform of 'python'"),
            ("conda-requested: python", "conda-requested: numpy", "'numpy' is requested and not among"),
            (
                "conda-requested: python", "conda-requested: ''",
                "'python' has a conda-spec and is not requested"
            ),
            ("conda-size.six: '7'", "conda-size.six: '-7'", "must be a number of bytes, not '-7'"),
            ("conda-size.six:", "conda-size.sx:", "left-over key 'airlift.linux-64.conda-size.sx'"),
            ("conda-subdir.alone: noarch", "conda-subdir.alone: osx-64", "'alone' is built for osx-64"),
            ("-h12e4_0.conda", "-h12e4_0.zip", "'alone-1-h12e4_0.zip' is no file name of a conda package"),
            ("interpreter: conda", "interpreter: host", "none"),
            (
                "version: '1!2.0'", "version: '2.0'",
                "'odd-name-1!2.0-0.conda' is not the conda package odd-name 2.0 0"
            ),
        ])
    func malformed(old: String, new: String, reason: String) {
        #expect(sample.text.contains(old))
        #expect(problems(sample.text.replacing(old, with: new, maxReplacements: 1)).contains(reason))
    }

    @Test("may name a package once as conda's and once as a wheel, and not twice as one kind")
    func twice() {
        let text = sample.text.replacing("- name: odd-name", with: "- name: python")
        #expect(problems(text).contains("package 'python' is locked twice for linux-64"))
    }

    @Test("cut off anywhere is refused or another value, never a fault")
    func cut() {
        let text = sample.text
        for length in stride(from: 0, to: text.utf8.count - 2, by: 11) {
            if let lock = try? Lockfile.read(Array(text.utf8.prefix(length)), file: "l") {
                #expect(lock != sample)
            }
        }
    }
}
