/// Who else reads match specs.
enum Library: CaseIterable, Sendable {
    case rattler, conda
}

/// A form that another reads in another way, and why it stays so: docs/decisions/0012-match-specs.md.
struct MatchSpecDifference: Sendable {
    let reason: String
    let libraries: Set<Library>
    var isOfRealData = false
    let covers: @Sendable (String) -> Bool

    private static func listed(
        _ reason: String, _ libraries: Set<Library>, _ specs: [String], isOfRealData: Bool = false
    ) -> MatchSpecDifference {
        MatchSpecDifference(reason: reason, libraries: libraries, isOfRealData: isOfRealData) {
            specs.contains($0)
        }
    }

    static let all: [MatchSpecDifference] = [
        MatchSpecDifference(
            reason: "rattler ignores zeros and ends within a component in a series", libraries: [.rattler]
        ) { spec in
            let isSeries =
                spec.contains("*") || spec.contains("foo =") || spec.contains("foo=") || spec.contains("'=")
            return isSeries && (spec.contains("1.2.0") || spec.contains("1.2a")) && !spec.contains("<")
        },
        MatchSpecDifference(reason: "rattler takes >1.2.* for >=1.2", libraries: [.rattler]) {
            $0.hasPrefix("foo >") && !$0.hasPrefix("foo >=") && $0.hasSuffix("*")
        },
        MatchSpecDifference(
            reason: "~= with an asterisk, one part or a local part is refused", libraries: [.rattler, .conda]
        ) { spec in
            spec.contains("~=")
                && (spec.hasSuffix("*") || spec.contains("+loc") || spec.contains("~=1 ")
                    || spec.contains("~=1=")
                    || spec.contains("~=1'") || spec.hasSuffix("~=1"))
        },
        MatchSpecDifference(
            reason: "conda takes an asterisk that touches a compared version for a letter",
            libraries: [.conda]
        ) {
            $0.hasSuffix("*") && !$0.hasSuffix(".*") && ["!=", "<", ">"].contains(where: $0.contains)
        },
        listed(
            "the asterisk of ==1.2.* counts", [.rattler, .conda], ["foo ==1.2.*=*_0"]),
        listed(
            "a build has letters, digits and a few marks", [.rattler, .conda],
            ["foo 1.2 h-1", "foo 1.2 py3*|py2*"]),
        listed(
            "conda lets pass what cannot match, and joins operators", [.conda],
            [
                " foo ", "fo/o", "foo ===1.2", "foo =>1.2", "foo[md5=xyz]", "foo[version=1.2", "foo]", "foo=",
                "foo@",
                "foo; if bar",
            ]),
        listed(
            "conda cuts expressions at their brackets", [.conda],
            ["foo[build='^(py310|h1)_[01]$']", "foo=1.2=^h1_[0-9]$"]),
        listed(
            "rattler has no globs and expressions of versions", [.rattler],
            ["foo *.3", "foo 1.*.1", "foo ^1\\.2.*$"]),
        listed("conda compares builds with their case", [.conda], ["foo 1.2 H1_0", "foo[build='H*']"]),
        listed("CEP 29 left it out", [.rattler, .conda], ["a[linux-64]::foo"]),
        listed("a condition is no build", [.rattler, .conda], ["foo 1.2 if bar"]),
        listed("numbers in rattler have 64 bits", [.rattler], ["foo 99999999999999999999999"]),
        listed(
            "conda 24 knows no conditions, extras and flags", [.conda],
            ["foo[when='bar and foo']", "foo[extras=[a,b]]"]),
        listed(
            "conda 24 knows no conditions", [.conda],
            [
                "linux-dependency[when=\"__linux\"]", "osx-dependency[when=\"__osx\"]",
                "package[when=\"side-dependency=0.2\"]", "win-dependency[when=\"__win\"]",
            ], isOfRealData: true),
        listed(
            "conda drops bracketed words without a value", [.conda], ["ray[default,data] >=2.9.0,<3.0.0"],
            isOfRealData: true),
        listed(
            "rattler takes for a build what follows a space within a version", [.rattler],
            ["x264 >=1 !164.3095,<1!165"], isOfRealData: true),
    ]
}
