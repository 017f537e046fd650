import Conda
import Failures
import TestSupport
import Testing

@Suite("What a conda package says of itself") struct CondaPackageInfoTests {
    private static let index = #"{"name": "tool", "version": "1.0", "build": "py_0", "build_number": 0}"#
    private static let paths = #"{"paths_version": 1, "paths": []}"#

    private func info(_ files: [String: String], names: [String] = []) throws -> CondaPackageInfo {
        try CondaPackageInfo(
            files: files.mapValues { Array($0.utf8) }, names: names, filename: "tool-1.0-py_0.conda")
    }

    private func record(_ members: String, filename: String = "tool-1.0-py_0.conda") throws -> PackageRecord {
        let stated = #""name": "tool", "version": "1.0", "build": "py_0""#
        return try PackageRecord(indexJSON: Array("{\(stated)\(members)}".utf8), filename: filename)
    }

    @Test("index.json of today")
    func index() throws {
        let record = try record(
            """
            , "build_number": 3, "subdir": "linux-64", "arch": "x86_64", "platform": "linux",
            "depends": ["python >=3.10", "__glibc >=2.17"], "constrains": ["old <2"], "license": "MIT",
            "license_family": "MIT", "timestamp": 1715631919917, "python_site_packages_path": "lib/python3.13t/site-packages"
            """)
        #expect(record.buildNumber == 3)
        #expect(record.subdir == "linux-64")
        #expect(record.depends == ["python >=3.10", "__glibc >=2.17"])
        #expect(record.constrains == ["old <2"])
        #expect(record.license == "MIT")
        #expect(record.timestamp == 1_715_631_919_917)
        #expect(record.pythonSitePackagesPath == "lib/python3.13t/site-packages")
        #expect(record.noarch == nil)
    }

    @Test("index.json of other years")
    func oldIndex() throws {
        let record = try record(
            """
            , "build_number": "3", "arch": "x86_64", "platform": "linux", "depends": null, "noarch": true,
            "license": ["MIT", "BSD"], "timestamp": 1500000000, "track_features": "a,b c", "features": null,
            "constrains": [null, "old <2"], "has_prefix": false, "requires": []
            """)
        #expect(record.buildNumber == 3)
        #expect(record.subdir == "linux-64")
        #expect(record.depends.isEmpty)
        #expect(record.constrains == ["old <2"])
        #expect(record.license == "MIT, BSD")
        #expect(record.timestamp == 1_500_000_000_000)
        #expect(record.trackFeatures == ["a", "b", "c"])
        #expect(record.noarch == .generic)
    }

    @Test(
        "noarch in all its forms",
        arguments: [
            ("\"python\"", PackageRecord.Noarch.python), ("\"generic\"", .generic), ("true", .generic),
            ("false", nil), ("null", nil),
        ])
    func noarch(_ text: String, _ expected: PackageRecord.Noarch?) throws {
        #expect(try record(#", "build_number": 0, "noarch": \#(text)"#).noarch == expected)
    }

    @Test(
        "index.json is refused where it is of another package, or no such document",
        arguments: [
            ("tool-1.0-py_1.conda", #", "build_number": 0"#),
            ("tool-1.1-py_0.tar.bz2", #", "build_number": 0"#),
            ("tools-1.0-py_0.conda", #", "build_number": 0"#), ("tool-1.0-py_0.zip", #", "build_number": 0"#),
            ("../tool-1.0-py_0.conda", #", "build_number": 0"#), ("tool-1.0-py_0.conda", ""),
            ("tool-1.0-py_0.conda", #", "build_number": "x""#),
            ("tool-1.0-py_0.conda", #", "build_number": -1"#),
            ("tool-1.0-py_0.conda", #", "build_number": 0, "noarch": "ruby""#),
            ("tool-1.0-py_0.conda", #", "build_number": 0, "depends": "python""#),
            ("tool-1.0-py_0.conda", #", "build_number": 0, "depends": ["#),
        ])
    func refusedIndex(_ filename: String, _ members: String) {
        let refusal = failure { _ = try record(members, filename: filename) }
        #expect(refusal?.kind == .damaged)
        #expect(throws: Never.self) { try record(#", "build_number": 0"#, filename: "tool-1.0-py_0.tar.bz2") }
    }

    @Test("all files together")
    func together() throws {
        let info = try info(
            [
                "info/index.json": Self.index,
                "info/paths.json": """
                {"paths_version": 1, "paths": [
                 {"_path": "bin/.tool-post-link.sh"}, {"_path": "bin/.tool-pre-unlink.sh"}, {"_path": "bin/.other-pre-link.sh"},
                 {"_path": "Menu/tool.json"}, {"_path": "Menu/tool.png"}, {"_path": "etc/conda/activate.d/z.sh"},
                 {"_path": "etc/conda/activate.d/Z.sh"}, {"_path": "etc/conda/activate.d/deep/x.sh"},
                 {"_path": "etc/conda/deactivate.d/z.sh"}, {"_path": "etc/conda/env_vars.d/tool.json"}]}
                """,
                "info/link.json": """
                {"noarch": {"type": "python", "entry_points": ["tool = tool.cli:main"]}, "package_metadata_version": 1,
                 "preferred_env": {"name": "_tool_"}}
                """,
                "info/about.json":
                    #"{"license": "MIT", "summary": "a tool", "home": ["https://tool.example"], "extra": {}}"#,
            ],
            names: [
                "info/index.json", "info/licenses/b.txt", "info/licenses/a/LICENSE", "info/recipe/meta.yaml",
            ])
        #expect(info.noarch == .python)
        #expect(info.entryPoints.map(\.command) == ["tool"])
        #expect(info.license == "MIT")
        #expect(info.about?.home == "https://tool.example")
        #expect(info.licenseFiles == ["a/LICENSE", "b.txt"])
        #expect(info.linkScripts.map(\.action) == [.postLink, .preUnlink])
        #expect(info.menus == ["Menu/tool.json"])
        #expect(info.activationScripts == ["etc/conda/activate.d/Z.sh", "etc/conda/activate.d/z.sh"])
        #expect(info.deactivationScripts == ["etc/conda/deactivate.d/z.sh"])
        #expect(info.environmentVariables == ["etc/conda/env_vars.d/tool.json"])
    }

    @Test("the lists of a package from before paths.json")
    func legacy() throws {
        let info = try info([
            "info/index.json": Self.index, "info/files": "a\nb\nc\n", "info/has_prefix": "a\n",
            "info/no_link": "b", "info/no_softlink": "c\n",
            "info/package_metadata.json": #"{"package_metadata_version": 1, "noarch": {"type": "generic"}}"#,
        ])
        #expect(info.paths.source == .legacyFiles)
        #expect(info.paths.entries.map(\.noLink) == [false, true, true])
        #expect(info.paths.entries[0].placeholder != nil)
        #expect(info.noarch == .generic)
    }

    @Test("every fault of every file is named")
    func faults() throws {
        let refusal = failure {
            _ = try info([
                "info/index.json": "{}",
                "info/paths.json": #"{"paths_version": 1, "paths": [{"_path": "../a"}]}"#,
                "info/link.json":
                    #"{"package_metadata_version": 1, "noarch": {"type": "python", "entry_points": ["x = y:z z"]}}"#,
            ])
        }
        #expect((refusal as? FailureList)?.failures.count == 3)
    }

    @Test("a package without index or list of files is refused")
    func missing() throws {
        #expect(
            failure { _ = try info(["info/paths.json": Self.paths]) }?.description.contains("index.json")
                == true)
        #expect(
            failure { _ = try info(["info/index.json": Self.index]) }?.description.contains("paths.json")
                == true)
        #expect(throws: Never.self) {
            try info([
                "info/index.json": Self.index, "info/paths.json": Self.paths, "info/about.json": "broken",
            ])
        }
    }

    @Test("link.json of an unknown version is refused, where it could mean anything")
    func linkVersion() {
        #expect(throws: CondaError.self) {
            try LinkJSON(json: Array(#"{"package_metadata_version": 2}"#.utf8))
        }
        #expect(throws: Never.self) { try LinkJSON(json: Array(#"{"package_metadata_version": 1}"#.utf8)) }
    }

    @Test("only the small files are asked for")
    func wanted() {
        #expect(CondaPackageInfo.isWanted("info/index.json"))
        #expect(CondaPackageInfo.isWanted("info/has_prefix"))
        #expect(!CondaPackageInfo.isWanted("info/recipe/meta.yaml"))
        #expect(!CondaPackageInfo.isWanted("info/test/run_test.py"))
    }
}
