import Conda
import Digests
import Failures
import Lock
import Testing

@testable import Resolve

private let forge = ToyChannel([
    "python 3.10.13 0_cpython": ["zlib >=1.2.13,<2.0a0", "tzdata", "__glibc >=2.17,<3.0.a0"],
    "python 3.11.9 0_cpython": ["zlib >=1.2.13,<2.0a0", "tzdata"],
    "zlib 1.2.13 h1_5": ["__glibc >=2.17"],
    "zlib 1.2.13 h1_4": [],
    "zlib 1.3.1 h2_0": ["__glibc >=2.34"],
    "tzdata 2024a h0_0@noarch": [],
    "pydantic 2.7.4 pyh_0@noarch": ["python >=3.8", "annotated-types >=0.4.0", "pydantic-core 2.18.4"],
    "pydantic-core 2.18.4 py310h_0": ["python >=3.10,<3.11.0a0", "typing-extensions >=4.6"],
    "pydantic-core 2.18.4 py311h_0": ["python >=3.11,<3.12.0a0", "typing-extensions >=4.6"],
    "annotated-types 0.7.0 pyhd8ed1ab_0@noarch": ["python >=3.7", "typing-extensions >=4.0.0"],
    "annotated-types 0.3.1 pyhd8ed1ab_0@noarch": ["python >=3.7"],
    "typing-extensions 4.12.2 pyh_0@noarch": ["python >=3.8"],
])

private let complete = ["python=3.10.13=0_cpython", "zlib 1.2.13 h1_5", "tzdata =2024a=h0_0"]

@Suite("Exact conda pins")
struct CondaPinsTests {
    @Test("are taken as they are, in the order of dependencies, with what asked for them")
    func chosen() throws {
        let selection = try pin(complete, from: forge, on: condaTarget(python: "3.10.*"))
        #expect(
            selection.records.map(\.distribution) == [
                "tzdata-2024a-h0_0", "zlib-1.2.13-h1_5", "python-3.10.13-0_cpython",
            ])
        #expect(
            selection.packages.map(\.spec) == [
                "tzdata =2024a=h0_0", "zlib 1.2.13 h1_5", "python=3.10.13=0_cpython",
            ])
        #expect(selection.packages.map(\.place?.line) == [3, 2, 1])
        #expect(selection.python?.version == "3.10.13")
    }

    @Test("that lack something say who needs it and which lines to add, for what these need in turn too")
    func missing() {
        let text = problems {
            try pin(complete + ["pydantic 2.7.4 pyh_0"], from: forge, on: condaTarget(python: "*"))
        }
        #expect(
            text.split(separator: "\n") == [
                "cannot lock pydantic 2.7.4 (bundle.toml, line 4): it needs annotated-types >=0.4.0, and no pin names it; the channel has annotated-types 0.7.0 pyhd8ed1ab_0: add \"annotated-types=0.7.0=pyhd8ed1ab_0\"",
                "cannot lock pydantic 2.7.4 (bundle.toml, line 4): it needs pydantic-core 2.18.4, and no pin names it; the channel has pydantic-core 2.18.4 py310h_0: add \"pydantic-core=2.18.4=py310h_0\"",
                "cannot lock annotated-types 0.7.0, which is to be added: it needs typing-extensions >=4.0.0 (pydantic-core too), and no pin names it; the channel has typing-extensions 4.12.2 pyh_0: add \"typing-extensions=4.12.2=pyh_0\"",
            ])
    }

    @Test("are complete with the lines that were suggested")
    func suggestions() throws {
        let first = complete + ["pydantic 2.7.4 pyh_0"]
        let added = suggested { try pin(first, from: forge, on: condaTarget(python: "*")) }
        #expect(added.count == 3)
        #expect(try pin(first + added, from: forge, on: condaTarget(python: "*")).packages.count == 7)
    }

    @Test("that lack something which goes with no pin say so")
    func unsuggestable() {
        var channel = forge
        channel.add("app 1 h_0", depends: ["lib >=2", "other"])
        channel.add("lib 1.9 h_0")
        let text = problems { try pin(["app=1=h_0"], from: channel) }
        #expect(text.contains("it needs lib >=2, and no pin names it; of the 1 packages 'lib'"))
        #expect(
            text.contains(
                "it needs other, and no pin names it; no channel has a package 'other' for linux-64"))
    }

    @Test("that are ranges are refused with the newest that matches")
    func ranges() throws {
        let text = problems { try pin(["zlib >=1.2", "python 3.10.*", "nothing"], from: forge) }
        #expect(text.contains("cannot lock 'zlib >=1.2' (bundle.toml, line 1): it is no exact pin"))
        #expect(text.contains("the newest that matches is zlib 1.3.1 h2_0: write \"zlib=1.3.1=h2_0\""))
        #expect(text.contains("write \"python=3.10.13=0_cpython\""))
        #expect(text.contains("no channel has a package 'nothing' for linux-64 or noarch"))
    }

    @Test("of what the channels do not have say what they have")
    func absent() {
        #expect(
            problems { try pin(["zlib 1.2.12 h1_5"], from: forge) }
                .contains(
                    "no such version for linux-64; there is 1.3.1, 1.2.13: the newest is \"zlib=1.3.1=h2_0\"")
        )
        #expect(
            problems { try pin(["zlib 1.2.13 h9_9"], from: forge) }
                .contains("no build 'h9_9' of that version for linux-64; there is h1_5, h1_4"))
        #expect(problems { try pin(["zlob 1 0"], from: forge) }.contains("no channel has a package 'zlob'"))
        var windows = ToyChannel()
        windows.add("zlib 1.2.13 h1_5@win-64")
        #expect(
            problems { try pin(["zlib 1.2.13 h1_5"], from: windows) }.contains(
                "no channel has a package 'zlib'"))
    }

    @Test("of one distribution in both formats take .conda")
    func formats() throws {
        for suffixes in [[".conda", ".tar.bz2"], [".tar.bz2", ".conda"]] {
            var channel = ToyChannel()
            for suffix in suffixes { channel.add("zlib 1.2.13 h1_5", suffix: suffix) }
            let selection = try pin(["zlib 1.2.13 h1_5"], from: channel)
            #expect(selection.records.map(\.filename) == ["zlib-1.2.13-h1_5.conda"])
        }
    }

    @Test("of one name must agree")
    func twice() throws {
        #expect(
            problems { try pin(["zlib 1.2.13 h1_5", "zlib 1.2.13 h1_4"], from: forge) }
                .contains("zlib is also asked for as zlib-1.2.13-h1_5 (bundle.toml, line 1); keep one"))
        #expect(try pin(["zlib 1.2.13 h1_5", "zlib=1.2.13=h1_5"], from: forge).packages.count == 1)
    }

    @Test("with a version that does not fit name both")
    func conflict() throws {
        let channel = ToyChannel(["app 1 h_0": ["lib >=2,<3"], "lib 1.9 h_0": []])
        let error = try #require(throws: FailureList.self) {
            try pin(["app=1=h_0", "lib=1.9=h_0"], from: channel)
        }
        #expect(
            error.description
                == "cannot lock app 1 (bundle.toml, line 1): it needs lib >=2,<3, and the pin is lib 1.9 h_0 (bundle.toml, line 2): pin one that fits"
        )
        #expect(error.kind == .refused)
    }

    @Test("hold what they constrain one another to")
    func constrains() throws {
        var channel = ToyChannel(["lib 1.9 h_0": [], "lib 2.1 h_0": []])
        channel.add("app 1 h_0", constrains: ["lib >=2", "never-there >=1"])
        #expect(try pin(["app=1=h_0", "lib=2.1=h_0"], from: channel).packages.count == 2)
        #expect(try pin(["app=1=h_0"], from: channel).packages.count == 1)
        #expect(
            problems { try pin(["app=1=h_0", "lib=1.9=h_0"], from: channel) }
                .contains("it goes only with lib >=2, and the pin is lib 1.9 h_0"))
    }

    @Test("need what is needed under a condition only where it holds")
    func conditions() throws {
        let channel = ToyChannel([
            "app 1 h_0": ["lib[when=\"zlib >=1.3\"]", "win[when=\"__win\"]"], "zlib 1.2 h_0": [],
            "zlib 1.3 h_0": [],
            "lib 1 h_0": [],
        ])
        #expect(try pin(["app=1=h_0", "zlib=1.2=h_0"], from: channel).packages.count == 2)
        #expect(
            problems { try pin(["app=1=h_0", "zlib=1.3=h_0"], from: channel) }.contains("add \"lib=1=h_0\""))
    }

    @Test("that need extras of others are refused")
    func extras() {
        let channel = ToyChannel(["app 1 h_0": ["lib[extras=[fast]]"], "lib 1 h_0": []])
        #expect(
            problems { try pin(["app=1=h_0", "lib=1=h_0"], from: channel) }
                .contains("extras of conda packages are not supported yet"))
    }

    @Test("with a record that cannot be read are damaged")
    func damaged() throws {
        let channel = ToyChannel(["app 1 h_0": ["lib >=2,("]])
        let error = try #require(throws: FailureList.self) { try pin(["app=1=h_0"], from: channel) }
        #expect(error.description.contains("its record names 'lib >=2,(', which is no match spec"))
        #expect(error.kind == .damaged)
    }

    @Test("are not needed: nothing at all is complete where no Python is asked for")
    func nothing() throws {
        #expect(try pin([], from: ToyChannel()).packages.isEmpty)
    }
}

@Suite("The hosts of a conda target")
struct VirtualPackagesTests {
    private func words(_ platform: String, _ overrides: [String: String] = [:]) -> [String] {
        VirtualPackages(platform: platform, glibc: GlibcVersion(major: 2, minor: 28), overrides: overrides)
            .records.values.map { "\($0.name)=\($0.version)=\($0.build)" }.sorted()
    }

    @Test("bring what their system has, and a GPU driver only where it is said")
    func defaults() {
        #expect(
            words("linux-64") == ["__archspec=1=x86_64", "__glibc=2.28=0", "__linux=4.18=0", "__unix=0=0"])
        #expect(words("osx-arm64") == ["__archspec=1=m1", "__osx=11.0=0", "__unix=0=0"])
        #expect(words("win-64") == ["__archspec=1=x86_64", "__win=0=0"])
        #expect(words("linux-64", ["CUDA": "12.4"]).contains("__cuda=12.4=0"))
        #expect(words("linux-64", ["CUDA": ""]) == words("linux-64"))
        #expect(words("linux-64", ["ARCHSPEC": "x86_64_v3"]).contains("__archspec=1=x86_64_v3"))
        #expect(words("linux-64", ["GLIBC": "2.99", "OSX": "14", "PATH": "/"]) == words("linux-64"))
    }

    @Test(
        "that lack something are told, with what to change",
        arguments: [
            ("__glibc >=2.36,<3.0.a0", "the target has glibc 2.28: raise [target] glibc"),
            ("__cuda >=12", "no GPU driver: set CONDA_OVERRIDE_CUDA"),
            ("__linux >=5.10", "is said to have 4.18: set CONDA_OVERRIDE_LINUX"),
            ("__archspec 1 x86_64_v3", "is said to have x86_64: set CONDA_OVERRIDE_ARCHSPEC"),
            ("__win", "linux-64 has no __win: pin the package's build for linux-64"),
            ("__musl", "nothing is known of __musl on the target"),
        ])
    func lacking(spec: String, reason: String) {
        let channel = ToyChannel(["app 1 h_0": [spec]])
        let text = problems { try pin(["app=1=h_0"], from: channel) }
        #expect(text.contains("it needs \(spec) of the host, and") && text.contains(reason))
    }

    @Test("meet what is said of them")
    func met() throws {
        let channel = ToyChannel([
            "app 1 h_0": [
                "__glibc >=2.36,<3.0.a0", "__cuda >=12", "__linux", "__unix", "__archspec 1 x86_64_v3",
            ]
        ])
        let target = condaTarget(glibc: "2.36", overrides: ["CUDA": "12.4", "ARCHSPEC": "x86_64_v3"])
        #expect(try pin(["app=1=h_0"], from: channel, on: target).packages.count == 1)
    }

    @Test("hold a constraint on what they have, and not on what they lack")
    func constrained() throws {
        var channel = ToyChannel()
        channel.add("app 1 h_0", constrains: ["__glibc >=2.34", "__cuda >=12"])
        #expect(try pin(["app=1=h_0"], from: channel, on: condaTarget(glibc: "2.34")).packages.count == 1)
        #expect(problems { try pin(["app=1=h_0"], from: channel) }.contains("raise [target] glibc"))
    }
}

@Suite("A foreign lock's packages")
struct LockedRecordTests {
    private let place = Place(file: "pixi.lock", line: 12)

    private func selection(_ records: [PackageRecord], _ requested: Bool? = nil, pins: [String] = []) throws
        -> CondaSelection
    {
        try CondaSelection(
            requests(pins), from: forge.records,
            locked: records.map { LockedRecord($0, isRequested: requested, place: place) },
            on: condaTarget())
    }

    @Test("are taken as they are; what nothing else needs counts as asked for, unless the lock tells")
    func taken() throws {
        let records = [toyRecord("app 1 h_0", depends: ["lib"]), toyRecord("lib 1 h_0")]
        #expect(try selection(records).packages.map(\.spec) == [nil, "app"])
        #expect(try selection(records, true).packages.map(\.spec) == ["lib", "app"])
        #expect(try selection(records, false).packages.map(\.isRequested) == [false, false])
    }

    @Test("must be complete too")
    func incomplete() {
        let text = problems { try selection([toyRecord("app 1 h_0", depends: ["lib >=1"])]) }
        #expect(
            text
                == "cannot lock app 1 (pixi.lock, line 12): it needs lib >=1, and the lock has no package of that name; lock it again with the tool that made the lock"
        )
    }

    @Test("and pins beside them are one environment")
    func beside() throws {
        let lib = toyRecord("lib 1 h_0", depends: ["zlib <1.3"])
        let both = try selection([lib], pins: ["zlib 1.2.13 h1_5"])
        #expect(both.packages.map(\.spec) == ["zlib 1.2.13 h1_5", "lib"])
        #expect(
            problems { try selection([lib], pins: ["zlib 1.3.1 h2_0"]) }
                .contains("it needs zlib <1.3, and the pin is zlib 1.3.1 h2_0"))
        #expect(
            problems { try selection([toyRecord("zlib 1.2.13 h1_4")], pins: ["zlib 1.2.13 h1_5"]) }
                .contains("zlib is also asked for as zlib-1.2.13-h1_4 (pixi.lock, line 12); keep one"))
        let same = try selection([toyRecord("zlib 1.2.13 h1_5")], pins: ["zlib 1.2.13 h1_5"])
        #expect(same.packages.map(\.spec) == ["zlib 1.2.13 h1_5"])
    }

    @Test("of another platform, or of one name twice, are refused")
    func refused() {
        #expect(
            problems { try selection([toyRecord("app 1 h_0@win-64")]) }
                .contains("'app-1-h_0.conda' is built for win-64, and the environment is for linux-64"))
        #expect(
            problems { try selection([toyRecord("app 1 h_0"), toyRecord("app 2 h_0")]) }
                .contains("names 'app-2-h_0.conda' and 'app-1-h_0.conda'"))
    }
}

/// The lines that a failure says to add.
func suggested<T>(_ body: () throws -> T) -> [String] {
    problems(body).split(separator: "\n").compactMap { line in
        line.hasSuffix("\"") ? line.dropLast().split(separator: "\"").last.map(String.init) : nil
    }
}
