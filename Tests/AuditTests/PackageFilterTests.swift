import Bundle
import Testing

@testable import Audit

@Suite struct PackageFilterTests {
    private let packages = [
        Example.wheel("Zope.Interface", "5", size: 10, license: "ZPL-2.1"),
        Example.wheel("flask", "3", size: 300, license: "BSD-3-Clause", requested: true),
        Example.wheel("gnu_readline", "8", size: nil, license: "GPL-3.0-or-later", hooks: ["a.pth"]),
        Example.wheel("odd", "1", size: 20, license: nil), Example.conda("openssl", "3", "h1_0"),
    ]

    private func names(_ filter: PackageFilter, _ order: PackageOrder = .kind) -> [String] {
        order.sorted(packages.filter(filter.keeps)).map(\.name)
    }

    @Test func eachFilterKeepsItsOwn() {
        #expect(names(PackageFilter()).count == 5)
        #expect(names(PackageFilter(kinds: [.conda])) == ["openssl"])
        #expect(names(PackageFilter(kinds: [.conda, .python])) == ["openssl"])
        #expect(names(PackageFilter(requested: true)) == ["flask"])
        #expect(names(PackageFilter(hooked: true)) == ["gnu_readline"])
        #expect(names(PackageFilter(license: "gpl")) == ["gnu_readline"])
        #expect(names(PackageFilter(license: "none")) == ["odd"])
        #expect(names(PackageFilter(requested: true, license: "gpl")) == [])
    }

    @Test(arguments: [
        ("flask", ["flask"]), ("zope-interface", ["Zope.Interface"]), ("ZOPE*", ["Zope.Interface"]),
        ("*ssl", ["openssl"]), ("o?d", ["odd"]), ("*_read*", ["gnu_readline"]), ("", []),
        ("*", ["openssl", "Zope.Interface", "flask", "gnu_readline", "odd"]), ("fl", []), ("flask?", []),
        ("**s**", ["openssl", "flask"]), ("[a-z]*", []),
    ])
    func namesMatchGlobs(_ glob: String, _ expected: [String]) {
        #expect(names(PackageFilter(name: glob)) == expected)
    }

    @Test func aLongGlobIsNoTrap() {
        let long = Example.wheel(String(repeating: "a", count: 5_000), "1")
        #expect(!PackageFilter(name: String(repeating: "a*", count: 500) + "b").keeps(long))
    }

    @Test func ordersPutTheLargestFirst() {
        #expect(names(PackageFilter(), .name).first == "Zope.Interface")
        #expect(
            names(PackageFilter(), .size) == ["openssl", "flask", "odd", "Zope.Interface", "gnu_readline"])
        #expect(names(PackageFilter(), .license).last == "odd")
        #expect(names(PackageFilter(), .installed) == names(PackageFilter(), .kind), "none is known")
    }

    @Test func columnsWithoutAnythingAreLeftOut() {
        let wheels = [Example.wheel("flask", "3", requested: true), Example.wheel("idna", "3.7")]
        #expect(
            ArchiveTable(wheels.map(ArchiveTable.Row.init)).lines == [
                "name   version  kind     size  licence  why",
                "flask  3        wheel  1.0 kB  MIT      requested",
                "idna   3.7      wheel  1.0 kB  MIT      dependency",
            ])
        let titles = ArchiveTable(packages.map(ArchiveTable.Row.init), long: true).lines[0]
        #expect(titles.contains("build") && titles.contains("hooks") && titles.contains("sha256"))
        #expect(!titles.contains("from"), "nobody says where from")
    }
}

@Suite struct InspectSpeedTests {
    @Test func fourHundredPackagesAreToldInAMoment() throws {
        let archives = (0..<400).map { index in
            var archive = Example.archive("package-\(index)", "1.\(index)", requested: index == 0)
            archive.depends =
                (1...4).map { "package-\((index + $0) % 400)>=1; python_version >= \"3.8\"" }
                + (0..<10).map { "absent-\($0)>=1; extra == \"test\"" }
            return archive
        }
        let manifest = try Example.manifest(archives: archives)
        var lines = 0
        let time = ContinuousClock().measure {
            lines = ManifestSummary(manifest, digest: Example.digest("m")).lines(manifest).count
            lines += DependencyTree(DependencyGraph(PackageSet(manifest))).lines().count
        }
        #expect(lines > 2_000)
        #expect(time < .seconds(3), "a build for debugging, on a busy machine")
    }
}

@Suite struct CSVTests {
    /// RFC 4180: "Fields containing line breaks (CRLF), double quotes, and commas should be enclosed in
    /// double-quotes", and a quote inside is doubled.
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("", ""),
        (" lead", "\" lead\""), ("Zürich", "Zürich"),
        // Formulas, and what passes for one.
        ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2", "'-2"),
        ("@SUM(1,2)", "\"'@SUM(1,2)\""),
        ("\u{FF1D}1", "'\u{FF1D}1"), ("a=1", "a=1"),
        // Control characters.
        ("a\r\nb", #"a\u{D}\u{A}b"#), ("\t=1", #"\u{9}=1"#), ("\u{1B}[2J", #"\u{1B}[2J"#),
        ("\u{9B}2J", #"\u{9B}2J"#), ("\"\u{301}", "\"\"\"\u{301}\""), (",\u{301}", "\",\u{301}\""),
    ])
    func cellsAreQuotedAndHarmless(_ text: String, _ cell: String) {
        #expect(Array(CSV.line([text, "1"]).utf8) == Array("\(cell),1\r\n".utf8))
    }

    @Test func archivesAreTold() {
        var flask = Example.wheel("flask", "3.0", requested: true, hooks: ["a.pth", "b.pth"])
        flask.depends = ["click>=8", "idna"]
        let text = CSV.archives([("linux-64", flask)])
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.count == 3 && lines[2] == "")
        #expect(lines[0].hasPrefix("platform,kind,name,version,build,subdir,requested,size,"))
        #expect(
            lines[1].hasPrefix("linux-64,wheel,flask,3.0,,,yes,1000,,MIT,,a.pth | b.pth,click>=8 | idna,"))
        #expect(lines[0].split(separator: ",").count == 18)
    }
}
