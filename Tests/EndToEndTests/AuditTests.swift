import Files
import TestSupport
import Testing

/// What auditors ask, of bundles, manifests, locks and installed environments.
@Suite struct AuditTests {
    private func airlift(_ arguments: String...) throws -> Outcome { try run([Product.airlift] + arguments) }

    /// The same things in every form in which they lie around.
    private func forms(_ cut: Shared.Cut, _ scratch: TemporaryDirectory) throws -> [String] {
        let prefix = scratch.path + "/p"
        let landed = try Shared.install(cut.bundle, prefix)
        guard landed.code == 0 else { throw Unexpected(landed) }
        let manifest = try run(["unzip", "-p", cut.bundle, "airlift/manifest.json"])
        return [
            cut.bundle, try scratch.write("manifest.json", manifest.bytes), cut.workshop.project,
            cut.workshop.project + "/conda-lock.yml", prefix,
        ]
    }

    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"))
    func allFormsOfOneCutAreTheSame() throws {
        let scratch = TemporaryDirectory()
        let forms = try forms(Shared.light(), scratch)
        for form in forms {
            let inspected = try airlift("inspect", form)
            #expect(inspected.code == 0 && inspected.errors == "", "\(inspected.words)")
            #expect(
                inspected.output.contains("greeter") && inspected.output.contains("2.0"),
                "\(inspected.output)")
            for other in forms {
                let diff = try airlift("diff", form, other)
                #expect(diff.code == 0, "\(form) \(other): \(diff.words)")
            }
        }
    }

    @Test func whatChangedIsToldWithExitCodeOne() throws {
        let (old, new) = (try Shared.light(), try Shared.lighter())
        for (before, after) in [(old.bundle, new.bundle), (old.workshop.project, new.workshop.project)] {
            let up = try airlift("diff", before, after)
            #expect(up.code == 1, "\(up.words)")
            #expect(up.errors == "")
            #expect(
                up.output.contains("shouter") && up.output.contains("2.0") && up.output.contains("2.1"),
                "\(up.output)")
            #expect(!up.output.contains("greeter"), "\(up.output)")
            let json = try airlift("diff", "--json", before, after)
            #expect(json.code == 1 && json.output.hasPrefix("{") && json.errors == "", "\(json.words)")
            #expect(try airlift("diff", "--quiet", before, after).words == "exit code 1\n")
        }
    }

    /// The most suspicious change of all.
    @Test func theSameVersionWithOtherBytesIsLoud() throws {
        let workshop = try Workshop()
        var wheels = ToyIndex.greeting
        wheels[1] = WheelBuilder(
            "shouter", "2.0", files: [.init("shouter/__init__.py", "__version__ = '2.0' # or so\n")])
        let index = ToyIndex(wheels)
        try workshop.spec(index: index.url)
        let bundle = try workshop.cut()
        let diff = try airlift("diff", Shared.light().bundle, bundle)
        #expect(diff.code == 1, "\(diff.words)")
        #expect(
            diff.output.contains("shouter") && diff.output.lowercased().contains("other bytes"),
            "\(diff.output)")
    }

    /// Numbers that no honest cut writes: refused, and never a trap in some sum.
    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"))
    func absurdNumbersAreRefused() throws {
        let manifest = try run(["unzip", "-p", Shared.light().bundle, "airlift/manifest.json"]).output
        let scratch = TemporaryDirectory()
        let honest = try scratch.write("manifest.json", manifest)
        #expect(try airlift("inspect", honest).code == 0)
        for key in ["bytes", "files", "inodes", "longest_prefix", "serial", "size"] {
            for number in ["18446744073709551615", "9223372036854775807", "-1", "1e99", "0.5", "null"] {
                let place = try #require(manifest.firstRange(of: "\"\(key)\":"), "\(key)")
                let rest = manifest[place.upperBound...].drop { $0.isNumber }
                let changed = try scratch.write(
                    "changed.json", manifest[..<place.upperBound] + number + rest)
                let ran = try airlift("inspect", changed)
                #expect([0, 3].contains(ran.code), "\(key) \(number): \(ran.words)")
                if number == "18446744073709551615" { #expect(ran.code == 3, "\(key): \(ran.words)") }
            }
        }
    }

    @Test func whatIsNeitherIsSaid() throws {
        let scratch = TemporaryDirectory()
        let text = try scratch.write("words.txt", "hello\n")
        for thing in [text, scratch.path, try scratch.write("empty", "")] {
            let ran = try airlift("inspect", thing)
            #expect([2, 3].contains(ran.code) && ran.errors.contains(thing), "\(ran.words)")
            #expect(try airlift("diff", thing, Shared.light().bundle).code == ran.code)
        }
    }
}
