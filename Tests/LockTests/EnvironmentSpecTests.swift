import Digests
import Failures
import Testing

@testable import Lock

private func read(_ text: String) throws -> EnvironmentSpec {
    try EnvironmentSpec.read(Array(text.utf8), file: "bundle.toml")
}

/// The sentences of what a spec is refused for, one a line.
private func problems(_ text: String) -> String {
    do {
        _ = try read(text)
        return "none"
    } catch { return "\(error)" }
}

private let minimal = """
    name = "payroll"
    platforms = ["linux-64"]
    [python]
    host = "3.11"

    """

@Suite("A spec")
struct EnvironmentSpecTests {
    @Test("with every key is read")
    func everyKey() throws {
        let digest = String(repeating: "ab", count: 32)
        let spec = try read(
            """
            name = "payroll"              # a comment
            summary = "Payroll services, EU – Zürich"
            platforms = ["linux-64", "linux-aarch64"]
            calver = "YY.MM.MICRO"
            default_prefix = "/opt/payroll"
            [target]
            glibc = "2.17"
            [python]
            archive = "file:///mirror/cpython.tar.gz"
            sha256 = "\(digest)"
            [conda]
            channels = ["file:///mirror/forge"]
            dependencies = ["libpq 16.4 h2d7952a_0"]
            [wheels]
            index = ["https://wheels.example/simple"]
            requirements = [
              "flask==3.0.0",
              # in between
              "./dist/payroll-7.1-py3-none-any.whl",
            ]
            [files]
            "etc/payroll.toml" = "../config/payroll.toml"
            [install]
            bytecode = "none"
            license = "LICENSE.txt"
            [state]
            paths = ["var"]
            """)
        #expect(spec.name == "payroll")
        #expect(spec.summary == "Payroll services, EU – Zürich")
        #expect(spec.platforms == ["linux-64", "linux-aarch64"])
        #expect(spec.calver == "YY.MM.MICRO")
        #expect(spec.defaultPrefix == "/opt/payroll")
        #expect(spec.glibc == GlibcVersion(major: 2, minor: 17))
        let sha256 = try #require(SHA256Digest(hex: digest))
        #expect(spec.interpreter == .archive(location: "file:///mirror/cpython.tar.gz", sha256: sha256))
        #expect(spec.channels == ["file:///mirror/forge"])
        #expect(spec.wheelIndexes == ["https://wheels.example/simple"])
        #expect(
            spec.requirements == [
                Located("flask==3.0.0", line: 17), Located("./dist/payroll-7.1-py3-none-any.whl", line: 19),
            ])
        #expect(spec.files == ["etc/payroll.toml": "../config/payroll.toml"])
        #expect(spec.bytecode == .none)
        #expect(spec.license == "LICENSE.txt")
        #expect(spec.statePaths == ["var"])
    }

    @Test("with the least is read, and the rest has defaults")
    func defaults() throws {
        let spec = try read(minimal)
        #expect(spec.calver == "YYYY.0M.0D")
        #expect(spec.glibc.description == "2.28")
        #expect(spec.wheelIndexes == nil)
        #expect(spec.bytecode == .target)
        #expect(spec.interpreter == .host(minor: "3.11"))
        #expect(spec.unsupported(file: "bundle.toml").isEmpty)
    }

    @Test("with an unknown key gets line and suggestion")
    func unknownKey() {
        #expect(
            problems(minimal + "[wheels]\nrequirments = []\n")
                == "cannot use 'bundle.toml', line 6: unknown key 'requirments' in [wheels]; did you mean 'requirements'?"
        )
        #expect(
            problems(minimal + "[whels]\n").contains("line 5: unknown key 'whels'; did you mean 'wheels'?"))
        #expect(
            problems("nmae = 'x'\n" + minimal).contains("line 1: unknown key 'nmae'; did you mean 'name'?"))
        #expect(
            problems(minimal + "[state]\nzzz = 1").contains("unknown key 'zzz' in [state]; known are paths"))
    }

    @Test("with a key twice is refused with the line")
    func duplicateKey() {
        let text = problems("name = 'a'\n" + minimal)
        #expect(text.contains("line 2: it is not valid TOML"))
        #expect(text.contains("name"))
    }

    @Test("with a value of the wrong type says what it expected and found")
    func wrongTypes() {
        let text = problems(
            """
            name = 3
            platforms = "linux-64"
            [python]
            host = 3.11
            [wheels]
            requirements = ["ok==1",
              7]
            [files]
            a = true
            """)
        #expect(text.contains("line 1: name must be a string, not the integer 3"))
        #expect(text.contains("line 2: platforms must be an array of strings, not the string \"linux-64\""))
        #expect(text.contains("line 4: [python] host must be a string, not the value 3.11 without quotes"))
        #expect(
            text.contains("line 7: each element of [wheels] requirements must be a string, not the integer 7")
        )
        #expect(text.contains("line 9: [files] \"a\" must be a string, not the boolean true"))
        #expect(text.split(separator: "\n").count == 5)
    }

    @Test(
        "with a bad value says so",
        arguments: [
            ("name = \"Payroll\"", "name must be"),
            ("name = \"-x\"", "name must be"),
            ("name = \"a\"\nsummary = \"a\\nb\"", "summary must be one line"),
            ("name = \"a\"\nplatforms = [\"linux64\"]", "did you mean 'linux-64'?"),
            ("name = \"a\"\nplatforms = []", "platforms is empty"),
            ("name = \"a\"\nplatforms = [\"linux-64\", \"linux-64\"]", "names 'linux-64' twice"),
            ("name = \"a\"\ncalver = \"YYYY.QQ\"", "unknown token 'QQ'"),
            ("name = \"a\"\ndefault_prefix = \"opt\"", "must be an absolute path"),
            ("name = \"a\"\ndefault_prefix = \"/opt/../etc\"", "must be an absolute path"),
            ("name = \"a\"\n[target]\nglibc = \"2\"", "must be two numbers"),
            ("name = \"a\"\n[python]\nhost = \"3.11\"\nconda = \"3.12\"", "not conda and host"),
            ("name = \"a\"\n[python]\n", "exactly one of conda, archive, capture and host, not none"),
            ("name = \"a\"\n[python]\narchive = \"x\"", "add sha256"),
            ("name = \"a\"\n[python]\narchive = \"x\"\nsha256 = \"12\"", "64 hexadecimal digits"),
            ("name = \"a\"\n[python]\nhost = \"3.11\"\nsha256 = \"12\"", "sha256 belongs to archive"),
            ("name = \"a\"\n[python]\nhost = \"3\"", "must be a minor version"),
            ("name = \"a\"\n[python]\ncapture = \"python3\"", "must be an absolute path"),
            ("name = \"a\"\n[wheels]\nindex = []", "index is empty"),
            ("name = \"a\"\n[files]\n\"/etc/x\" = \"x\"", "it is absolute"),
            ("name = \"a\"\n[files]\n\"../x\" = \"x\"", "'.' or '..' component"),
            ("name = \"a\"\n[install]\nbytecode = \"traget\"", "did you mean 'target'?"),
            ("name = \"a\"\n[state]\npaths = [\"a//b\"]", "empty component"),
            ("name = \"a", "line 1: it is not valid TOML"),
            ("name = \"a\\u0000b\"", "line 1: it is not valid TOML: a string holds a NUL character"),
            ("name = \"a\"\nwheels = 3", "wheels must be a table, not the integer 3"),
            ("", "it has no name"),
        ])
    func badValue(text: String, reason: String) {
        #expect(problems(text).contains(reason))
    }

    @Test("that is no UTF-8 or holds a NUL is refused")
    func bytes() {
        #expect(throws: FailureList.self) { try EnvironmentSpec.read([0x61, 0xFF], file: "b") }
        #expect(
            problems(minimal + "\0").contains(
                "line 5: it is not valid TOML: a key is expected and not a control character"))
    }

    @Test("that nests very deep is refused")
    func deep() {
        for text in [
            "a = " + String(repeating: "[", count: 100_000),
            "a = " + String(repeating: "{ a = ", count: 100_000),
            String(repeating: "a.", count: 100_000) + "a = 1",
            "[" + String(repeating: "a.", count: 100_000) + "a]",
        ] {
            #expect(throws: FailureList.self) { try read(text) }
        }
    }

    @Test("with any one byte changed or cut off is read or refused, never a fault")
    func mutations() {
        let bytes = Array((minimal + "[wheels]\nrequirements = ['a==1', \"b\"]\n").utf8)
        for index in bytes.indices {
            _ = try? EnvironmentSpec.read(Array(bytes[..<index]), file: "b")
            for byte in Array("[]{}\"'=.\\#\n".utf8) + [0, 0x80] {
                var changed = bytes
                changed[index] = byte
                if let spec = try? EnvironmentSpec.read(changed, file: "b") { #expect(!spec.name.isEmpty) }
            }
        }
    }

    @Test("means the same whatever its comments, order and spelling")
    func meaning() throws {
        let reordered = """
            # payroll
            platforms = [ 'linux-64', ]
            "name" = "payroll"
            python.host = "3.11"
            """
        #expect(try read(minimal).meaningDigest == read(reordered).meaningDigest)
        #expect(try read(minimal).meaningDigest != read(minimal + "[state]\npaths = ['var']").meaningDigest)
        #expect(
            try read(minimal).meaningDigest
                != read(minimal.replacing("3.11", with: "3.12")).meaningDigest)
    }

    @Test(
        "can carry byte code only with an interpreter that compiles it",
        arguments: ["target", "bundle", "none"])
    func bytecode(_ choice: String) throws {
        let tail = "[install]\nbytecode = '\(choice)'"
        let carried = try read(
            "name = 'a'\nplatforms = ['linux-64']\npython.capture = '/usr/bin/python3'\n\(tail)")
        #expect(carried.unsupported(file: "bundle.toml").isEmpty)
        let conda = try read(
            "name = 'a'\nplatforms = ['linux-64']\n[lock]\nfrom = 'pixi.lock'\n\(tail)")
        #expect(conda.unsupported(file: "bundle.toml").isEmpty)
        let host = try read(minimal + tail).unsupported(file: "bundle.toml")
        #expect(host.map(\.kind) == (choice == "bundle" ? [.refused] : []))
    }
}
