import Failures
import Testing

@testable import Lock

private let forge = "https://conda.example/forge"
private let wheel = "https://wheels.example/Flask_Caching-2.0-py3-none-any.whl"

private func problems(_ text: String) -> String { Foreign.problems(text, platform: "linux-64") }

@Suite("A pixi.lock that cannot be used")
struct ForeignPixiRefusalTests {
    @Test("that is malformed is refused with the line and the reason")
    func malformed() {
        let text = ForeignPixiTests.version6
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
            problems(ForeignPixiTests.version5.replacing("kind: pypi", with: "kind: gem")).contains(
                "kind must be conda or pypi, not 'gem'"))
        #expect(
            problems(ForeignPixiTests.version5.replacing("  url: \(wheel)\n", with: "")).contains(
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
            let found = problems(
                ForeignPixiTests.version6.replacing("version: 6", with: "version: \(version)"))
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
        let twice = ForeignPixiTests.version6.replacing(
            "- conda: \(forge)/noarch/b-2-pyhd_0.conda", with: "- conda: \(forge)/noarch/a-2-pyhd_0.conda")
        #expect(problems(twice).contains("'a' is locked twice for linux-64, as 'a-2-pyhd_0.conda' here"))
        let beside = ForeignPixiTests.version6.replacing("noarch/b-2-", with: "noarch/flask-caching-2-")
        #expect(problems(beside) == "none")
    }

    @Test("keeps passwords and tokens to itself")
    func credentials() throws {
        let text = ForeignPixiTests.version6.replacing(
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
