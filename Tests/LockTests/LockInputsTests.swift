import Digests
import Failures
import Testing
import Wheels

@testable import Lock

private struct NoSuchFile: Error {}

private func gather(_ requirements: [String], files: [String: String] = [:]) throws -> LockInputs {
    var spec = EnvironmentSpec(name: "demo", platforms: ["linux-64"], interpreter: .host(minor: "3.11"))
    spec.requirements = requirements.enumerated().map { Located($0.element, line: $0.offset + 1) }
    return try LockInputs.gather(spec, specFile: "bundles/demo/bundle.toml") { path in
        guard let text = files[path] else { throw NoSuchFile() }
        return Array(text.utf8)
    }
}

private func problems(_ requirements: [String], files: [String: String] = [:]) -> String {
    do {
        _ = try gather(requirements, files: files)
        return "none"
    } catch { return "\(error)" }
}

private let a = String(repeating: "a1", count: 32)
private let b = String(repeating: "b2", count: 32)

@Suite("What a spec asks for")
struct LockInputsTests {
    @Test("is pins with extras, markers and digests")
    func pins() throws {
        let inputs = try gather([
            "Flask_SQLAlchemy[async, Test]==3.1.0 ; python_version >= '3.8' --hash=sha256:\(a) --hash sha256:\(b)",
            "zope.interface === 6.0",
        ])
        #expect(inputs.pins.count == 2)
        let pin = inputs.pins[0]
        #expect(pin.name.normalized == "flask-sqlalchemy")
        #expect("\(pin.version)" == "3.1.0")
        #expect(pin.extras.map(\.normalized).sorted() == ["async", "test"])
        #expect(pin.marker != nil)
        #expect(pin.hashes.map(\.hex) == [a, b])
        #expect(pin.place == Place(file: "bundles/demo/bundle.toml", line: 1))
        #expect(pin.isNamedBySpec)
        #expect(inputs.sources == ["bundle.toml"])
    }

    @Test("can be in requirements files, with comments, continued lines and nested files")
    func requirementsFile() throws {
        let inputs = try gather(
            ["-r reqs/base.txt"],
            files: [
                "reqs/base.txt": """
                \u{FEFF}# made by hand
                flask==3.0.0 \\
                    --hash=sha256:\(a) \\
                    --hash=sha256:\(b)   # via nothing

                  # indented comment
                --only-binary :all:
                -r ../more.txt\r
                ../dist/payroll-7.1-py3-none-any.whl
                werkzeug==3.0.1 \\
                # a comment ends it
                blinker==1.7.0#no-comment-without-space
                """.replacing("#no-comment-without-space", with: ""),
                "more.txt": "click==8.1.7",
            ])
        #expect(
            inputs.pins.map { "\($0.name)==\($0.version)" } == [
                "blinker==1.7.0", "click==8.1.7", "flask==3.0.0", "werkzeug==3.0.1",
            ])
        #expect(inputs.pins[2].hashes.count == 2)
        #expect(inputs.pins[2].place == Place(file: "reqs/base.txt", line: 2))
        #expect(!inputs.pins[2].isNamedBySpec)
        #expect(inputs.wheels.map(\.location) == ["dist/payroll-7.1-py3-none-any.whl"])
        #expect(inputs.sources == ["bundle.toml", "reqs/base.txt", "more.txt"])
    }

    @Test("can be wheels by path and by URL")
    func wheels() throws {
        let inputs = try gather([
            "./dist/payroll-7.1-py3-none-any.whl[eu] ; sys_platform == 'linux'",
            "tools @ file:///srv/tools-1.0-py3-none-any.whl",
            "https://wheels.example/a%2Bb/fast-1.0%2Bcpu-py3-none-any.whl#sha256=\(a)",
            "fast2[x] @ https://wheels.example/fast2-1.0-py3-none-any.whl --hash=sha256:\(b)",
        ])
        #expect(
            inputs.wheels.map(\.location) == [
                "dist/payroll-7.1-py3-none-any.whl", "file:///srv/tools-1.0-py3-none-any.whl",
                "https://wheels.example/a%2Bb/fast-1.0%2Bcpu-py3-none-any.whl",
                "https://wheels.example/fast2-1.0-py3-none-any.whl",
            ])
        #expect(inputs.wheels.map(\.isLocal) == [true, true, false, false])
        #expect(inputs.wheels[0].extras.map(\.normalized) == ["eu"])
        #expect(inputs.wheels[0].marker != nil)
        #expect("\(inputs.wheels[2].filename.version)" == "1.0+cpu")
        #expect(inputs.wheels[2].hashes.map(\.hex) == [a])
        #expect(inputs.wheels[3].hashes.map(\.hex) == [b])
    }

    @Test("takes versions from constraints, which are no requests")
    func constraints() throws {
        let inputs = try gather(
            ["flask>=3", "-c constraints.txt"],
            files: ["constraints.txt": "Flask==3.0.0\nwerkzeug==3.0.1"])
        #expect(inputs.pins.map { "\($0.name)==\($0.version)" } == ["flask==3.0.0"])
        #expect(inputs.constraints.map(\.name.normalized) == ["flask", "werkzeug"])
    }

    @Test(
        "and cannot be had gets a sentence",
        arguments: [
            ("flask", "line 1: 'flask' is asked for without a version; ranges come with resolving"),
            ("flask>=3,<4", "'flask<4,>=3' is no exact pin; ranges come"),
            ("flask==3.*", "is no exact pin"),
            ("flask==3.0,<2", "is no exact pin"),
            ("flask===new", "is no exact pin"),
            ("flask=3.0", "'flask=3.0' is no requirement (PEP 508)"),
            ("flask==3.0; python_versio > '3'", "is no requirement (PEP 508)"),
            ("-i https://wheels.example/simple", "name the index in the spec: [wheels] index"),
            ("--extra-index-url=https://wheels.example/simple", "name the index in the spec"),
            ("-e .", "build a wheel and name its path"),
            ("./dist/payroll", "is a path and no wheel"),
            ("./dist/payroll-7.1.tar.gz", "is a path and no wheel"),
            ("dist/payroll.whl", "'payroll.whl' is no file name of a wheel"),
            ("git+https://git.example/x", "has the scheme git+https"),
            ("x @ git+https://git.example/x", "has the scheme git+https"),
            ("x @ https://h.example/x-1.tar.gz#sha256=\(a)", "is no wheel"),
            ("x @ https://h.example/x-1-py3-none-any.whl", "add #sha256=… to it"),
            (
                "x @ https://h.example/y-1-py3-none-any.whl#sha256=\(a)",
                "'x' is asked for, but the wheel at its URL is of 'y'"
            ),
            ("flask==3.0 --hash=md5:12", "only sha256:… is taken"),
            ("flask==3.0 --hash=sha256:12", "not 64 hexadecimal digits"),
            (
                "flask==3.0 --config-settings x=y",
                "the option --config-settings of 'flask==3.0' is not supported"
            ),
            ("flask==${V}", "uses an environment variable"),
            ("-r", "-r names no file"),
            ("-r missing.txt", "'missing.txt' cannot be read"),
            ("-r https://h.example/r.txt", "is a URL"),
            ("--hash=sha256:\(a)", "a '\\' is missing on the line before"),
            ("flask==3.0.é", "is no requirement"),
            ("", "none"),
        ])
    func refused(requirement: String, reason: String) {
        // An empty string cannot come from a spec; in a file it is an empty line.
        let text = requirement.isEmpty ? "none" : problems([requirement])
        #expect(text.contains(reason))
    }

    @Test("is refused all at once, and ranges with exit code 8")
    func allAtOnce() throws {
        let error = try #require(throws: FailureList.self) { try gather(["a>1", "b==1.0", "c<2", "d=1"]) }
        #expect(error.failures.count == 3)
        let range = try #require(throws: FailureList.self) { try gather(["a>1"]) }
        #expect(range.kind == .refused)
        let malformed = try #require(throws: FailureList.self) { try gather(["a=1"]) }
        #expect(malformed.kind == .damaged)
    }

    @Test("names the nested file and line of a fault, and a file that includes itself")
    func nested() {
        #expect(
            problems(["-r a.txt"], files: ["a.txt": "\n\nx>1"]).contains(
                "'a.txt', line 3: 'x>1' is no exact pin"))
        #expect(
            problems(["-r a.txt"], files: ["a.txt": "-r b.txt", "b.txt": "-r ./a.txt"])
                .contains("'a.txt' includes itself: a.txt → b.txt → a.txt"))
    }

    @Test("must agree with its constraints, and constraints must be exact")
    func constraintFaults() {
        #expect(
            problems(["flask==3.0.0", "-c c.txt"], files: ["c.txt": "flask==2.0"])
                .contains("flask is pinned as 3.0.0, and constrained to 2.0 in c.txt, line 1"))
        #expect(
            problems(["-c c.txt"], files: ["c.txt": "flask<3"]).contains(
                "the constraint 'flask<3' is no exact pin"))
        #expect(
            problems(["flask>3", "-c c.txt"], files: ["c.txt": "flask==2.0"])
                .contains("which the constraint flask==2.0 (c.txt, line 1) does not fit"))
    }

    @Test("must have digests where --require-hashes says so")
    func requireHashes() {
        let file = "--require-hashes\nflask==3.0.0\nclick==8.1.7 --hash=sha256:\(a)"
        let text = problems(["-r r.txt"], files: ["r.txt": file])
        #expect(text.contains("'flask' has no --hash"))
        #expect(!text.contains("click"))
    }

    @Test("has a digest that depends on what is said and not on how")
    func contentHash() throws {
        let spec = EnvironmentSpec(name: "demo", platforms: ["linux-64"], interpreter: .host(minor: "3.11"))
        func hash(_ text: String, platform: String = "linux-64", local: [String: SHA256Digest] = [:]) throws
            -> SHA256Digest
        {
            try gather(["-r r.txt"], files: ["r.txt": text])
                .contentHash(of: spec, platform: platform, localWheels: local)
        }
        let one = try hash("a==1.0\nb==2.0")
        #expect(try hash("# comment\n\nb == 2.0\nA==1.0 # x") == one)
        #expect(try hash("a==1.1\nb==2.0") != one)
        #expect(try hash("a==1.0\nb==2.0", platform: "linux-aarch64") != one)
        #expect(try hash("a==1.0\nb==2.0", local: ["x.whl": SHA256.hash("x")]) != one)
    }
}
