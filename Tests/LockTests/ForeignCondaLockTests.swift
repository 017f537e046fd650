import Failures
import Testing

@testable import Lock

private let md5 = String(repeating: "0f", count: 16)
private let sha256 = String(repeating: "ab", count: 32)

private func lock(_ packages: String, platforms: [String] = ["linux-64"]) -> String {
    """
    version: 1
    metadata:
      content_hash: {}
      channels:
      - url: https://ann:secret@conda.example/forge
        used_env_vars: [PASSWORD]
      - other
      platforms: [\(platforms.joined(separator: ", "))]
      sources: []
      added_by_another_tool: 1
    package:

    """ + packages
}

private func package(
    _ name: String, _ version: String = "1.0", url: String? = nil, manager: String = "conda",
    hash: String = "{md5: \(md5), sha256: \(sha256)}", platform: String = "linux-64", _ more: String...
) -> String {
    let url = url ?? "https://conda.example/forge/\(platform)/\(name)-\(version)-0.conda"
    return """
        - name: \(name)
          version: '\(version)'
          manager: \(manager)
          platform: \(platform)
          url: \(url)
          hash: \(hash)

        """ + (more.isEmpty ? ["optional: false"] : more).map { "  \($0)\n" }.joined()
}

@Suite("A conda-lock.yml of another tool")
struct ForeignCondaLockTests {
    @Test("gives what it says of each package")
    func fields() throws {
        let text = lock(
            package(
                "libpq", "16.2", "category: main", "optional: false", "build: '0'", "size: 99",
                "license: PostgreSQL",
                "timestamp: 1700000000000", "constrains: [postgresql >=16]", "unknown: [1, 2]",
                "dependencies: {krb5: '>=1.21,<2', openssl: '', tzcode: '*'}"))
        let lock = try Foreign.read(text)
        #expect(lock.format == .condaLock)
        #expect(lock.environments.map(\.name) == ["main"])
        #expect(lock.environments[0].channels == ["https://conda.example/forge", "other"])
        let package = try #require(try lock.packages(platform: "linux-64").first)
        #expect(package.name == "libpq" && package.version == "16.2" && package.build == "0")
        #expect(package.sha256?.hex == sha256 && package.md5 == md5 && package.size == 99)
        #expect(package.depends == ["krb5 >=1.21,<2", "openssl", "tzcode"])
        #expect(package.constrains == ["postgresql >=16"])
        #expect(package.license == "PostgreSQL" && package.timestamp == 1_700_000_000_000)
        #expect(package.subdir == "linux-64" && package.channel == "https://conda.example/forge")
        #expect(package.line == 12)
    }

    @Test("may leave out either digest, the category and the version, and list dependencies")
    func older() throws {
        let text = lock(
            package("a", hash: "{md5: \(md5)}", "dependencies: [b >=1, c]", "optional: false")
                + package("b", hash: "{sha256: \(sha256), md5: null}") + package("c", hash: "{}")
        ).replacing("version: 1\nmetadata", with: "metadata")
        let found = try Foreign.read(text).packages(platform: "linux-64", environment: "main")
        #expect(found.map(\.md5) == [md5, nil, nil])
        #expect(found.map(\.sha256?.hex) == [nil, sha256, nil])
        #expect(found[0].depends == ["b >=1", "c"])
    }

    @Test("has wheels, whose names and versions are normalized")
    func wheels() throws {
        let address = "https://wheels.example/Flask_Caching-2.00-py3-none-any.whl"
        let text = lock(
            package("python")
                + package(
                    "flask-caching", "2.0", url: "\(address)#sha256=\(sha256)", manager: "pip",
                    hash: "{sha256: \(sha256)}", "dependencies: {flask: '>=2', cachelib: '*'}")
                + package(
                    "payroll", "7.1", url: "https://elsewhere.example/payroll-7.1-py3-none-any.whl",
                    manager: "pip",
                    "source: {type: url, url: 'https://own.example/payroll-7.1-py3-none-any.whl'}"))
        let found = try Foreign.read(text).packages(platform: "linux-64")
        #expect(found.map(\.kind) == [.conda, .wheel, .wheel])
        #expect(found[1].name == "flask-caching" && found[1].version == "2.0" && found[1].location == address)
        #expect(found[1].depends == ["flask >=2", "cachelib"])
        #expect(found[2].location == "https://own.example/payroll-7.1-py3-none-any.whl")
    }

    @Test("gives main, and the categories that are asked for beside it")
    func categories() throws {
        let text = lock(
            package("a", "1.0", "category: main", "optional: false")
                + package("b", "1.0", "category: dev", "optional: true")
                + package("a", "1.0", "category: dev", "optional: true")
                + package("c", "1.0", "categories: [dev, test]", "optional: true"))
        let lock = try Foreign.read(text)
        func names(_ environment: String?) throws -> [String] {
            try lock.packages(platform: "linux-64", environment: environment).map(\.name)
        }
        #expect(lock.environments.map(\.name) == ["main", "dev", "test"])
        #expect(try names(nil) == ["a"])
        #expect(try names("main") == ["a"])
        #expect(try names("dev") == ["a", "b", "c"])
        #expect(try names("test") == ["a", "c"])
        #expect(try names("main, test") == ["a", "c"])
        #expect(
            Foreign.problems(text, platform: "linux-64", environment: "tests").contains(
                "it has no category 'tests'; it has main, dev, test; did you mean 'test'?"))
    }

    @Test("gives each platform its own, noarch packages too")
    func platforms() throws {
        let text = lock(
            package("a", url: "https://conda.example/forge/noarch/a-1.0-0.conda")
                + package("a", platform: "osx-64"), platforms: ["linux-64", "osx-64", "win-64"])
        let lock = try Foreign.read(text)
        #expect(try lock.packages(platform: "linux-64").map(\.subdir) == ["noarch"])
        #expect(try lock.packages(platform: "osx-64").map(\.subdir) == ["osx-64"])
        #expect(try lock.packages(platform: "win-64").isEmpty)
        #expect(
            Foreign.problems(text, platform: "linux-aarch64").contains(
                "it is not locked for linux-aarch64, but for linux-64, osx-64, win-64"))
    }

    @Test("leaves out virtual packages, which no tool installs")
    func virtual() throws {
        let text = lock(package("__glibc", url: "''") + package("a"))
        #expect(try Foreign.read(text).packages(platform: "linux-64").map(\.name) == ["a"])
    }

    @Test("that is malformed is refused with the line and the reason")
    func malformed() {
        func found(_ text: String) -> String { Foreign.problems(text, platform: "linux-64") }
        #expect(found(lock(package("a"))) == "none")
        #expect(found(lock(package("a", hash: "{md5: xyz}"))).contains("line 17: md5 must be 32"))
        #expect(found(lock(package("a", hash: "{sha256: \(md5)}"))).contains("line 17: sha256 must be 64"))
        #expect(found(lock(package("a", hash: "[]"))).contains("hash must be a mapping, not a list"))
        #expect(
            found(lock(package("a", manager: "npm"))).contains(
                "line 14: manager must be conda or pip, not 'npm'"))
        #expect(
            found(lock(package("a", platform: "osx-64"))).contains(
                "line 15: package 'a' is for platform 'osx-64', which platforms does not name"))
        #expect(
            found(lock(package("a", url: "https://h/forge/win-64/a-1.0-0.conda"))).contains(
                "line 12: 'a-1.0-0.conda' is for win-64, and linux-64 is asked for"))
        #expect(
            found(lock(package("a", url: "https://h/linux-64/b-1.0-0.conda"))).contains(
                "line 12: in the package of this line, the name is 'a', but the file is 'b-1.0-0.conda'"))
        #expect(found(lock(package("a", "1.0", "build: '7'"))).contains("the build is '7'"))
        #expect(found(lock(package("a", url: "''"))).contains("the address is empty"))
        #expect(
            found(lock(package("a", url: "https://h/$CHANNEL/a-1.0-0.conda"))).contains(
                "environment variable"))
        #expect(found(lock(package("a", "1.0", "size: -1"))).contains("size must be a number"))
        #expect(found(lock("- name: a\n")).contains("line 12: a package has no version"))
        #expect(found(lock("- [a]\n")).contains("line 12: a package must be a mapping"))
        #expect(found(lock("  a\n")).contains("package must be a list"))
        #expect(
            found(lock("", platforms: ["linux-64", "linux-64"])).contains("platforms names 'linux-64' twice"))
        #expect(found(lock("", platforms: ["linux_64"])).contains("'linux_64' is no platform of conda"))
        #expect(found("package: []\n").contains("the lock has no metadata"))
        #expect(found(lock(package("a") + package("a"))) == "none")
        #expect(
            found(lock(package("a") + package("a", "2.0"))).contains(
                "line 19: 'a' is locked twice for linux-64"))
    }

    @Test("of another version is refused with the version and what to do")
    func versions() {
        let text = lock(package("a"))
        for (version, part) in [
            ("2", "it is a pixi.lock of version 2"), ("3", "it is a pixi.lock of version 3"),
            ("4", "it is a conda-lock.yml of version 4"), ("0", "it is a conda-lock.yml of version 0"),
            ("'1'", "version must be a number"), ("1.0", "version must be a number"),
            ("[]", "version must be a number"),
        ] {
            let found = Foreign.problems(text.replacing("version: 1\nm", with: "version: \(version)\nm"))
            #expect(found.contains("line 1: \(part)"), "\(found)")
        }
    }

    @Test("keeps passwords and tokens to itself, also in what it reports")
    func credentials() throws {
        let address = "https://ann:secret@conda.example/t/tk-secret/forge/linux-64/a-1.0-0.conda"
        let lock1 = try Foreign.read(lock(package("a", url: address) + package("b")))
        let found = try lock1.packages(platform: "linux-64")
        #expect(found[0].location == "https://conda.example/forge/linux-64/a-1.0-0.conda")
        #expect(found.map(\.hadCredentials) == [true, false])
        #expect(lock1.hostsWithCredentials == ["conda.example"])
        #expect(!"\(lock1)".contains("secret"))
        for text in [
            lock(package("b", url: address)), lock(package("a", url: address + "#x", hash: address)),
            lock(package("a", url: "\(address) \(address)")), lock(package(address)),
            lock(package("a", platform: address)), lock(package("a", "1.0", "\(address): [x")),
        ] {
            let found = Foreign.problems(text, platform: "linux-64")
            #expect(found != "none" && !found.contains("secret"), "\(found)")
        }
    }
}
