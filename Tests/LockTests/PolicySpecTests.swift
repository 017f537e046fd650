import Failures
import Testing

@testable import Lock

private func read(_ text: String) throws -> PolicySpec {
    try PolicySpec.read(Array(text.utf8), file: "policy.toml")
}

private func problems(_ text: String) -> String {
    do {
        _ = try read(text)
        return "none"
    } catch { return "\(error)" }
}

@Suite("A policy's text")
struct PolicySpecTests {
    private static let fingerprint = "SHA256:" + String(repeating: "a", count: 43)

    @Test("with every key is read, alone and in a spec")
    func everyKey() throws {
        let keys = """
            allow = ["MIT", "ISC OR Zlib"]
            deny = ["GPL-3.0-only"]
            unknown_license = "allow"
            channels = ["forge"]
            indexes = []
            max_archive_size = "200 MB"
            max_bundle_size = 1500
            min_age = "7 days"
            max_age = "2 years"
            sdists = false
            link_scripts = false
            hooks = false
            signers = ["\(Self.fingerprint)"]
            threshold = 1
            """
        let exception = "package = 'a'\nrule = 'deny'\nreason = 'b'\n"
        let alone = try read("\(keys)\n[[exception]]\n\(exception)")
        #expect(alone.allow.map(\.value) == ["MIT", "ISC OR Zlib"] && alone.allow[1].line == 1)
        #expect(alone.deny.map(\.value) == ["GPL-3.0-only"] && alone.unknownLicense == .allow)
        #expect(alone.channels == ["forge"] && alone.indexes == [])
        #expect(alone.maxArchiveSize == 200_000_000 && alone.maxBundleSize == 1_500)
        #expect(alone.minAge == 7 && alone.maxAge == 730)
        #expect(!alone.allowsSdists && !alone.allowsLinkScripts && !alone.allowsHooks)
        #expect(alone.signers != nil && alone.threshold == 1)
        #expect(alone.exceptions.map(\.rule) == [.deny])
        let below = try read("[policy]\n\(keys)\n[[policy.exception]]\n\(exception)")
        #expect(below.exceptions.map(\.package) == ["a"] && below.maxAge == 730)
        let spec = try EnvironmentSpec.read(
            Array(
                "name = 'a'\nplatforms = ['linux-64']\n[python]\nhost = '3.11'\n[policy]\n\(keys)\n[[policy.exception]]\n\(exception)"
                    .utf8), file: "bundle.toml")
        #expect(spec.policy?.maxAge == 730 && spec.policy?.exceptions.count == 1)
        #expect(try read("") == PolicySpec())
    }

    @Test(
        "is refused with a sentence that helps",
        arguments: [
            ("alow = ['MIT']", "did you mean 'allow'"), ("allow = 'MIT'", "array of strings"),
            ("allow = []", "allow is empty"), ("unknown_license = 'ask'", "\"refuse\" or \"allow\""),
            ("max_archive_size = 'big'", "\"200 MB\""), ("max_archive_size = 0", "\"200 MB\""),
            ("max_archive_size = -1", "bytes"), ("max_archive_size = 1.5", "bytes"),
            ("max_bundle_size = '99999999999 TB'", "bytes"), ("max_bundle_size = '0 MB'", "bytes"),
            ("max_bundle_size = '5 mb'", "bytes"), ("min_age = 7", "\"7 days\""),
            ("min_age = '7'", "\"7 days\""),
            ("min_age = '-7 days'", "\"7 days\""), ("min_age = '1 month'", "\"7 days\""),
            ("min_age = '999999999999 days'", "\"7 days\""),
            ("min_age = '2 weeks'\nmax_age = '1 day'", "no release fits"),
            ("hooks = 'no'", "true or false"), ("signers = []", "signers is empty"),
            ("signers = 3", "fingerprints"),
            ("signers = ['SHA256:short']", "ssh-keygen -l"), ("signers = ''", "must not be empty"),
            ("threshold = 1", "belongs to signers"), ("signers = 'f'\nthreshold = 0", "from 1 on"),
            ("[exception]\npackage = 'a'", "headed by [[exception]]"),
            ("[[exception]]\npackage = 'a'\nrule = 'deny'", "has no reason"),
            ("[[exception]]\npackage = 'a'\nrule = 'dney'\nreason = 'r'", "did you mean 'deny'"),
            ("[[exception]]\npackage = 'a'\nrule = 'signers'\nreason = 'r'", "must be one of"),
            ("[[exception]]\npackage = 'a'\nrule = 'deny'\nreason = \"a\\nb\"", "one line"),
            ("exception = [3]", "must be a table"), ("policy = 3", "must be a table"),
            ("allow = [3]", "must be a string"),
        ])
    func refused(_ text: String, _ words: String) {
        #expect(problems(text).contains(words), "\(problems(text))")
    }

    @Test("tells all its problems at once, with their lines")
    func all() {
        let text = "hooks = 1\n\nallow = []\nmin_age = 'x'\nfoo = 1"
        for line in [1, 3, 4, 5] { #expect(problems(text).contains("line \(line)"), "\(problems(text))") }
    }

    @Test(
        "sizes",
        arguments: [
            ("1 B", 1), ("999kB", 999_000), ("1.5 GB", 1_500_000_000), ("0.001 kB", 1), ("2 KiB", 2_048),
            ("1.25 MiB", 1_310_720), ("18446745 TB", nil), ("18446744 TB", 18_446_744_000_000_000_000),
            ("1..5 MB", nil), ("1.2345 MB", nil), ("MB", nil),
            ("1", nil), ("1 MB ", nil), ("1 Mb", nil), ("٣ MB", nil), (".5 MB", nil), ("1e3 B", nil),
        ] as [(String, UInt64?)])
    func sizes(_ text: String, _ bytes: UInt64?) {
        #expect(PolicySpec.bytes(text) == bytes)
    }

    @Test("is no input of the lock")
    func meaning() throws {
        let plain = "name = 'a'\nplatforms = ['linux-64']\n[python]\nhost = '3.11'\n"
        func hash(_ text: String) throws -> String {
            let spec = try EnvironmentSpec.read(Array(text.utf8), file: "bundle.toml")
            let inputs = try LockInputs.gather(spec, specFile: "bundle.toml") { _ in [] }
            return inputs.contentHash(of: spec, platform: "linux-64", localWheels: [:]).hex
        }
        #expect(try hash(plain) == hash(plain + "[policy]\nhooks = false\n"))
        #expect(try hash(plain) != hash(plain.replacing("3.11", with: "3.12")))
    }
}
