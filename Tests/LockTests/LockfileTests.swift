import Digests
import Failures
import Testing

@testable import Lock

private func digest(_ text: String) -> SHA256Digest { SHA256.hash(text) }

private func target(_ platform: String) -> TargetDescription {
    TargetDescription(
        platform: platform, python: "3.11.2", abi: "cp311", glibc: GlibcVersion(major: 2, minor: 28))
}

private func read(_ text: String) throws -> Lockfile {
    try Lockfile.read(Array(text.utf8), file: "conda-lock.yml")
}

private func problems(_ text: String) -> String {
    do {
        _ = try read(text)
        return "none"
    } catch { return "\(error)" }
}

@Suite("A lock")
struct LockfileTests {
    static let sample = Lockfile(
        platforms: [
            .init(
                name: "linux-64", contentHash: digest("spec"), target: target("linux-64"),
                interpreter: .archive,
                archives: [
                    LockedArchive(
                        kind: .wheel, name: "werkzeug", version: "3.0",
                        location: "https://wheels.example/a%20b/werkzeug-3.0-py3-none-any.whl#frag",
                        sha256: digest("w"), size: 1, requested: false),
                    LockedArchive(
                        kind: .wheel, name: "flask", version: "3.0.0",
                        location: "https://wheels.example/get?id=12",
                        filename: "flask-3.0.0-py3-none-any.whl",
                        sha256: digest("f"), md5: String(repeating: "0e", count: 16), size: 99_101,
                        requested: true,
                        dependencies: ["werkzeug": ">=3.0.0", "y": ""]),
                    LockedArchive(
                        kind: .wheel, name: "payroll", version: "7.1",
                        location: "dist/payroll-7.1-py3-none-any.whl", sha256: digest("p"), requested: true),
                    LockedArchive(
                        kind: .python, name: "cpython", version: "3.11.2",
                        location: "https://pythons.example/cpython-3.11.2-install_only.tar.gz",
                        sha256: digest("c"),
                        size: 30_000_000, requested: true),
                ]),
            .init(
                name: "linux-aarch64", contentHash: digest("spec2"), target: target("linux-aarch64"),
                interpreter: .host, archives: []),
        ], channels: ["forge"], sources: ["bundle.toml", "requirements – all.txt"])
    private var sample: Lockfile { Self.sample }

    @Test("that is written and read is the same value, and written again the same bytes")
    func roundTrip() throws {
        let again = try read(sample.text)
        #expect(again == sample)
        #expect(again.text == sample.text)
        let empty = Lockfile(platforms: [], sources: [])
        #expect(try read(empty.text) == empty)
    }

    @Test("does not depend on the order in which it was put together")
    func order() {
        let reversed = Lockfile(
            platforms: sample.platforms.reversed().map {
                .init(
                    name: $0.name, contentHash: $0.contentHash, target: $0.target,
                    interpreter: $0.interpreter,
                    archives: $0.archives.reversed())
            }, channels: sample.channels, sources: sample.sources)
        #expect(reversed.text == sample.text)
    }

    @Test("is YAML as conda-lock writes it")
    func text() {
        let text = sample.text
        #expect(text.contains("\nversion: 1\nmetadata:\n  content_hash:\n    linux-64: "))
        #expect(
            text.contains(
                """
                - name: flask
                  version: 3.0.0
                  manager: pip
                  platform: linux-64
                  dependencies:
                    werkzeug: '>=3.0.0'
                    'y': ''
                  url: 'https://wheels.example/get?id=12'
                """))
        #expect(text.contains("  version: '3.0'\n"))
        #expect(text.contains("    airlift.linux-64.requested: 'flask payroll'\n"))
    }

    @Test("gives a file the name that upstream gives it")
    func filenames() {
        #expect(
            LockedArchive.filename(of: "https://h/a/b-1%2Bcpu-py3-none-any.whl?x=/y#z")
                == "b-1+cpu-py3-none-any.whl")
        #expect(LockedArchive.filename(of: "dist/b%2B.whl") == "b%2B.whl")
        #expect(LockedArchive.filename(of: "b.whl") == "b.whl")
    }

    @Test(
        "that is malformed is refused with line and reason",
        arguments: [
            ("version: 1\n", "version: 2\n", "line 2: the format version must be 1, not '2'"),
            ("version: 1\n", "version: '1'\n", "line 2: the format version must be 1"),
            ("version: 1\n", "", "the lock has no version"),
            ("package:", "packages:", "unknown key 'packages' in the lock; did you mean 'package'?"),
            ("manager: pip\n", "manager: pip\n  size: 3\n", "unknown key 'size' in a package"),
            ("manager: pip", "manager: conda", "is no file name of a conda package"),
            ("manager: pip\n", "manager: pip\n  build: h1_0\n", "build belongs to conda packages"),
            ("manager: pip", "manager: npm", "manager must be pip or conda, not 'npm'"),
            ("category: main", "category: dev", "category must be main"),
            ("optional: false", "optional: true", "optional must be false"),
            ("version: '3.0'", "version: 3.0", "version must be a string, not '3.0'; put it in quotes"),
            ("  url: dist/payroll-7.1-py3-none-any.whl\n", "", "a package has no url"),
            ("url: dist/payroll-7.1-py3-none-any.whl", "url: dist/..", "'..' is no file name"),
            ("- name: werkzeug", "- name: werkzeg", "is not the wheel of werkzeg 3.0"),
            (
                "version: 3.0.0", "version: 3.0.1",
                "'flask-3.0.0-py3-none-any.whl' is not the wheel of flask 3.0.1"
            ),
            ("url: dist/payroll-7.1-py3-none-any.whl", "url: dist/payroll.whl", "is no file name of a wheel"),
            ("  - linux-64\n", "  - linux-64\n  - linux-64\n", "platforms names 'linux-64' twice"),
            ("  - linux-64\n", "", "'linux-64', which platforms does not name"),
            ("- name: payroll", "- name: flask", "package 'flask' is locked twice for linux-64"),
            ("    airlift.linux-64.glibc: '2.28'\n", "", "custom_metadata has no 'airlift.linux-64.glibc'"),
            ("glibc: '2.28'", "glibc: 'new'", "the glibc version must be like '2.28', not 'new'"),
            (
                "interpreter: archive", "interpreter: magic",
                "must be archive, capture, conda or host, not 'magic'"
            ),
            (
                "interpreter: archive", "interpreter: conda",
                "no conda package 'python' is locked for linux-64"
            ),
            ("interpreter: archive", "interpreter: host", "left-over key 'airlift.linux-64.archive.name'"),
            ("size.flask: '99101'", "size.flask: '9e9'", "must be a number of bytes, not '9e9'"),
            ("size.flask: '99101'", "size.flsk: '99101'", "left-over key 'airlift.linux-64.size.flsk'"),
            (
                "requested: 'flask payroll'", "requested: 'flask nothing'",
                "'nothing' is requested and not among"
            ),
            ("sources:", "sources: [", "it is not valid YAML"),
            ("  sources:", "  platforms: []\n  sources:", "has the key 'platforms' more than once"),
            ("  dependencies: {}", "  dependencies: []", "dependencies must be a mapping, not a list"),
        ])
    func malformed(old: String, new: String, reason: String) {
        #expect(sample.text.contains(old))
        #expect(problems(sample.text.replacing(old, with: new, maxReplacements: 1)).contains(reason))
    }

    @Test("names every fault of an input at once")
    func allFaults() {
        let text = sample.text.replacing("category: main", with: "category: dev")
            .replacing("glibc: '2.28'", with: "glibc: x")
        #expect(problems(text).split(separator: "\n").count == 5)
    }

    @Test("with a digest that is none is refused")
    func badDigest() {
        let text = sample.text.replacing(digest("p").hex, with: "12ab")
        #expect(problems(text).contains("sha256 must be a SHA-256 of 64 hexadecimal digits"))
    }

    @Test("cut off anywhere is refused or another value, never a fault")
    func cut() {
        let text = sample.text
        for length in stride(from: 0, to: text.utf8.count - 2, by: 7) {
            let prefix = Array(text.utf8.prefix(length))
            if let lock = try? Lockfile.read(prefix, file: "l") { #expect(lock != sample) }
        }
    }

    @Test("of garbage is refused", arguments: ["", "[]", "- 1", "text", "a: &b [*b]", "\t", "version: 1"])
    func garbage(text: String) {
        #expect(throws: FailureList.self) { try read(text) }
    }

    @Test("that nests a hundred thousand deep or is no UTF-8 is refused")
    func deep() {
        #expect(throws: FailureList.self) { try read(String(repeating: "[", count: 100_000)) }
        #expect(throws: FailureList.self) { try read("a: " + String(repeating: "- ", count: 100_000)) }
        #expect(throws: FailureList.self) { try Lockfile.read([0x61, 0x3A, 0x20, 0xFF], file: "l") }
    }
}

@Suite("A captured interpreter's lock")
struct CaptureLockTests {
    private let sample = CaptureLock(
        executable: "/usr/bin/python3", filename: "cpython-3.11.2-linux-64.tar.gz", sha256: digest("c"),
        size: 31_415_926, description: "{\"version\":\"3.11.2\",\"note\":\"it's\\n\"}")

    @Test("that is written and read is the same value")
    func roundTrip() throws {
        #expect(try CaptureLock.read(Array(sample.text.utf8), file: "capture.lock") == sample)
    }

    @Test(
        "with a fault is refused",
        arguments: [("size: 3", "size: -3"), ("version: 1", "version: 2"), ("sha256: ", "sha: ")])
    func malformed(old: String, new: String) {
        let text = sample.text.replacing(old, with: new)
        #expect(text != sample.text)
        #expect(throws: FailureList.self) { try CaptureLock.read(Array(text.utf8), file: "capture.lock") }
    }
}

@Suite("A string in YAML")
struct YAMLTextTests {
    @Test(
        "is quoted where a reader would take it for something else",
        arguments: [
            "", "1", "1.0", "1e5", "0x1f", "0o17", "0b1", "1_000", "12:30", "2024-01-01", "yes", "No", "y",
            "null",
            "true", "~", "a b", "a: b", "- a", "'", "\"", "a'b", "a\nb", "\u{85}", "\u{2028}", "é", "😀", "#a",
            "a #b",
            "*a", "&a", "!a", "%a", "@a", "`a", "a:", ".inf", ".nan", "3.0", "3.0.0", "1.0rc1", ">=3", "=",
            "<<",
            "12e4000000000000000000000000000000", "1.2e5", "\u{1B}", " a", "a ", "\t",
        ])
    func roundTrip(text: String) throws {
        let root = try YAMLReader.root(Array("k: \(YAMLText.string(text))\n".utf8), file: "f")
        var reader = YAMLReader(file: "f")
        #expect(reader.string(root["k"], "k") == text)
        #expect(reader.problems.isEmpty)
    }

    @Test("is plain where it can be")
    func plain() {
        for text in [
            "flask", "3.0.0", "1.0rc1", "https://h/x-1.0-py3-none-any.whl", "linux-64", digest("x").hex,
        ] {
            #expect(YAMLText.string(text) == text)
        }
    }
}
