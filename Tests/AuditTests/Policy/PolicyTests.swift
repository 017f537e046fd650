import Bundle
import Failures
import Lock
import Testing

@testable import Audit

@Suite("A policy")
struct PolicyTests {
    private static let today = CalendarDate(year: 2026, month: 11, day: 21)

    private func policy(_ text: String) throws -> Policy {
        try Policy(PolicySpec.read(Array(text.utf8), file: "policy.toml"), file: "policy.toml")
    }

    private func archive(
        _ name: String = "flask", kind: Manifest.Archive.Kind = .wheel, size: UInt64 = 1_000,
        license: String? = "MIT", source: String? = "expression", released: String? = "2026-01-01T00:00:00Z",
        hooks: [String] = [], channel: String? = nil,
        url: String? = "https://files.example.org/f/flask-1.0-py3-none-any.whl", filename: String? = nil
    ) -> Manifest.Archive {
        var archive = Example.archive(name, "1.0", kind: kind, size: size, hooks: hooks)
        archive.license = license
        archive.licenseSource = license == nil ? nil : source
        archive.released = released
        archive.channel = channel
        archive.url = url
        archive.filename = filename ?? archive.filename
        return archive
    }

    private func rules(_ text: String, _ archives: Manifest.Archive...) throws -> [String] {
        try verdict(text, archives).violations.map { "\($0.package ?? "bundle") \($0.rule)" }
    }

    private func verdict(
        _ text: String, _ archives: [Manifest.Archive], linkScripts: [String]? = nil
    ) throws -> PolicyVerdict {
        var manifest = try Example.manifest(archives: archives)
        manifest.install.linkScripts = linkScripts
        return try policy(text).judge(PolicySubject(manifest), on: Self.today)
    }

    @Test("that says nothing refuses nothing")
    func empty() throws {
        #expect(try rules("", archive(license: nil, released: nil, hooks: ["a.pth"])) == [])
    }

    @Test("refuses licences, each by its rule")
    func licenses() throws {
        let text = "allow = ['MIT', 'Apache-2.0', 'GPL-2.0-only']\ndeny = ['GPL-2.0-only']"
        #expect(try rules(text, archive()) == [])
        #expect(try rules(text, archive(license: "ISC")) == ["flask allow"])
        #expect(try rules(text, archive(license: "GPL-2.0")) == ["flask deny"])
        #expect(try rules(text, archive(license: "GPL-2.0 AND ISC")) == ["flask deny", "flask allow"])
        #expect(try rules(text, archive(license: "GPL-2.0 OR ISC")) == ["flask allow"])
        #expect(try rules(text, archive(license: "GPL-2.0 OR MIT")) == [])
        #expect(try rules(text, archive(license: "MIT License", source: "text")) == [])
        let marked = try verdict(text, [archive(license: "ISC License (ISCL)", source: "classifiers")])
        #expect(marked.violations.first?.detail.contains("by its classifiers") == true)
    }

    @Test("decides what becomes of licences that are not known exactly")
    func unknown() throws {
        for license in [nil, "BSD", "see LICENSE"] {
            let package = archive(license: license, source: "text")
            #expect(try rules("deny = ['ISC']", package) == ["flask unknown_license"])
            #expect(try rules("deny = ['ISC']\nunknown_license = 'allow'", package) == [])
            #expect(try rules("unknown_license = 'refuse'", package) == ["flask unknown_license"])
            #expect(try rules("unknown_license = 'allow'", package) == [])
        }
        #expect(try rules("unknown_license = 'refuse'", archive()) == [])
    }

    @Test("knows where archives may come from")
    func places() throws {
        let wheel = archive()
        #expect(try rules("indexes = ['files.example.org']", wheel) == [])
        #expect(try rules("indexes = ['https://files.example.org/f']", wheel) == [])
        #expect(
            try rules("indexes = ['https://files.example.org/g', 'example.org']", wheel) == ["flask indexes"])
        #expect(try rules("indexes = []", wheel) == ["flask indexes"])
        // The project's own.
        #expect(try rules("indexes = []", archive(url: "dist/flask-1.0-py3-none-any.whl")) == [])
        #expect(
            try rules("indexes = []", archive(url: "/srv/flask-1.0-py3-none-any.whl")) == ["flask indexes"])
        let conda = archive(
            "libpq", kind: .conda, channel: "https://conda.example.org/forge",
            url: "https://conda.example.org/forge/linux-64/libpq-1.0-0.conda")
        #expect(try rules("channels = ['forge']", conda) == [])
        #expect(try rules("channels = ['https://conda.example.org/forge/']", conda) == [])
        #expect(try rules("channels = ['conda.example.org']", conda) == [])
        #expect(
            try rules("channels = ['other', 'https://conda.example.org/for']", conda) == ["libpq channels"])
        #expect(try rules("indexes = []", conda) == [])
        #expect(try rules("channels = []", wheel) == [])
        // A lock that names an allowed channel and takes the archive from elsewhere.
        let smuggled = archive(
            "libpq", kind: .conda, channel: "https://conda.example.org/forge",
            url: "https://evil.example/forge/linux-64/libpq-1.0-0.conda")
        #expect(
            try rules("channels = ['forge', 'https://conda.example.org/forge']", smuggled) == [
                "libpq channels"
            ])
    }

    @Test("shows no credentials of the places that it names")
    func credentials() throws {
        let verdict = try verdict("indexes = ['https://user:secret@mirror.example/simple']", [archive()])
        #expect(verdict.violations.first?.detail.contains("mirror.example/simple") == true)
        #expect(verdict.violations.first?.detail.contains("secret") == false)
    }

    @Test("limits sizes")
    func sizes() throws {
        #expect(try rules("max_archive_size = 1000", archive()) == [])
        #expect(try rules("max_archive_size = 999", archive()) == ["flask max_archive_size"])
        let manifest = try Example.manifest(archives: [archive()])
        let carried = 1_000 + manifest.entries.reduce(0) { $0 + $1.size }
        #expect(try rules("max_bundle_size = \(carried)", archive()) == [])
        #expect(try rules("max_bundle_size = \(carried - 1)", archive()) == ["bundle max_bundle_size"])
        // Sizes whose sum no integer holds.
        var huge = archive()
        huge.size = .max
        #expect(try rules("max_bundle_size = '1 TB'", huge, huge) == ["bundle max_bundle_size"])
    }

    @Test("limits ages")
    func ages() throws {
        let text = "min_age = '7 days'\nmax_age = '1 year'"
        for (released, expected) in [
            ("2026-11-14T23:59:59Z", []), ("2026-11-15T00:00:00Z", ["flask min_age"]),
            ("2026-12-24T00:00:00Z", ["flask min_age"]), ("2025-11-21T00:00:00Z", []),
            ("2025-11-20T23:59:59Z", ["flask max_age"]), (nil, ["flask min_age", "flask max_age"]),
            ("yesterday", ["flask min_age", "flask max_age"]),
        ] as [(String?, [String])] {
            #expect(try rules(text, archive(released: released)) == expected, "\(released ?? "nil")")
        }
        #expect(try rules(text, archive(released: nil, url: "dist/flask-1.0-py3-none-any.whl")) == [])
        #expect(try rules("max_age = '1 day'", archive(kind: .python, released: nil)) == [])
    }

    @Test("forbids link scripts that run, start-up hooks and what is no wheel")
    func behaviour() throws {
        let conda = archive("libpq", kind: .conda, hooks: ["link script post-link"])
        #expect(try verdict("link_scripts = false", [conda]).violations == [])
        #expect(try verdict("link_scripts = false", [conda], linkScripts: ["libpq"]).violations.count == 1)
        var manifest = try Example.manifest(archives: [])
        manifest.install.hooks = .init()
        manifest.install.hooks?[.postActivate] = [.init(command: ["systemctl", "reload", "payroll"])]
        func details(_ text: String) throws -> [String] {
            try policy(text).judge(PolicySubject(manifest), on: Self.today).violations.map(\.detail)
        }
        #expect(
            try details("install_hooks = false") == [
                "it runs 'systemctl reload payroll' as post-activate hook"
            ])
        #expect(try details("hooks = false") == [])
        manifest.install.hooks = nil
        #expect(try details("install_hooks = false") == [])
        #expect(try verdict("link_scripts = true", [conda], linkScripts: ["libpq"]).violations == [])
        #expect(try rules("hooks = false", conda) == [])
        #expect(try rules("hooks = false", archive(hooks: ["lib/a.pth"])) == ["flask hooks"])
        #expect(try rules("hooks = true", archive(hooks: ["lib/a.pth"])) == [])
        #expect(try rules("sdists = false", archive()) == [])
        #expect(try rules("sdists = false", archive(filename: "flask-1.0.tar.gz")) == ["flask sdists"])
    }

    @Test("excepts one package from one rule, and says so")
    func exceptions() throws {
        let text = """
            deny = ['ISC']
            max_archive_size = 10
            [[exception]]
            package = 'Fl.ask'
            rule = 'deny'
            reason = 'reviewed'
            [[exception]]
            package = 'other'
            rule = 'deny'
            reason = 'gone'
            """
        let verdict = try verdict(text, [archive("fl-ask", license: "ISC"), archive("b", license: "ISC")])
        #expect(
            verdict.violations.map { "\($0.package ?? "") \($0.rule)" } == [
                "fl-ask max_archive_size", "b deny", "b max_archive_size",
            ])
        #expect(verdict.excepted.map(\.exception.reason) == ["reviewed"])
        #expect(verdict.unusedExceptions.map(\.package) == ["other"])
    }

    @Test("says of a lock what cannot be judged")
    func locks() throws {
        let locked = LockedArchive(
            kind: .wheel, name: "flask", version: "1.0",
            location: "https://files.example.org/flask-1.0-py3-none-any.whl", sha256: Example.digest("f"),
            size: 2_000, released: "2026-11-20T00:00:00Z", requested: true)
        let platform = Lockfile.Platform(
            name: "linux-64", contentHash: Example.digest("c"),
            target: TargetDescription(
                platform: "linux-64", python: "3.11.2", abi: "cp311", glibc: GlibcVersion(major: 2, minor: 28)
            ),
            interpreter: .host, archives: [locked])
        let verdict = try policy(
            "allow = ['MIT']\nmin_age = '7 days'\nmax_archive_size = '1 kB'\nhooks = false\nindexes = ['example.org']"
        ).judge(PolicySubject(platform), on: Self.today)
        #expect(verdict.violations.map(\.rule) == ["indexes", "max_archive_size", "min_age"])
        #expect(verdict.notJudged == [.allow, .unknownLicense, .hooks])
    }

    @Test("with a text that is no expression is refused with its line")
    func malformed() {
        do {
            _ = try policy("allow = [\n  'MIT',\n  'BSD',\n]\ndeny = ['GPL']")
            Issue.record("it was taken")
        } catch let list as FailureList {
            #expect(list.failures.count == 2)
            #expect(list.description.contains("line 3") && list.description.contains("'BSD'"))
        } catch { Issue.record("\(error)") }
    }

    @Test("law: days are counted as the calendar does")
    func calendar() throws {
        func day(_ text: String) throws -> Int { try #require(CalendarDate(rfc3339: text)).dayNumber }
        #expect(try day("2000-03-01") - day("2000-02-28") == 2)
        #expect(try day("1900-03-01") - day("1900-02-28") == 1)
        #expect(try day("2026-01-01") - day("2025-12-31") == 1)
        #expect(try day("2026-11-21T09:30:00Z") - day("1970-01-01") == 20_778)
        for text in [
            "", "2026", "2026-13-01", "2026-00-01", "2026-01-32", "26-01-01", "2026-1-1", "2026-01-0x",
        ] {
            #expect(CalendarDate(rfc3339: text) == nil, "\(text)")
        }
        #expect(CalendarDate(year: 2026, month: 3, day: 4).text == "2026-03-04")
    }
}

@Suite("The place of an archive")
struct PackageAddressTests {
    @Test(
        "is below an address by whole components",
        arguments: [
            ("https://a.example/x", "https://a.example/x/w.whl", true),
            ("https://a.example/x/", "https://a.example/x/w.whl", true),
            ("HTTPS://A.example/x", "https://a.EXAMPLE/x/w.whl", true),
            ("https://a.example/x", "https://a.example/xy/w.whl", false),
            ("https://a.example/x", "http://a.example/x/w.whl", false),
            ("https://a.example/x", "https://a.example/x/../y/w.whl", false),
            ("https://a.example/x", "https://a.example/x/%2e%2E/y/w.whl", false),
            ("https://a.example", "https://a.example.evil/w.whl", false),
            ("https://a.example", "https://a.example@evil.example/w.whl", false),
            ("a.example", "https://a.example/w.whl", true), ("A.Example", "https://a.example/w.whl", true),
            ("a.example", "https://a.example:8443/w.whl", true),
            ("a.example:8443", "https://a.example:8443/w.whl", true),
            ("a.example:8443", "https://a.example/w.whl", false),
            ("a.example", "https://b.example/a.example/w.whl", false),
            ("a.example", "https://sub.a.example/w.whl", false),
            ("/srv/wheels", "/srv/wheels/w.whl", true), ("/srv/wheel", "/srv/wheels/w.whl", false),
            ("/srv/wheels", "/srv/wheels/../w.whl", false), ("", "https://a.example/w.whl", false),
        ])
    func prefixes(_ allowed: String, _ url: String, _ isBelow: Bool) {
        #expect(PackageAddress(url: url, channel: nil).isOfIndex(allowed) == isBelow)
    }

    @Test("of a channel is known by the channel's name too, local ones by their path")
    func channels() {
        let local = PackageAddress(url: "channel/noarch/a-1-0.conda", channel: "channel")
        #expect(!local.isOfTheProject && local.isOfChannel("channel") && !local.isOfChannel("other"))
        let named = PackageAddress(
            url: "https://c.example/team/forge/noarch/a-1-0.conda", channel: "https://c.example/team/forge")
        #expect(named.isOfChannel("forge") && named.isOfChannel("https://c.example/team"))
        #expect(!named.isOfChannel("team") && !named.isOfChannel("https://c.example/team/forge/noarch"))
    }
}
