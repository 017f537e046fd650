import Conda
import Digests
import Failures
import TestSupport
import Testing

/// Repodata of a text.
func withRepodata<Result>(_ text: String, _ body: (Repodata) throws -> Result) throws -> Result {
    try Array(text.utf8).withUnsafeBytes { try body(try Repodata($0, name: "noarch/repodata.json")) }
}

/// A record of the toy ecosystem, as JSON.
func record(_ name: String, _ version: String = "1.0", build: String = "0", _ more: String = "") -> String {
    let further = more.isEmpty ? "" : ", " + more
    return
        #"{"name": "\#(name)", "version": "\#(version)", "build": "\#(build)", "build_number": 0, "depends": []\#(further)}"#
}

@Suite struct RepodataTests {
    @Test func recordIsDecodedWhole() throws {
        let text = """
            {"info": {"subdir": "linux-64", "base_url": "../files/", "extra": [{}]},
             "packages": {}, "packages.conda": {"a-b-1.0-h1_2.conda": {
               "build": "h1_2", "build_number": 2, "constrains": ["c <2"], "depends": ["python >=3.8", "__glibc"],
               "license": "MIT", "license_family": "OTHER", "md5": "00112233445566778899aabbccddeeff",
               "name": "a-b", "noarch": "python", "run_exports": {"weak": ["x]}"]},
               "sha256": "\(SHA256.hash("a").hex)", "size": 12, "subdir": "noarch", "timestamp": 1700000000123,
               "track_features": "f g", "python_site_packages_path": "lib/p", "version": "1.0"}},
             "repodata_version": 2}
            """
        try withRepodata(text) { (repodata) throws in
            #expect(repodata.info.subdir == "linux-64" && repodata.info.baseURL == "../files/")
            #expect(repodata.count == 1 && repodata.names == ["a-b"])
            let found = try #require(try repodata.records(named: "a-b").first)
            #expect(found.distribution == "a-b-1.0-h1_2" && found.filename == "a-b-1.0-h1_2.conda")
            #expect(found.buildNumber == 2 && found.subdir == "noarch" && found.noarch == .python)
            #expect(found.depends == ["python >=3.8", "__glibc"] && found.constrains == ["c <2"])
            #expect(found.dependencyNames == ["python"])
            #expect(found.md5 == "00112233445566778899aabbccddeeff" && found.sha256 == SHA256.hash("a"))
            #expect(found.size == 12 && found.timestamp == 1_700_000_000_123)
            #expect(found.license == "MIT" && found.licenseFamily == "OTHER")
            #expect(found.trackFeatures == ["f", "g"] && found.pythonSitePackagesPath == "lib/p")
            #expect(try repodata.records(named: "a").isEmpty && repodata.records(named: "").isEmpty)
        }
    }

    @Test func recordOfManyYearsAgo() throws {
        let text =
            #"{"packages": {"a-1.0-0.tar.bz2": {"name": "a", "version": "1.0", "build": "0", "noarch": true, "license": null, "md5": null, "timestamp": 1500000000.0}}}"#
        try withRepodata(text) { (repodata) throws in
            let found = try #require(try repodata.records(named: "a").first)
            #expect(found.noarch == .generic && found.timestamp == 1_500_000_000_000)
            #expect(found.depends.isEmpty && found.buildNumber == 0 && found.md5 == nil && found.subdir == "")
        }
    }

    @Test func condaIsTakenBeforeTarBzip2() throws {
        let text = """
            {"packages": {"a-1.0-0.tar.bz2": \(record("a")), "a-0.9-0.tar.bz2": \(record("a", "0.9"))},
             "packages.conda": {"a-1.0-0.conda": \(record("a"))}}
            """
        try withRepodata(text) { (repodata) throws in
            #expect(try repodata.records(named: "a").map(\.filename) == ["a-0.9-0.tar.bz2", "a-1.0-0.conda"])
        }
    }

    @Test func removedPackagesAreNotOffered() throws {
        let text = """
            {"packages": {"a-1.0-0.tar.bz2": \(record("a")), "a-2.0-0.tar.bz2": \(record("a", "2.0"))},
             "removed": ["a-0.1-0.tar.bz2", "no file name", "a-2.0-0.tar.bz2"]}
            """
        try withRepodata(text) { (repodata) throws in
            #expect(try repodata.records(named: "a").map(\.version) == ["1.0"])
            #expect(try repodata.removed(named: "a") == ["a-0.1-0.tar.bz2", "a-2.0-0.tar.bz2"])
            #expect(repodata.names == ["a"])
        }
    }

    /// Neighbours of one name make a run; the order of the document must not matter for what is found.
    @Test func recordsOfOneNameMayStandAnywhere() throws {
        let names = ["a", "b", "a", "a-b", "a", "b"]
        let members = names.enumerated().map { number, name in
            #""\#(name)-\#(number)-0.conda": \#(record(name, "\(number)"))"#
        }
        try withRepodata(#"{"packages.conda": {\#(members.joined(separator: ", "))}}"#) { (repodata) throws in
            #expect(try repodata.records(named: "a").map(\.version) == ["0", "2", "4"])
            #expect(try repodata.records(named: "b").map(\.version) == ["1", "5"])
            #expect(try repodata.records(named: "a-b").map(\.version) == ["3"])
            #expect(repodata.count == 6 && repodata.names == ["a", "a-b", "b"])
        }
    }

    /// CEP 48: "Each subkey MUST be a non-empty string representing the artifact filename without its extension."
    @Test func thirdRevisionIsRead() throws {
        let text = """
            {"info": {"repodata_revisions": {"v3": {"n_packages": 2}, "v4": {"message": "Update!", "n_packages": 9}}},
             "packages.conda": {"a-1.0-0.conda": \(record("a", "1.0", #""license": "old""#))},
             "v3": {"conda": {"a-1.0-0": \(record("a", "1.0", #""license": "new", "extra_depends": {"t": ["b"]}"#)),
                              "a-3.0-0": \(record("a", "3.0"))},
                    "tar.bz2": {"a-1.0-0": \(record("a")), "a-2.0-0": \(record("a", "2.0"))},
                    "whl": {"w-1.0-0": {"anything": 1}}, "empty": {}}}
            """
        try withRepodata(text) { (repodata) throws in
            let found = try repodata.records(named: "a")
            #expect(found.map(\.filename) == ["a-1.0-0.conda", "a-2.0-0.tar.bz2", "a-3.0-0.conda"])
            #expect(found[0].license == "new")
            #expect(repodata.unread == ["v3.whl": 1])
            #expect(repodata.info.laterRevisions == ["v4": "Update!"])
        }
    }

    /// CEP 36: "An empty file MUST be considered equivalent to an empty dictionary."
    @Test(arguments: ["", " \n", "{}", #"{"packages": null, "removed": null, "info": null}"#])
    func emptyDocuments(_ text: String) throws {
        try withRepodata(text) { (repodata) throws in
            #expect(try repodata.count == 0 && repodata.records(named: "a").isEmpty)
        }
    }

    private func message(_ text: String) -> String {
        failure {
            try withRepodata(text) { (repodata) throws in
                _ = try repodata.records(named: "a")
                _ = try repodata.removed(named: "a")
            }
        }?.description ?? "no failure"
    }

    @Test(arguments: [
        (#"{"packages": {"a-1.0-0.conda": {"name": "a"#, "a string does not end"),
        (#"{"packages": {"a-1.0-0.conda": [1]}}"#, "the record 'a-1.0-0.conda' is no object"),
        (#"{"packages": {"a-1.0.conda": {}}}"#, "'a-1.0.conda' is no package file name"),
        (#"{"packages": {"--.conda": {}}}"#, "'--.conda' is no package file name"),
        (#"{"packages": {"a-1.0-0.zip": {}}}"#, "'a-1.0-0.zip' is no package file name"),
        (#"{"packages": {}, "packages": {}}"#, "second section"),
        (#"{"packages": {}} {}"#, "more follows its end"),
        (#"{"packages": 7}"#, "'{' is expected"),
        ("[]", "'{' is expected"),
        (#"{"repodata_version": 3}"#, "version 3"),
        (#"{"info": {"repodata_version": 9}}"#, "version 9"),
        (#"{"packages": {"a-1.0-0.conda": {}}}"#, "states no name"),
        (#"{"packages": {"a-1.0-0.conda": {"name": "b", "version": "1.0"}}}"#, "its name is 'b'"),
        (#"{"packages": {"a-1.0-0.conda": {"name": "a", "version": "1.1"}}}"#, "its version is '1.1'"),
        (
            #"{"packages": {"a-1.0-0.conda": {"name": "a", "version": "1.0", "build": "1"}}}"#,
            "its build is '1'"
        ),
        (#"{"packages": {"a-1.0-0.conda": {"name": 1, "version": "1.0"}}}"#, "a string is expected"),
        (#"{"packages": {"a-1.0-0.conda": {"name": "a", "version": "1.0", "sha256": "12"}}}"#, "64 hex"),
        (#"{"packages": {"a-1.0-0.conda": {"name": "a", "version": "1.0", "size": -1}}}"#, "negative"),
        (
            #"{"packages": {"a-1.0-0.conda": {"name": "a", "version": "1.0", "depends": "b"}}}"#,
            "'[' is expected"
        ),
        (#"{"packages": {"a-1.0-0.conda": {"name": "a", "version": "1.0", "noarch": "x"}}}"#, "noarch"),
    ])
    func refusesWhatIsMalformed(_ text: String, _ expected: String) {
        let message = message(text)
        #expect(message.contains(expected), "\(message)")
        #expect(message.contains("noarch/repodata.json"))
    }

    @Test func sameRecordTwiceIsRefused() {
        let member = #""a-1.0-0.conda": \#(record("a"))"#
        #expect(
            message(#"{"packages": {\#(member), \#(member)}}"#).contains("'a-1.0-0.conda' stands in it twice")
        )
    }

    /// A name becomes part of a path and of an address.
    @Test(arguments: [
        ("a", "../a-1.0-0.conda"), ("a", "a-1/0-0.conda"), ("https://h/a", "https://h/a-1.0-0.conda"),
        ("a", "a-1.0-0 .conda"), ("a", "a-1.0-\\u002e.conda"), ("..", "..-1.0-0.conda"),
        ("a", "a-1.0-é.conda"),
        ("a", "a-1.0-?x=.conda"), ("a", "a-1.0-%2e.conda"),
    ])
    func namesThatLeadElsewhereAreRefused(_ name: String, _ filename: String) {
        let text = #"{"packages": {"\#(filename)": \#(record(name))}}"#
        for wanted in [name, "../a", "a"] {
            let found = try? withRepodata(text) { try $0.records(named: wanted) }
            #expect(found?.isEmpty ?? true)
        }
    }

    @Test func everyPrefixOfADocumentIsRefused() throws {
        let text =
            #"{"info":{"subdir":"noarch"},"packages":{"a-1.0-0.conda":\#(record("a"))},"removed":["b-1-0.conda"]}"#
        _ = try withRepodata(text) { try $0.records(named: "a") }
        for count in 1..<text.utf8.count {
            let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            #expect(throws: CondaError.self) { try withRepodata(cut) { _ in } }
        }
    }

    @Test(arguments: [
        ("python", "python"), ("python >=3.8", "python"), ("NumPy=1.2", "numpy"), ("a[version=2]", "a"),
        ("conda-forge::a >=1", "a"), ("https://h/c/linux-64::a", "a"), ("a<2", "a"), (" a b", "a"),
        ("a.b_c-d~=1", "a.b_c-d"),
    ])
    func nameOfADependency(_ spec: String, _ name: String) {
        var record = PackageRecord(
            name: "x", version: "1", build: "0", buildNumber: 0, subdir: "noarch", filename: "x-1-0.conda")
        record.depends = [spec, "__glibc >=2.17", "*"]
        #expect(record.dependencyNames == [name])
    }
}
