import Conda
import Digests
import Testing

@Suite("conda-meta") struct PrefixRecordTests {
    static let digest = SHA256.hash("content")

    static var sample: PrefixRecord {
        var package = PackageRecord(
            name: "tool", version: "1.0", build: "py_0", buildNumber: 2, subdir: "linux-64",
            filename: "tool-1.0-py_0.conda")
        package.depends = ["python >=3.10", "a \"quoted\" \\ thing\u{1}"]
        package.channel = "https://channel.example/forge/"
        package.url = "https://channel.example/forge/linux-64/tool-1.0-py_0.conda"
        package.sha256 = digest
        package.md5 = String(repeating: "0", count: 32)
        package.size = 123
        package.license = "MIT"
        package.timestamp = 1_715_631_919_917
        package.trackFeatures = ["x", "y"]
        return PrefixRecord(
            package: package,
            paths: [
                .init(
                    .init(
                        path: "site-packages/tool.py", sha256: digest, size: 7,
                        placeholder: .init("/opt/old", .text)),
                    at: "lib/python3.10/site-packages/tool.py", sha256InPrefix: SHA256.hash("other")),
                .init("lib/python3.10/site-packages/__pycache__/tool.cpython-310.pyc", .bytecode),
                .init("bin/tool", .entryPoint),
                .init("lib/größe.so", .softlink, noLink: true),
            ], requestedSpecs: ["tool >=1"], extractedDirectory: "/p/pkgs/tool-1.0-py_0",
            archivePath: "/p/pkgs/tool-1.0-py_0.conda")
    }

    @Test("a record is the same text each time")
    func text() {
        #expect(Self.sample.filename == "tool-1.0-py_0.json")
        #expect(
            String(decoding: Self.sample.json(), as: UTF8.self) == #"""
                {
                  "arch": "x86_64",
                  "platform": "linux",
                  "build": "py_0",
                  "build_number": 2,
                  "channel": "https://channel.example/forge/",
                  "constrains": [],
                  "depends": [
                    "python >=3.10",
                    "a \"quoted\" \\ thing\u0001"
                  ],
                  "fn": "tool-1.0-py_0.conda",
                  "license": "MIT",
                  "md5": "00000000000000000000000000000000",
                  "name": "tool",
                  "sha256": "\#(Self.digest.hex)",
                  "size": 123,
                  "subdir": "linux-64",
                  "timestamp": 1715631919917,
                  "track_features": "x y",
                  "url": "https://channel.example/forge/linux-64/tool-1.0-py_0.conda",
                  "version": "1.0",
                  "extracted_package_dir": "/p/pkgs/tool-1.0-py_0",
                  "package_tarball_full_path": "/p/pkgs/tool-1.0-py_0.conda",
                  "link": {
                    "source": "/p/pkgs/tool-1.0-py_0",
                    "type": 3
                  },
                  "requested_spec": "tool >=1",
                  "requested_specs": [
                    "tool >=1"
                  ],
                  "files": [
                    "lib/python3.10/site-packages/tool.py",
                    "lib/python3.10/site-packages/__pycache__/tool.cpython-310.pyc",
                    "bin/tool",
                    "lib/größe.so"
                  ],
                  "paths_data": {
                    "paths": [
                      {
                        "_path": "lib/python3.10/site-packages/tool.py",
                        "file_mode": "text",
                        "prefix_placeholder": "/opt/old",
                        "path_type": "hardlink",
                        "sha256": "\#(Self.digest.hex)",
                        "sha256_in_prefix": "\#(SHA256.hash("other").hex)",
                        "size_in_bytes": 7
                      },
                      {
                        "_path": "lib/python3.10/site-packages/__pycache__/tool.cpython-310.pyc",
                        "path_type": "pyc_file"
                      },
                      {
                        "_path": "bin/tool",
                        "path_type": "unix_python_entry_point"
                      },
                      {
                        "_path": "lib/größe.so",
                        "no_link": true,
                        "path_type": "softlink"
                      }
                    ],
                    "paths_version": 1
                  }
                }

                """#)
    }

    @Test("history in conda's form, and in tools' of other names")
    func history() {
        let block = CondaHistory(
            time: "2026-11-21 10:00:00", command: ["airlift-installer", "-p", "/opt/new\nline"],
            tool: ("airlift", "0.4.0"), linked: ["c/noarch::b-1-0", "c/linux-64::a-1-0"],
            unlinked: ["c/noarch::b-0-0"],
            updateSpecs: ["python 3.10.*", "it's", "both ' and \"", #"back\slash"#])
        #expect(
            block.text == #"""
                ==> 2026-11-21 10:00:00 <==
                # cmd: airlift-installer -p /opt/new line
                # airlift version: 0.4.0
                -c/noarch::b-0-0
                +c/linux-64::a-1-0
                +c/noarch::b-1-0
                # update specs: ['python 3.10.*', "it's", 'both \' and "', 'back\\slash']

                """#)
        var record = Self.sample.package
        #expect(
            CondaHistory.distribution(of: record)
                == "https://channel.example/forge/linux-64::tool-1.0-py_0")
        record.channel = nil
        #expect(CondaHistory.distribution(of: record) == "unknown/linux-64::tool-1.0-py_0")
    }
}

@Suite("Variables of an environment") struct EnvironmentVariablesTests {
    private func package(_ text: String) throws -> EnvironmentVariables {
        try EnvironmentVariables(packageJSON: Array(text.utf8), file: "etc/conda/env_vars.d/a.json")
    }

    @Test("later documents win, and the state's win over packages'")
    func merge() throws {
        var variables = try package(#"{"A": "1", "B": "x y", "N": 3, "T": true}"#)
        variables.merge(try package(#"{"A": "2"}"#))
        variables.merge(
            try EnvironmentVariables(
                stateJSON: Array(#"{"version": 1, "env_vars": {"B": "***unset***", "C": ""}}"#.utf8)))
        #expect(variables.assignments.map { "\($0.name)=\($0.value)" } == ["A=2", "C=", "N=3", "T=True"])
    }

    @Test(
        "what would be another line of a script is refused",
        arguments: [
            #"{"A B": "1"}"#, #"{"A;rm": "1"}"#, #"{"": "1"}"#, #"{"1A": "1"}"#, #"{"A": null}"#,
            #"{"A": ["1"]}"#,
            #"{"A": "\u0000"}"#, "[]", "", #"{"A": "1""#,
        ])
    func hostile(_ text: String) {
        #expect(throws: CondaError.self) { try package(text) }
        #expect(throws: Never.self) { try package(#"{"_a1": "any $(value) 'of text'\n"}"#) }
    }

    @Test("state is written as it is read")
    func state() throws {
        let variables = EnvironmentVariables(["B": "2", "A": "größe \"x\""])
        let json = variables.stateJSON()
        #expect(
            String(decoding: json, as: UTF8.self) == """
                {
                  "env_vars": {
                    "A": "größe \\"x\\"",
                    "B": "2"
                  }
                }

                """)
        #expect(try EnvironmentVariables(stateJSON: json) == variables)
    }
}
