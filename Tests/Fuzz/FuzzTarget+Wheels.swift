import Archives
import Bundle
import Digests
import Install
import TestSupport
import Wheels

extension FuzzTarget {
    static let wheels = [
        FuzzTarget(name: "wheel", run: readWheel, seeds: wheelSeeds, words: wheelWords),
        FuzzTarget(name: "metadata", run: readMetadata, seeds: metadataSeeds, words: metadataWords),
        FuzzTarget(
            name: "record", run: readRecord, seeds: recordSeeds,
            words: [",sha256=", "\"\"", "\r\n", ",,", "../"]),
        FuzzTarget(
            name: "requirement", run: readRequirement, seeds: requirementSeeds, words: requirementWords),
        FuzzTarget(name: "index-page", run: readIndexPage, seeds: indexPageSeeds, words: indexPageWords),
    ]

    /// The description of an archive that has these bytes.
    static func archive(_ kind: Manifest.Archive.Kind, _ filename: String, _ bytes: [UInt8])
        -> Manifest.Archive
    {
        Manifest.Archive(
            kind: kind, name: "demo", version: "1.0", build: kind == .conda ? "0" : nil,
            subdir: kind == .conda ? "linux-64" : nil, filename: filename, path: "archives/\(filename)",
            url: nil,
            size: UInt64(bytes.count), sha256: SHA256.hash(bytes), crc32: "00000000", license: nil,
            requested: true,
            depends: [], installed: .init(files: 1, bytes: 1), hooks: [])
    }

    static let python = Manifest.Python(
        source: .host, implementation: "cpython", version: "3.11", abi: "cp311", cacheTag: "cpython-311",
        executable: nil, sitePackages: "lib/python3.11/site-packages")

    /// The input lists members: byte 1, name, byte 2, contents. RECORD is made where it lists none, so that other
    /// faults than a wrong digest are found.
    static func readWheel(_ bytes: [UInt8]) throws {
        var members = bytes.split(separator: 1).map { part -> ZipMember in
            let fields = part.split(separator: 2, maxSplits: 1, omittingEmptySubsequences: false)
            return ZipMember(
                String(decoding: fields[0].prefix(4_000), as: UTF8.self),
                Array(fields.dropFirst().first ?? []),
                deflated: part.count % 2 == 0)
        }
        if !members.contains(where: { $0.name.suffix(7).elementsEqual("/RECORD".utf8) }) {
            let info = "demo-1.0.dist-info/RECORD"
            let lines = members.map {
                WheelBuilder.RecordLine(String(decoding: $0.name, as: UTF8.self), $0.contents).text
            }
            members.append(ZipMember(info, lines.joined() + "\(info),,\n", deflated: true))
        }
        let wheel = ZipBuilder(members).bytes
        let filename = "demo-1.0-py3-none-any.whl"
        _ = try WheelInspection.run(
            archive(.wheel, filename, wheel), in: Scratch.region(wheel, name: filename), python: python)
    }

    static func readMetadata(_ bytes: [UInt8]) throws {
        let results: [Result<Void, any Error>] = [
            Result { _ = try CoreMetadata(bytes) }, Result { _ = try WheelInfo(bytes) },
            Result { _ = try EntryPoints(bytes).commands(of: ProjectName("demo"), minorVersion: "3.11") },
            Result { _ = try Shebang.rewrite(bytes, interpreter: "/opt/demo/bin/python") },
        ]
        for result in results { try result.get() }
    }

    static func readRecord(_ bytes: [UInt8]) throws {
        let record = try RecordFile(bytes)
        let encoded = record.encoded()
        law(Set(try RecordFile(encoded).rows) == Set(record.rows), "what is encoded reads as the same rows")
        law(try RecordFile(encoded).encoded() == encoded, "one meaning has one encoding")
    }

    static func readRequirement(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let version = try? PythonVersion(text) {
            law(
                (try? PythonVersion("\(version)")) == version,
                "the text of a version reads as itself: \(version)")
        }
        if let name = try? ProjectName(text) {
            law((try? ProjectName(name.normalized)) == name, "a normal name is normal")
        }
        _ = try? VersionSpecifiers(text)
        _ = try? WheelFilename(text)
        _ = try? Marker(text)
        let reference = URLReference(text)
        _ = reference.resolving(URLReference("../other/file.whl#sha256=00"))
        let requirement = try Requirement(text)
        let written = "\(requirement)"
        law(
            (try? Requirement(written)) == requirement,
            "the text of a requirement reads as itself: \(written)")
    }

    static func readIndexPage(_ bytes: [UInt8]) throws {
        let address = "https://index.example.org/simple/demo/"
        let page = Result { try SimpleIndexPage(html: bytes, url: address) }
        _ = try SimpleIndexPage(json: bytes, url: address)
        _ = try page.get()
    }

    static let wheelWords = [
        "\u{1}demo-1.0.dist-info/METADATA\u{2}", "\u{1}demo-1.0.dist-info/WHEEL\u{2}",
        "\u{1}demo-1.0.data/scripts/x\u{2}",
        "\u{1}demo-1.0.dist-info/RECORD\u{2}", "\u{1}demo-1.0.dist-info/entry_points.txt\u{2}", "#!python\n",
        "../",
        "demo-1.0.data/purelib/", "demo-1.0.data/data/", "[console_scripts]\n", "Root-Is-Purelib: false\n",
    ]
    static let metadataWords = [
        "Metadata-Version: ", "Name: ", "Version: ", "Requires-Dist: ", "Requires-Python: ",
        "Provides-Extra: ",
        "License-Expression: ", "Classifier: ", "Wheel-Version: ", "Root-Is-Purelib: ", "Tag: ", "Build: ",
        "\n ", "\r\n",
        "[console_scripts]", "[gui_scripts]", "#!python", " = a.b:c [x]",
    ]
    static let requirementWords = [
        "python_version", "sys_platform", "extra", " and ", " or ", " not in ", " in ", "===", "~=", "==",
        "!=", ">=", ".*",
        "[a,b]", " @ ", ";", "(", ")", "'", "\"", "1!", ".post1", ".dev0", "rc1", "+local",
        "platform_release",
    ]
    static let indexPageWords = [
        "<a href=\"", "</a>", "#sha256=", "data-requires-python=\"", "data-yanked", "data-core-metadata=\"",
        "&gt;", "&#x3e;",
        "<base href=\"", "<!--", "-->", "<meta name=\"pypi:repository-version\" content=\"", "\"files\":",
        "\"hashes\":",
        "\"core-metadata\":", "\"yanked\":", "\"meta\":{\"api-version\":\"1.1\"}",
    ]

    @Sendable static func wheelSeeds() -> [[UInt8]] {
        func listed(_ members: [(String, String)]) -> [UInt8] {
            members.map { "\u{1}\($0)\u{2}\($1)" }.joined().bytes
        }
        let info = "demo-1.0.dist-info"
        let minimal = [
            ("demo/__init__.py", "x = 1\n"), ("\(info)/METADATA", WheelBuilder().metadata),
            ("\(info)/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
        ]
        let rich =
            minimal + [
                ("demo-1.0.data/scripts/tool", "#!python\nimport demo\n"),
                ("demo-1.0.data/data/share/x", "data"),
                ("demo.pth", "import demo\n"),
                ("\(info)/entry_points.txt", "[console_scripts]\ndemo = demo:main\n"),
            ]
        return [listed(minimal), listed(rich)]
    }

    @Sendable static func metadataSeeds() -> [[UInt8]] {
        [
            WheelBuilder("demo", "1.0") { $0.requires = ["other >=2; python_version<'4'"] }.metadata.bytes,
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n".bytes,
            "[console_scripts]\ndemo = demo.cli:main\nother = a:b.c [extra]\n\n[gui_scripts]\nx=y:z\n".bytes,
            "#!python -E\nprint()\n".bytes,
        ]
    }

    @Sendable static func recordSeeds() -> [[UInt8]] {
        let lines = [
            WheelBuilder.RecordLine("a.py", "a".bytes).text,
            WheelBuilder.RecordLine("b,\"c.py", "b".bytes).text,
        ]
        return [(lines.joined() + "x.dist-info/RECORD,,\n").bytes, "\"a b\",sha256=x,1\r\n".bytes]
    }

    @Sendable static func requirementSeeds() -> [[UInt8]] {
        [
            "requests[security,tests]>=2.8.1,==2.8.*;python_version<'2.7'",
            "pip @ https://example.org/pip-1.zip ; extra=='x'",
            "1!2.0.post3.dev4+local.5", "name (>=1,<2)",
            "a; (os_name=='a' or 'b' in sys_platform) and extra!='c'", "demo",
            "demo-1.0-2x-py2.py3-none-manylinux_2_17_x86_64.whl", "https://user@example.org:80/a/../b?c#d",
            "~=1.4.5a4",
        ].map(\.bytes)
    }

    @Sendable static func indexPageSeeds() -> [[UInt8]] {
        [
            "<!DOCTYPE html><html><head><meta name=\"pypi:repository-version\" content=\"1.0\"></head><body><a href=\"../../demo-1.0-py3-none-any.whl#sha256=\(SHA256.hash([]).hex)\" data-requires-python=\"&gt;=3.8\" data-yanked=\"bad\">demo-1.0-py3-none-any.whl</a></body></html>",
            "{\"meta\":{\"api-version\":\"1.1\"},\"name\":\"demo\",\"files\":[{\"filename\":\"demo-1.0-py3-none-any.whl\",\"url\":\"demo-1.0-py3-none-any.whl\",\"hashes\":{\"sha256\":\"\(SHA256.hash([]).hex)\"},\"size\":10,\"requires-python\":\">=3\",\"yanked\":false,\"core-metadata\":true}]}",
        ].map(\.bytes)
    }
}
