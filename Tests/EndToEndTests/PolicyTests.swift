import Files
import Glibc
import TestSupport
import Testing

/// Policies, from the spec to the signed bundle.
@Suite struct PolicyTests {
    /// `greeter` under MIT, `shouter` under the GPL, with a start-up hook.
    private static var wheels: [WheelBuilder] {
        var wheels = ToyIndex.greeting
        wheels[0].metadataLines = ["License-Expression: MIT"]
        wheels[1].metadataLines = ["License: GPLv3+"]
        wheels[1].files.append(.init("shouter.pth", "import shouter\n"))
        return wheels
    }

    private static let uploaded = [
        "greeter": "2026-01-02T03:04:05.678901Z", "shouter": "2026-11-20T00:00:00Z",
    ]

    /// 2026-11-21
    private static let day = ["SOURCE_DATE_EPOCH": "1795219200"]

    /// Its server answers for as long as the test runs.
    private let index = ToyIndex(Self.wheels, uploaded: Self.uploaded)

    private func scene(_ policy: String) throws -> (workshop: Workshop, index: ToyIndex) {
        let workshop = try Workshop()
        try workshop.spec(index: index.url, more: policy)
        return (workshop, index)
    }

    private let bundle = "payroll-2026.11.21-linux-64.sh"

    @Test func everyViolationIsListedAndNothingIsCut() throws {
        let (workshop, index) = try scene(
            """
            [policy]
            deny = ["GPL-3.0-or-later"]
            hooks = false
            min_age = "7 days"
            indexes = ["wheels.example.org"]
            max_bundle_size = "1 kB"
            """)
        let cut = try workshop.airlift("cut", workshop.project, environment: Self.day)
        #expect(cut.code == 8, "\(cut.words)")
        for words in [
            "'shouter' by deny", "'shouter' by hooks", "'shouter' by min_age", "'shouter' by indexes",
            "'greeter' by indexes", "the bundle by max_bundle_size", "1 day before 2026-11-21",
            "6 violations",
        ] { #expect(cut.errors.contains(words), "\(words): \(cut.errors)") }
        #expect(!cut.errors.contains("'greeter' by deny") && !cut.errors.contains("'greeter' by min_age"))
        #expect(!Tree.exists(workshop.project + "/dist"))
        // The benign twin: another day, another limit.
        try workshop.spec(
            index: index.url,
            more: """
                [policy]
                allow = ["MIT", "GPL-3.0-or-later"]
                min_age = "7 days"
                max_bundle_size = "200 MB"
                """)
        let later = try workshop.airlift(
            "cut", workshop.project, environment: ["SOURCE_DATE_EPOCH": "1796083200"])
        #expect(later.code == 0, "\(later.words)")
    }

    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"))
    func reportOnlyCutsAndWritesItDown() throws {
        let (workshop, index) = try scene("[policy]\nallow = [\"MIT\"]\nunknown_license = \"refuse\"")
        defer { withExtendedLifetime(index) {} }
        var bundles: [[UInt8]] = []
        for output in ["a", "b"] {
            let cut = try workshop.airlift(
                "cut", workshop.project, "--report-only", "--output", "\(workshop.path)/\(output)",
                environment: Self.day)
            #expect(cut.code == 0 && cut.errors.contains("'shouter' by allow"), "\(cut.words)")
            bundles.append(try Tree.bytes("\(workshop.path)/\(output)/\(bundle)"))
        }
        #expect(bundles[0] == bundles[1])
        let path = "\(workshop.path)/a/\(bundle)"
        let manifest = try run(["unzip", "-p", path, "airlift/manifest.json"]).output
        #expect(manifest.contains("\"policy\":{\"evaluated\":\"2026-11-21\",\"violations\":[{"))
        #expect(manifest.contains("\"license_source\":\"text\""))
        #expect(manifest.contains("\"released\":\"2026-01-02T03:04:05Z\""))
        let judged = try workshop.airlift("policy", path, environment: Self.day)
        #expect(judged.code == 8 && judged.output.contains("--report-only"), "\(judged.words)")
        #expect(judged.output.contains("shouter"), "\(judged.words)")
        // A bundle that violates nothing says nothing of it.
        let (clean, otherIndex) = try scene("[policy]\nallow = [\"MIT\", \"GPL-3.0-or-later\"]")
        defer { withExtendedLifetime(otherIndex) {} }
        let cut = try clean.airlift(
            "cut", clean.project, "--report-only", "--calver", "2026.11.21", environment: Self.day)
        #expect(cut.code == 0, "\(cut.words)")
        let other = try run(["unzip", "-p", "\(clean.project)/dist/\(bundle)", "airlift/manifest.json"])
            .output
        #expect(!other.contains("\"policy\""))
        #expect(try clean.airlift("policy", "\(clean.project)/dist/\(bundle)").code == 0)
    }

    @Test func theFilesPolicyHoldsBesideTheSpecs() throws {
        let (workshop, index) = try scene(
            """
            [[policy.exception]]
            package = "shouter"
            rule = "deny"
            reason = "the team likes it"
            """)
        defer { withExtendedLifetime(index) {} }
        let company = try workshop.scratch.write("company.toml", "deny = ['GPL-3.0-or-later']\n")
        let refused = try workshop.airlift("cut", workshop.project, "--policy", company)
        #expect(refused.code == 8 && refused.errors.contains("'shouter' by deny"), "\(refused.words)")
        #expect(refused.errors.contains("decides nothing"), "\(refused.words)")
        try workshop.scratch.write(
            "company.toml",
            "deny = ['GPL-3.0-or-later']\n[[exception]]\npackage = 'shouter'\nrule = 'deny'\nreason = 'bought'\n"
        )
        let cut = try workshop.airlift(
            "cut", workshop.project, "--policy", company, "--calver", "2026.11.21")
        #expect(cut.code == 0, "\(cut.words)")
        let path = "\(workshop.project)/dist/\(bundle)"
        let judged = try workshop.airlift("policy", "--policy", company, "--json", path)
        #expect(judged.code == 0 && judged.output.contains("\"reason\":\"bought\""), "\(judged.words)")
        let prefix = workshop.path + "/p"
        #expect(try Shared.install(path, prefix).code == 0)
        let strict = try workshop.scratch.write("strict.toml", "hooks = false\nsigners = 'nobody'\n")
        try workshop.scratch.write("nobody", "")
        for subject in [path, prefix] {
            let ran = try workshop.airlift("policy", "--policy", company, subject)
            #expect(ran.code == 0, "\(ran.words)")
        }
        try workshop.scratch.write("strict.toml", "hooks = false\n")
        for subject in [path, prefix] {
            let ran = try workshop.airlift("policy", "--policy", strict, subject)
            #expect(ran.code == 8 && ran.output.contains("shouter.pth"), "\(ran.words)")
        }
    }

    @Test func aLockIsJudgedByItsSpec() throws {
        let (workshop, index) = try scene("[policy]\nmin_age = \"7 days\"\nallow = [\"MIT\"]")
        defer { withExtendedLifetime(index) {} }
        let locked = try workshop.airlift("lock", workshop.project)
        #expect(locked.code == 0, "\(locked.words)")
        let lock = try Tree.text(workshop.project + "/conda-lock.yml")
        #expect(
            lock.contains("'airlift.linux-64.released.greeter': '2026-01-02T03:04:05Z'")
                || lock.contains("airlift.linux-64.released.greeter: '2026-01-02T03:04:05Z'"), "\(lock)")
        let judged = try workshop.airlift("policy", workshop.project, environment: Self.day)
        #expect(judged.code == 8, "\(judged.words)")
        #expect(judged.output.contains("NOT JUDGED") && judged.output.contains("allow"), "\(judged.words)")
        #expect(try workshop.airlift("policy", workshop.project + "/conda-lock.yml").code == 2)
        let later = try workshop.airlift(
            "policy", workshop.project, environment: ["SOURCE_DATE_EPOCH": "1796083200"])
        #expect(later.code == 0, "\(later.words)")
        #expect(try workshop.airlift("lock", "--check", workshop.project).code == 0)
    }

    @Test func badPoliciesAreRefusedWithTheirLines() throws {
        let (workshop, _) = try scene("[policy]\nallow = [\"BSD\"]\nmax_archive_size = \"big\"")
        let cut = try workshop.airlift("cut", workshop.project)
        #expect(cut.code == 3 && cut.errors.contains("max_archive_size"), "\(cut.words)")
        let company = try workshop.scratch.write("company.toml", "allow = ['BSD', 'MIT']\n")
        try workshop.spec(index: "http://127.0.0.1:9/simple")
        let other = try workshop.airlift("cut", workshop.project, "--policy", company)
        #expect(other.code == 3 && other.errors.contains("'BSD' is no licence"), "\(other.words)")
    }

    @Test(.enabled(if: Program.exists("ssh-keygen"), "ssh-keygen is not here"))
    func requiredSignersAreDueOnceItIsSigned() throws {
        let (workshop, index) = try scene("")
        func key(_ name: String) throws -> (path: String, fingerprint: String) {
            let path = "\(workshop.path)/\(name)"
            #expect(
                try run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]).code == 0)
            let words = try run(["ssh-keygen", "-l", "-f", path]).output.split(separator: " ")
            return (path, String(words[1]))
        }
        let (alice, mallory) = (try key("alice"), try key("mallory"))
        try workshop.spec(index: index.url, more: "[policy]\nsigners = [\"\(alice.fingerprint)\"]")
        let plain = try workshop.airlift("cut", workshop.project, "--calver", "2026.11.21")
        #expect(plain.code == 0 && plain.errors.contains("asks for signatures"), "\(plain.words)")
        let path = "\(workshop.project)/dist/\(bundle)"
        #expect(try workshop.airlift("policy", path).code == 8)
        let wrong = try workshop.airlift(
            "cut", workshop.project, "--calver", "2026.11.21", "--replace", "--sign", mallory.path)
        #expect(wrong.code == 8 && wrong.errors.contains("by signers"), "\(wrong.words)")
        #expect(try workshop.airlift("policy", path).code == 8)
        let right = try workshop.airlift(
            "cut", workshop.project, "--calver", "2026.11.21", "--replace", "--sign", alice.path)
        #expect(right.code == 0, "\(right.words)")
        #expect(try workshop.airlift("policy", path).code == 0)
        // By a file, as OpenSSH writes it.
        let allowed = try Tree.text(alice.path + ".pub")
        try workshop.scratch.write("allowed_signers", "release@example.org " + allowed)
        let file = try workshop.scratch.write("company.toml", "signers = 'allowed_signers'\n")
        #expect(try workshop.airlift("policy", "--policy", file, path).code == 0)
        try workshop.scratch.write("company.toml", "signers = 'allowed_signers'\nthreshold = 2\n")
        #expect(try workshop.airlift("policy", "--policy", file, path).code != 0)
    }
}
