import Conda
import TestSupport
import Testing

/// Runs only where `AIRLIFT_ORACLE_PYTHON` names a Python that has py-rattler and conda-lock (which brings conda's
/// own match specs). With public indexes beside the package, all their specs are compared as well.
@Suite("Match specs as rattler and conda read them", .enabled(if: MatchSpecOracle.python != nil))
struct MatchSpecOracleTests {
    /// Every form of the grammar, of a package that has every combination of these versions and builds.
    static let forms: [String] = {
        let literals = [
            "1.2", "1.2.0", "1", "1.2a", "1.2.dev1", "1.2post1", "1!1.2", "1.2+loc", "1.1_", "01.02",
        ]
        let operators = ["", "=", "==", "!=", ">", ">=", "<", "<=", "~="]
        let stars = ["", ".*", "*"]
        var forms: [String] = []
        for literal in literals {
            for sign in operators {
                for star in stars { forms.append("foo \(sign)\(literal)\(star)") }
                forms.append("foo\(sign.isEmpty ? " " : sign)\(literal)")
                forms.append("foo[version='\(sign)\(literal)']")
                forms.append("foo \(sign)\(literal) py310_0")
                forms.append("foo \(sign)\(literal)=py310_0")
                forms.append("foo \(sign)\(literal) *_0")
            }
        }
        return forms + further
    }()

    static let further = [
        "foo", "FOO", " foo ", "foo *", "foo * *", "foo * py*", "foo *=py*", "foo =*=py310_0", "foo =*",
        "foo >=*",
        "foo 1.2|1.3", "foo >=1.2,<1.3", "foo >=1.2,<1.3|1!1.2", "foo 1.2|>=1.2.1,<1.3", "foo >=1.2 , <1.3",
        "foo >=1.2 , < 1.3 py310_0", "foo >= 1.2", "foo 1.2.*|1.3.*", "foo =1.2|=1.3", "foo =1.2,!=1.2.1",
        "foo !=1.2,!=1.3", "foo 1.2   py310_0", "foo 1.2,", "foo ,1.2", "foo |1.2", "foo 1.2|", "foo >1||<2",
        "foo >", "foo ==", "foo ===1.2", "foo =>1.2", "foo <>1.2", "foo !1.2", "foo 1.2 py3*|py2*",
        "foo ~=1.2.1",
        "foo[version='(1.2|1.3),!=1.2.1']", "foo[version='>=1.2',build=py*]", "foo[build=h1_0]",
        "foo[build='*_0']", "foo[build='^py.*_0$']", "foo[build='^(py310|h1)_[01]$']", "foo[build_number=1]",
        "foo[build_number='>=1']", "foo[build_number='!=1']", "foo[build_number='<1']",
        "foo[build_number='>0']",
        "foo 1.2[build_number='==0']", "foo[version='1.2', build=h1_0]", "foo[version=1.2,build=\"h1_0\"]",
        "foo 1.3[version=1.2]", "foo[version=]", "foo[version=1.2", "foo]", "foo[bogus=1]", "foo # comment",
        "foo >=1.2 # comment", "foo 1.2.", "foo 1..2", "foo 1.2-", "foo 1.2-1", "foo 1_2-3", "foo /1", "fo/o",
        "foo 1.2 h-1", "foo[md5=xyz]", "foo==1.2=h1_0", "foo=1.2=h1_0", "foo=1.2=*", "foo=1.2",
        "foo=1.2.*=h1_0",
        "foo ==1.2.*=*_0", "foo=1.2*=h1_0", "foo >=1.2=h1_0", "foo<1.3", "foo!=1.2", "foo~=1.2.0",
        "foo 1.2 H1_0", "foo[build='H*']", "foo 1.*.1", "foo *.3", "foo ^1\\.2.*$", "foo=",
        "foo 1.2 if bar", "foo; if bar", "foo@", "a[linux-64]::foo", "foo[when='bar and foo']",
        "foo[extras=[a,b]]",
        "foo[flags=[a]]", "foo 1.2 ^py.*$", "foo=1.2=^h1_[0-9]$", "foo 99999999999999999999999",
    ]

    private static let versions = [
        "1", "1.0", "1.1", "1.1_", "1.1a", "1.2", "1.2.0", "1.2.0.0", "1.2.1", "1.2.1_2", "1.20", "1.2a",
        "1.2a1",
        "1.2ab", "1.2rc1", "1.2dev1", "1.2.dev1", "1.2.0dev1", "1.2post1", "1.2.post1", "1.2+loc",
        "1.2+loc.1",
        "1.2+1", "1.3", "2.0", "1!1.2", "1!1.2.3", "1!2",
    ]

    private static let records = versions.flatMap { version in
        [("h1_0", 0), ("py310_0", 0), ("py310_1", 1), ("abc", 7)].map { build, number in
            PackageRecord(
                name: "foo", version: version, build: build, buildNumber: number, subdir: "", filename: "")
        }
    }

    @Test func allSpecsMeanTheSame() throws {
        var oracle = MatchSpecOracle()
        let versions = try SharedData.directory("misc").map(RealVersions.read) ?? []
        let repodata = SharedData.directory("repodata")
        let rows = try oracle.ask(
            specs: Self.forms, versions: versions, records: Self.records, repodata: repodata)
        var used: Set<String> = []
        for row in rows {
            let ours = oracle.answer(row.spec)
            for (library, theirs) in [(Library.rattler, row.rattler), (.conda, row.conda)]
            where ours != theirs {
                let rule = MatchSpecDifference.all.first {
                    $0.libraries.contains(library) && $0.covers(row.spec)
                }
                #expect(rule != nil, "\(library) takes '\(row.spec)' otherwise")
                if let rule { used.insert(rule.reason) }
            }
        }
        let needed = MatchSpecDifference.all.filter { repodata != nil || !$0.isOfRealData }
        #expect(used.isSuperset(of: needed.map(\.reason)), "a difference is listed that is none any more")
        if repodata != nil { #expect(rows.count > 13_000 && oracle.records.count > 42_000) }
        try expectSameOrder(oracle.ranks())
        try expectSameTexts(rows, oracle)
    }

    /// Both libraries read what we write as what was meant, and we what they write.
    private func expectSameTexts(_ rows: [MatchSpecOracle.Row], _ oracle: MatchSpecOracle) throws {
        var written: [(row: MatchSpecOracle.Row, spec: MatchSpec)] = []
        for row in rows {
            guard let spec = try? MatchSpec(row.spec) else { continue }
            #expect(try MatchSpec(spec.description) == spec, "\(row.spec)")
            written.append((row, spec))
            let answer = oracle.answer(spec)
            if answer == row.rattler, !row.rattlerText.isEmpty {
                #expect(oracle.answer(row.rattlerText) == answer, "'\(row.rattlerText)' of '\(row.spec)'")
            }
            // conda writes `foo=` for `foo *`, `foo===1.2` for `foo ==1.2 *_0`, `foo[flags` for `foo[flags=[a]]`.
            let theirs = row.condaText
            let isSound =
                !theirs.contains("===") && !theirs.contains("=[") && theirs.last != "="
                && theirs.contains("[") == theirs.contains("]")
            if answer == row.conda, isSound {
                #expect(oracle.answer(row.condaText) == answer, "'\(row.condaText)' of '\(row.spec)'")
            }
        }
        let reread = try oracle.reread(written.map(\.spec.description))
        for (other, (row, spec)) in zip(reread, written) {
            let answer = oracle.answer(spec)
            if answer == row.rattler {
                #expect(other.rattler == answer, "rattler reads '\(other.spec)' otherwise")
            }
            if answer == row.conda { #expect(other.conda == answer, "conda reads '\(other.spec)' otherwise") }
        }
    }

    private func expectSameOrder(_ ranks: [(version: String, rattler: Int?, conda: Int?)]) throws {
        for library in Library.allCases {
            var ours: [(version: CondaVersion, rank: Int)] = []
            for entry in ranks {
                let version = try? CondaVersion(entry.version)
                let rank = library == .rattler ? entry.rattler : entry.conda
                #expect((version == nil) == (rank == nil), "\(library) judges '\(entry.version)' otherwise")
                if let version, let rank { ours.append((version, rank)) }
            }
            ours.sort { $0.version < $1.version }
            for (a, b) in zip(ours, ours.dropFirst()) {
                #expect(
                    a.version == b.version ? a.rank == b.rank : a.rank < b.rank,
                    "\(library) orders \(a.version) and \(b.version) otherwise")
            }
        }
    }
}
