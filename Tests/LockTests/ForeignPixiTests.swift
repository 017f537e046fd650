import Failures
import Testing

@testable import Lock

private let md5 = String(repeating: "0f", count: 16)
private let sha256 = String(repeating: "ab", count: 32)
private let forge = "https://conda.example/forge"
private let wheel = "https://wheels.example/Flask_Caching-2.0-py3-none-any.whl"

private func problems(_ text: String, _ environment: String? = nil, platform: String = "linux-64") -> String {
    Foreign.problems(text, platform: platform, environment: environment)
}

@Suite("A pixi.lock")
struct ForeignPixiTests {
    static let version5 = """
        version: 5
        environments:
          default:
            channels:
            - url: \(forge)/
            - url: other
            indexes: ['https://ann:secret@wheels.example/simple']
            packages:
              linux-64:
              - conda: \(forge)/linux-64/a-1.0-h1_7.conda
              - conda: \(forge)/noarch/b-2-pyhd_0.conda
              - pypi: \(wheel)
                extras: [redis]
              osx-64:
              - conda: \(forge)/noarch/b-2-pyhd_0.conda
          second:
            channels: []
            packages:
              osx-64:
              - conda: \(forge)/noarch/b-2-pyhd_0.conda
        packages:
        - kind: conda
          name: a
          version: '1.0'
          build: h1_7
          build_number: 7
          subdir: linux-64
          url: \(forge)/linux-64/a-1.0-h1_7.conda
          sha256: \(sha256)
          md5: \(md5)
          depends:
          - b >=2,<3.0a0
          constrains:
          - c 1.*
          arch: x86_64
          platform: linux
          license: MIT
          size: 123
          timestamp: 1700000000000
        - kind: conda
          name: b
          version: '2'
          build: pyhd_0
          subdir: noarch
          noarch: python
          url: \(forge)/noarch/b-2-pyhd_0.conda
          sha256: \(sha256)
        - kind: pypi
          name: flask-caching
          version: '2.0'
          url: \(wheel)
          sha256: \(sha256)
          requires_dist:
          - flask>=2
          requires_python: '>=3.8'

        """

    static let version6 = """
        version: 6
        environments:
          default:
            channels:
            - url: \(forge)/
            packages:
              linux-64:
              - conda: \(forge)/linux-64/a-1.0-h1_7.conda
              - conda: \(forge)/noarch/b-2-pyhd_0.conda
              - pypi: \(wheel)
        packages:
        - conda: \(forge)/linux-64/a-1.0-h1_7.conda
          sha256: \(sha256)
          md5: \(md5)
          depends:
          - b >=2,<3.0a0
          purls: []
          size: 123
        - conda: \(forge)/noarch/b-2-pyhd_0.conda
          channel: null
          sha256: \(sha256)
        - pypi: \(wheel)
          name: flask-caching
          version: '2.0'
          sha256: \(sha256)
          requires_dist:
          - flask>=2

        """

    static let version7 = version6.replacing("version: 6", with: "version: 7").replacing(
        "environments:\n",
        with: """
            platforms:
            - name: linux-64
              virtual-packages:
              - __glibc=2.28
            - name: with-cuda
              subdir: linux-64
            environments:

            """
    ).replacing("  packages:\n      linux-64", with: "  packages:\n      linux-64")

    @Test("of any version gives the same packages", arguments: [version5, version6, version7])
    func versions(_ text: String) throws {
        let lock = try Foreign.read(text)
        guard case .pixi = lock.format else { return #expect(Bool(false)) }
        #expect(lock.environments[0].channels[0] == "\(forge)/")
        let found = try lock.packages(platform: "linux-64")
        #expect(found.map(\.kind) == [.conda, .conda, .wheel])
        #expect(found.map(\.name) == ["a", "b", "flask-caching"])
        #expect(found.map(\.version) == ["1.0", "2", "2.0"])
        #expect(found.map(\.build) == ["h1_7", "pyhd_0", nil])
        #expect(found.map(\.subdir) == ["linux-64", "noarch", nil])
        #expect(found.map(\.noarch) == [nil, .python, nil])
        #expect(found.map(\.channel) == [forge, forge, nil])
        #expect(found.map(\.sha256?.hex) == [sha256, sha256, sha256])
        #expect(found.map(\.md5) == [md5, nil, nil])
        #expect(found.map(\.size) == [123, nil, nil])
        #expect(found.map(\.depends) == [["b >=2,<3.0a0"], [], ["flask>=2"]])
        #expect(found[2].location == wheel)
        #expect(try lock.packages(platform: "linux-64", environment: "default") == found)
    }

    @Test("gives the further fields of its packages, and the indexes without their passwords")
    func fields() throws {
        let lock = try Foreign.read(Self.version5)
        let found = try lock.packages(platform: "linux-64")
        #expect(found[0].constrains == ["c 1.*"])
        #expect(found.map(\.buildNumber) == [7, nil, nil])
        #expect(found[0].license == "MIT" && found[0].timestamp == 1_700_000_000_000)
        #expect(found[2].extras == ["redis"] && found[2].requiresPython == ">=3.8")
        #expect(lock.environments[0].indexes == ["https://wheels.example/simple"])
        #expect(lock.platforms.map(\.name) == ["linux-64", "osx-64"])
        #expect(try Foreign.read(Self.version7).platforms[0].virtualPackages == ["__glibc=2.28"])
    }

    @Test("names its environments and platforms where another is asked for")
    func unknown() {
        #expect(
            problems(Self.version5, "defautl").contains(
                "it has no environment 'defautl'; it has default, second; did you mean 'default'?"))
        #expect(
            problems(Self.version5, "second").contains(
                "the environment 'second' is not locked for linux-64, but for osx-64"))
        #expect(problems(Self.version5, "second", platform: "osx-64") == "none")
    }

    @Test("of version 7 finds a platform by its name, and by its subdir if there is one")
    func namedPlatforms() throws {
        let named = Self.version7.replacing("packages:\n      linux-64:", with: "packages:\n      with-cuda:")
        #expect(try Foreign.read(named).packages(platform: "with-cuda").count == 3)
        #expect(try Foreign.read(named).packages(platform: "linux-64").count == 3)
        #expect(
            problems(named, platform: "osx-64").contains(
                "not locked for osx-64, but for with-cuda (linux-64)"))
        let two = named.replacing("- name: linux-64", with: "- name: plain\n  subdir: linux-64").replacing(
            "      with-cuda:", with: "      plain: []\n      with-cuda:")
        #expect(problems(two).contains("several platforms of linux-64: plain, with-cuda"))
        #expect(
            problems(named.replacing("subdir: linux-64", with: "subdir: win-64"), platform: "with-cuda")
                .contains(
                    "'a-1.0-h1_7.conda' is for linux-64, and win-64 is asked for"))
    }

    @Test("that needs something built is refused by its name, but for environments that do not")
    func sources() throws {
        let source = Self.version7.replacing(
            "packages:\n- conda:",
            with: "  needy:\n    packages:\n      linux-64:\n      - conda_source: my-pkg[1a2b] @ ./my-pkg\n"
                + "packages:\n- conda_source: my-pkg[1a2b] @ ./my-pkg\n- conda:")
        #expect(problems(source) == "none")
        #expect(
            problems(source, "needy").contains(
                "the conda package 'my-pkg' is built from source, 'my-pkg[1a2b] @"))
        let older = Self.version6.replacing("\(forge)/linux-64/a-1.0-h1_7.conda", with: "../a").replacing(
            "  md5", with: "  name: a\n  md5")
        #expect(problems(older).contains("the conda package 'a' is built from source at '../a'"))
    }

    @Test(
        "with Python packages that are no wheels is refused with their names",
        arguments: [
            ("https://wheels.example/flask-caching-2.0.tar.gz", "is a source archive"),
            ("./flask-caching", "is a source tree"), ("git+https://h/f@main", "is taken from a repository"),
            ("git+ssh://git@h/f@main", "is taken from a repository"),
        ])
    func noWheels(_ address: String, _ part: String) {
        for text in [Self.version5, Self.version6, Self.version7] {
            let found = problems(text.replacing(wheel, with: address))
            #expect(found.contains("the Python package 'flask-caching' \(part)"), "\(found)")
        }
    }

    @Test("takes wheels of paths and direct addresses, and refuses editable ones")
    func otherWheels() throws {
        let path = Self.version5.replacing(
            "url: \(wheel)", with: "path: ./dist/flask_caching-2.0-py3-none-any.whl"
        )
        .replacing("pypi: \(wheel)", with: "pypi: ./dist/flask_caching-2.0-py3-none-any.whl")
        #expect(
            try Foreign.read(path).packages(platform: "linux-64")[2].location
                == "./dist/flask_caching-2.0-py3-none-any.whl")
        let direct = Self.version6.replacing(wheel, with: "direct+\(wheel)")
        #expect(try Foreign.read(direct).packages(platform: "linux-64")[2].location == wheel)
        let editable = Self.version6.replacing("  requires_dist", with: "  editable: true\n  requires_dist")
        #expect(problems(editable).contains("'flask-caching' is an editable source tree"))
        #expect(problems(editable.replacing("editable: true", with: "editable: false")) == "none")
    }

    @Test("reads a digest in the address of a wheel, which must agree")
    func fragment() throws {
        let text = Self.version6.replacing("\(wheel)\n", with: "\(wheel)#sha256=\(sha256)\n")
        #expect(problems(text) == "none")
        let bare = text.replacing("  version: '2.0'\n  sha256: \(sha256)\n", with: "")
        let package = try Foreign.read(bare).packages(platform: "linux-64")[2]
        #expect(package.location == wheel && package.sha256?.hex == sha256 && package.version == "2.0")
        #expect(
            problems(text.replacing("#sha256=ab", with: "#sha256=cd")).contains("but its address says cd"))
        #expect(problems(text.replacing("#sha256=ab", with: "#sha256=b")).contains("is no SHA-256"))
    }

    @Test("takes local conda packages, relative to the lock")
    func paths() throws {
        let text = Self.version6.replacing("\(forge)/linux-64/a-", with: "./output/linux-64/a-")
        let package = try Foreign.read(text).packages(platform: "linux-64")[0]
        #expect(package.location == "./output/linux-64/a-1.0-h1_7.conda")
        #expect(package.subdir == "linux-64" && package.channel == nil)
    }

    @Test("of version 6 tells packages of one place apart by their fields")
    func selectors() {
        let text = """
            version: 6
            environments:
              default:
                channels: []
                packages:
                  linux-64:
                  - conda: ../p
                    build: two
            packages:
            - {conda: ../p, name: first, version: '1', build: one, subdir: linux-64}
            - {conda: ../p, name: second, version: '1', build: two, subdir: linux-64}
            """
        #expect(problems(text).contains("line 11: the conda package 'second'"))
        #expect(
            problems(text.replacing("build: two\n", with: "build: three\n")).contains(
                "line 7: '../p' is not among the packages with these fields"))
    }

    @Test("that is malformed is refused with the line and the reason")
    func malformed() {
        let text = Self.version6
        #expect(
            problems(
                text.replacing(
                    "- conda: \(forge)/linux-64/a-1.0-h1_7.conda\n  sha", with: "- other: 1\n  sha")
            )
            .contains("line 12: a package must have one of the keys conda, pypi"))
        #expect(
            problems(
                text.replacing(
                    "packages:\n- conda: \(forge)/linux-64/a", with: "packages:\n- conda: \(forge)/linux-64/x"
                )
            )
            .contains("line 8: '\(forge)/linux-64/a-1.0-h1_7.conda' is not among the packages"))
        #expect(problems(text.replacing("md5: 0f", with: "md5: 0g")).contains("line 14: md5 must be 32"))
        #expect(
            problems(text.replacing("size: 123", with: "size: big")).contains(
                "line 18: size must be a number"))
        #expect(
            problems(text.replacing("version: '2.0'", with: "version: '2.1'")).contains(
                "the version is '2.1', but the file is 'Flask_Caching-2.0-py3-none-any.whl'"))
        #expect(
            problems(text.replacing("Flask_Caching-2.0-py3-none-any", with: "Flask_Caching")).contains(
                "is no file name of a wheel"))
        #expect(
            problems(text.replacing("a-1.0-h1_7.conda", with: "a-1.0.conda")).contains(
                "'a-1.0.conda' is no file name of a conda package"))
        #expect(
            problems(text.replacing("linux-64:\n", with: "linux-65:\n")).contains(
                "line 8: 'linux-65' is no platform of conda"))
        #expect(
            problems(Self.version5.replacing("kind: pypi", with: "kind: gem")).contains(
                "kind must be conda or pypi, not 'gem'"))
        #expect(
            problems(Self.version5.replacing("  url: \(wheel)\n", with: "")).contains(
                "has neither url nor path"))
        #expect(
            problems(text.replacing("environments:", with: "environments: x\nother:")).contains(
                "environments must be a mapping, not 'x'"))
        #expect(
            problems(text.replacing("    - url: \(forge)/", with: "    - name: x")).contains(
                "a channel has no url"))
        #expect(problems(text + "more: [").contains("it is not valid YAML"))
        #expect(problems(text.replacing("version: 6\n", with: "")).contains("the pixi.lock has no version"))
    }

    @Test("of another version is refused with the version and what to do")
    func otherVersions() {
        for (version, part) in [
            (8, "use a newer airlift"), (1000, "use a newer airlift"), (3, "lock again with a newer pixi"),
        ] {
            let found = problems(Self.version6.replacing("version: 6", with: "version: \(version)"))
            #expect(
                found.contains(
                    "line 1: it is a pixi.lock of version \(version), and versions 4 to 7 are read"))
            #expect(found.contains(part))
        }
    }

    @Test(
        "with one name twice in an environment is refused, with a wheel beside a conda package of the name not"
    )
    func duplicates() {
        let twice = Self.version6.replacing(
            "- conda: \(forge)/noarch/b-2-pyhd_0.conda", with: "- conda: \(forge)/noarch/a-2-pyhd_0.conda")
        #expect(problems(twice).contains("'a' is locked twice for linux-64, as 'a-2-pyhd_0.conda' here"))
        let beside = Self.version6.replacing("noarch/b-2-", with: "noarch/flask-caching-2-")
        #expect(problems(beside) == "none")
    }

    @Test("keeps passwords and tokens to itself")
    func credentials() throws {
        let text = Self.version6.replacing(
            "conda.example/forge", with: "ann:secret@conda.example/t/tk-secret/forge")
        let lock = try Foreign.read(text)
        #expect(!"\(lock)".contains("secret"))
        #expect(lock.hostsWithCredentials == ["conda.example"])
        #expect(try lock.packages(platform: "linux-64").map(\.hadCredentials) == [true, true, false])
        for broken in [
            text.replacing("md5: 0f", with: "md5: https://ann:secret@h/"),
            text.replacing("a-1.0-h1_7", with: "a-1.0"),
            text.replacing("packages:\n- conda", with: "packages:\n- pypi"),
            text.replacing("  purls: []", with: "  depends: {"),
        ] {
            #expect(problems(broken) != "none" && !problems(broken).contains("secret"))
        }
    }
}
