import Files
import Glibc
import TestSupport
import Testing

/// Damage and repair by the programs that people have: the bundle's own installer, and the one that a root keeps.
@Suite struct RepairFlightTests {
    let scratch = TemporaryDirectory()

    private var module: String { "lib/python\(Shared.minorVersion)/site-packages/shouter/__init__.py" }

    @Test func anEnvironmentIsRepairedFromTheBundleThatWasRun() throws {
        let (bundle, prefix) = (try Shared.whole().bundle, scratch.path + "/p")
        #expect(try Shared.install(bundle, prefix).code == 0)
        let before = try Tree.bytes("\(prefix)/\(module)")
        func verify(_ options: String...) throws -> Outcome {
            try run([Product.installer, "verify-install", prefix] + options)
        }
        #expect(try verify("--bundle", bundle).output.contains("compared with the bundle"))
        try scratch.write("p/" + module, "import this\n")
        try scratch.write("p/bin/stranger", "mine")
        #expect(unlink(prefix + "/bin/greet") == 0)
        let found = try verify("--bundle", bundle)
        #expect(found.code == 1 && found.output.contains("missing: bin/greet"), "\(found.words)")

        let nothing = try run([Product.installer, "repair", prefix])
        #expect(nothing.code == 2 && nothing.errors.contains("--bundle"), "\(nothing.words)")
        let other = try run(["sh", Shared.lighter().bundle, "repair", prefix])
        #expect(other.code == 6 && other.errors.contains("bundle digest"), "\(other.words)")
        let ran = try run(["sh", bundle, "repair", prefix])
        #expect(ran.code == 0, "\(ran.words)")
        for line in ["restored: \(module)", "restored: bin/greet (it was: missing)", "left: bin/stranger"] {
            #expect(ran.output.contains(line), "\(ran.words)")
        }
        #expect(try Tree.bytes("\(prefix)/\(module)") == before)
        #expect(try run([prefix + "/bin/greet"]).code == 0)
        #expect(try verify().code == 1, "the stranger is still there")
        #expect(
            try run(["sh", bundle, "repair", "--remove-extra", prefix]).output.contains(
                "removed: bin/stranger"))
        #expect(try verify().code == 0)
        let again = try run(["sh", bundle, "repair", prefix])
        #expect(again.code == 0 && again.output.contains("nothing was changed"), "\(again.words)")
    }

    @Test func aRootRepairsItselfFromTheBundleThatItKept() throws {
        let (bundle, root) = (try Shared.light().bundle, scratch.path + "/r")
        let installed = try run(["sh", bundle, "-b", "--no-sync", "--keep-bundle", "--root", root])
        #expect(installed.code == 0, "\(installed.words)")
        let kept = root + "/.airlift/airlift"
        #expect(try run([kept, "verify-install"]).code == 0)
        let release = try #require(try Tree.names(root + "/releases").first)
        let path = "r/releases/\(release)/\(module)"
        #expect(unlink("\(scratch.path)/\(path)") == 0)
        try scratch.write(path, "import this\n", permissions: 0o444)
        let found = try run([kept, "verify-install"])
        #expect(found.code == 1 && found.output.contains("releases/\(release)/\(module)"), "\(found.words)")
        let ran = try run([kept, "repair"])
        #expect(ran.code == 0 && ran.output.contains("restored: \(module)"), "\(ran.words)")
        #expect(try run([kept, "verify-install", "--bundle", bundle]).code == 0)
        #expect(try run([kept, "verify-install", "\(root)/current"]).code == 0)
        #expect(try run([kept, "history"]).output.contains("repaired"))
    }
}
