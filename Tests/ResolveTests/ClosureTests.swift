import Digests
import Failures
import Lock
import Testing
import Wheels

@testable import Resolve

private let web = ToyIndex(
    ["flask-3.0.0", "werkzeug-3.0.1", "werkzeug-2.1", "click-8.1.7", "asgiref-3.7"].map {
        "\($0)-py3-none-any.whl"
    })

private let flask = [
    "Werkzeug>=3.0.0", "click>=8.1.3", "colorama; sys_platform == 'win32'", "asgiref>=3.2; extra == 'async'",
]

private func resolve(
    _ requirements: [String], files: [String: String] = [:],
    _ metadata: [(package: String, requires: [String])], python: String? = nil, extras: [String] = ["async"]
) throws -> Resolution {
    try Wanted(inputs(requirements, files: files), on: target()).choose(from: web.files)
        .resolution(toyMetadata(metadata, python: python, extras: extras))
}

@Suite("A set of pins")
struct ClosureTests {
    @Test("is complete when every dependency that applies is pinned")
    func complete() throws {
        let resolution = try resolve(
            ["flask==3.0.0", "-r r.txt"], files: ["r.txt": "werkzeug==3.0.1\nclick==8.1.7\nasgiref==3.7"],
            [("flask 3.0.0", flask), ("werkzeug 3.0.1", []), ("click 8.1.7", []), ("asgiref 3.7", [])])
        #expect(
            resolution.packages.map(\.wheel.name.normalized) == ["asgiref", "click", "flask", "werkzeug"])
        #expect(resolution.packages[2].dependencies == ["werkzeug": ">=3.0.0", "click": ">=8.1.3"])
        // The spec asks for flask; of the requirements file, what nothing needs counts as asked for.
        #expect(resolution.packages.map(\.requested) == [true, false, true, false])
    }

    @Test("that lacks something says who needs it and what to write")
    func missing() {
        let text = problems {
            try resolve(["flask==3.0.0"], [("flask 3.0.0", flask + ["itsdangerous==2.1.2"])])
        }
        #expect(
            text.split(separator: "\n") == [
                "cannot lock flask 3.0.0 (bundle.toml, line 1): it needs Werkzeug>=3.0.0, which is not pinned: add Werkzeug==…",
                "cannot lock flask 3.0.0 (bundle.toml, line 1): it needs click>=8.1.3, which is not pinned: add click==…",
                "cannot lock flask 3.0.0 (bundle.toml, line 1): it needs itsdangerous==2.1.2, which is not pinned: add itsdangerous==2.1.2",
            ])
    }

    @Test("that lacks something which a constraint names says which version")
    func constraint() {
        let text = problems {
            try resolve(
                ["flask==3.0.0", "click==8.1.7", "-c c.txt"], files: ["c.txt": "werkzeug==3.0.1"],
                [("flask 3.0.0", flask), ("click 8.1.7", [])])
        }
        #expect(text.contains("add Werkzeug==3.0.1 (as in c.txt, line 1)"))
    }

    @Test("with a version that does not fit says so, kind refused")
    func conflict() throws {
        let metadata = [("flask 3.0.0", flask), ("werkzeug 2.1", []), ("click 8.1.7", [])]
        let error = try #require(throws: FailureList.self) {
            try resolve(["flask==3.0.0", "werkzeug==2.1", "click==8.1.7"], metadata)
        }
        #expect(
            error.description
                == "cannot lock flask 3.0.0 (bundle.toml, line 1): it needs Werkzeug>=3.0.0, and "
                + "Werkzeug is pinned as 2.1 (bundle.toml, line 2): pin one that fits")
        #expect(error.kind == .refused)
    }

    @Test("needs what an extra of a pin asks for")
    func extraOfPin() {
        let metadata = [("flask 3.0.0", flask), ("werkzeug 3.0.1", []), ("click 8.1.7", [])]
        let rest = ["werkzeug==3.0.1", "click==8.1.7"]
        #expect(throws: Never.self) { try resolve(["flask==3.0.0"] + rest, metadata) }
        #expect(
            problems { try resolve(["flask[Async]==3.0.0"] + rest, metadata) }
                .contains("it needs asgiref>=3.2, which is not pinned"))
    }

    @Test("needs what one package asks of another's extras, in any order and through itself")
    func extraOfDependency() {
        let metadata = [
            ("click 8.1.7", ["flask[async]"]),
            ("flask 3.0.0", ["asgiref; extra == 'more'", "flask[more]; extra == 'async'"]),
        ]
        #expect(
            problems { try resolve(["click==8.1.7", "flask==3.0.0"], metadata, extras: ["async", "more"]) }
                .contains(
                    "cannot lock flask 3.0.0 (bundle.toml, line 2): it needs asgiref, which is not pinned"))
    }

    @Test("that asks for an extra which there is not is complete, and it is noted")
    func unknownExtra() throws {
        let resolution = try resolve(["click[zsh]==8.1.7"], [("click 8.1.7", [])])
        #expect(resolution.notices == ["click 8.1.7 has no extra 'zsh'; nothing is added for it"])
    }

    @Test("is checked against the wheels' own Requires-Python, name and version")
    func metadata() {
        #expect(
            problems { try resolve(["click==8.1.7"], [("click 8.1.7", [])], python: ">=3.12") }
                .contains("it needs Python >=3.12, and the interpreter is 3.11.2"))
        #expect(
            problems { try resolve(["click==8.1.7"], [("click 8.1.8", [])]) }
                .contains("the METADATA of 'click-8.1.7-py3-none-any.whl' names click 8.1.8"))
        #expect(problems { try resolve(["click==8.1.7"], []) }.contains("its METADATA is missing"))
    }
}

@Suite("The lock of a resolution")
struct ResolutionTests {
    private let own = "own-1-py3-none-any.whl"

    private func resolution(_ hash: String = "") throws -> Resolution {
        var index = ToyIndex()
        index.add("click-8.1.7-py3-none-any.whl", hashed: false)
        index.add("flask-3.0.0-py3-none-any.whl")
        return try Wanted(inputs(["click==8.1.7", "flask==3.0.0", "./dist/\(own)\(hash)"]), on: target())
            .choose(from: index.files)
            .resolution(toyMetadata([("click 8.1.7", []), ("flask 3.0.0", ["click"]), ("own 1", ["flask"])]))
    }

    private func measured(_ text: String) -> Resolution.Measured { .init(sha256: SHA256.hash(text), size: 7) }

    @Test("has every wheel with digest, size, place and dependencies")
    func lock() throws {
        let resolution = try resolution()
        #expect(resolution.unmeasured.map(\.name.normalized) == ["click", "own"])
        let platform = try resolution.lock(
            contentHash: SHA256.hash("spec"), interpreter: .host,
            measured: [ProjectName("click"): measured("c"), ProjectName("own"): measured("o")])
        #expect(platform.name == "linux-64")
        #expect(platform.target.python == "3.11.2")
        #expect(platform.archives.map(\.name) == ["click", "flask", "own"])
        #expect(platform.archives.map(\.size) == [7, 100, 7])
        #expect(platform.archives[2].location == "dist/\(own)")
        #expect(platform.archives[2].dependencies == ["flask": ""])
        #expect(platform.archives[1].sha256 == SHA256.hash("flask-3.0.0-py3-none-any.whl"))
        let text = Lockfile(platforms: [platform], sources: ["bundle.toml"]).text
        #expect(try Lockfile.read(Array(text.utf8), file: "l").text == text)
    }

    @Test("is refused with a digest that is unknown, not the index's, or not allowed")
    func digests() throws {
        let unknown = problems { try resolution().lock(contentHash: SHA256.hash(""), interpreter: .host) }
        #expect(unknown.split(separator: "\n").count == 2)
        let wrong = problems {
            try resolution().lock(
                contentHash: SHA256.hash(""), interpreter: .host,
                measured: [
                    ProjectName("click"): measured("c"), ProjectName("own"): measured("o"),
                    ProjectName("flask"): measured("f"),
                ])
        }
        #expect(wrong.contains("and the index states"))
        let hash = " --hash=sha256:" + String(repeating: "0", count: 64)
        let refused = problems {
            try resolution(hash).lock(
                contentHash: SHA256.hash(""), interpreter: .host,
                measured: [ProjectName("click"): measured("c"), ProjectName("own"): measured("o")])
        }
        #expect(refused.contains("'\(own)' has the SHA-256") && refused.contains("none of those allowed"))
    }

    @Test("names no credentials")
    func credentials() {
        #expect(CleanLocation.of("https://u:p@h.example/a@b.whl") == "https://h.example/a@b.whl")
        #expect(CleanLocation.of("https://h.example/a@b.whl") == "https://h.example/a@b.whl")
        #expect(CleanLocation.of("dist/a@b.whl") == "dist/a@b.whl")
    }
}

@Suite("A target")
struct TargetTests {
    @Test("is refused where the platform has no wheels or the ABI does not belong to the version")
    func refused() {
        #expect(throws: WheelError.self) { try target("zos-z") }
        #expect(throws: WheelError.self) { try target(python: "3.11.2", abi: "cp312") }
        #expect(throws: WheelError.self) { try target(python: "three.eleven", abi: "cp311") }
        #expect(throws: Never.self) { try target(python: "3.13.0rc1", abi: "cp313t") }
    }
}
