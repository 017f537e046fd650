import TestSupport
import Testing

/// What a release engineer mistypes.
@Suite struct BadSpecTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let spec: String
        let code: Int32
        let words: [String]

        init(_ name: String, _ spec: String, _ code: Int32, _ words: String...) {
            testDescription = name
            self.spec = spec
            self.code = code
            self.words = words
        }
    }

    private static let start = "name = \"payroll\"\nplatforms = [\"linux-64\"]\n[python]\nhost = \"3.11\"\n"
    private static func requirements(_ text: String) -> String {
        start + "[wheels]\nindex = [\"http://127.0.0.1:9/simple\"]\nrequirements = [\(text)]\n"
    }

    static let cases = [
        Case(
            "an unknown key", start + "[whels]\nrequirements = []\n", 3, "line 5", "unknown key 'whels'",
            "did you mean 'wheels'?"),
        Case(
            "an unknown key of a table", start + "[wheels]\nrequirement = []\n", 3, "line 6",
            "unknown key 'requirement' in [wheels]", "did you mean 'requirements'?"),
        Case("a duplicate key", "name = \"a\"\nname = \"b\"\n", 3, "line 2", "name"),
        Case("no TOML", "name = \n", 3, "line 1"),
        Case("no text", "name = \"\u{0}\"\n", 3, "line 1"),
        Case("nothing", "", 3, "name"),
        Case("a malformed pin", requirements("\"greeter=1.0\""), 3, "greeter=1.0"),
        Case("a range", requirements("\"greeter>=1.0\""), 8, "greeter>=1.0", "==", "line 7"),
        Case("no pin", requirements("\"greeter\""), 8, "greeter", "=="),
        Case(
            "a missing local wheel", requirements("\"./dist/own-1.0-py3-none-any.whl\""), 7, "own-1.0",
            "No such file"),
        Case(
            "a missing file of requirements", requirements("\"-r nothing.txt\""), 7, "nothing.txt",
            "No such file"),
        Case(
            "no interpreter", "name = \"payroll\"\nplatforms = [\"linux-64\"]\n", 3, "[python]", "capture"),
        Case(
            "an interpreter that is not there",
            "name = \"payroll\"\nplatforms = [\"linux-64\"]\n[python]\ncapture = \"/nowhere/python\"\n", 2,
            "/nowhere/python", "name one that runs here"),
        Case(
            "another hash of the interpreter",
            "name = \"payroll\"\nplatforms = [\"linux-64\"]\n[python]\narchive = \"bundle.toml\"\n"
                + "sha256 = \"\(String(repeating: "0", count: 64))\"\n", 3, "bundle.toml",
            String(repeating: "0", count: 64)),
    ]

    @Test(arguments: cases) func isOneSentenceAndChangesNothing(_ bad: Case) throws {
        let workshop = try Workshop()
        try workshop.scratch.write("payroll/bundle.toml", bad.spec)
        let before = try workshop.listing("payroll")
        for command in ["lock", "cut"] {
            let ran = try workshop.airlift(command, workshop.project)
            #expect(ran.code == bad.code, "\(ran.words)")
            for word in bad.words { #expect(ran.errors.contains(word), "\(ran.words)") }
            let lines = ran.errors.split(separator: "\n")
            #expect(
                lines.allSatisfy { $0.hasPrefix("airlift: ") } && ran.errors.hasSuffix("\n"), "\(ran.errors)")
            #expect(bad.spec.isEmpty || lines.count == 1, "\(ran.errors)")
            #expect(ran.output == "")
            #expect(try workshop.listing("payroll") == before)
        }
    }

    @Test func allProblemsAreToldAtOnce() throws {
        let workshop = try Workshop()
        let pins = Self.requirements("\"greeter=1.0\", \"shouter=2.0\"")
        for (spec, words) in [
            (pins, ["greeter=1.0", "shouter=2.0"]),
            (pins + "[fils]\n[instal]\n", ["line 8", "'fils'", "line 9", "'instal'"]),
        ] {
            try workshop.scratch.write("payroll/bundle.toml", spec)
            let ran = try workshop.airlift("lock", workshop.project)
            #expect(ran.code == 3, "\(ran.words)")
            for word in words { #expect(ran.errors.contains(word), "\(ran.errors)") }
            let lines = ran.errors.split(separator: "\n")
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("airlift: ") }, "\(ran.errors)")
        }
    }

    @Test func whereNothingIsNothingIsWritten() throws {
        let workshop = try Workshop()
        let missing = try workshop.airlift("lock", workshop.project)
        #expect(missing.code == 2 && missing.errors.contains("airlift init"), "\(missing.words)")
        try workshop.spec()
        let fetch = try workshop.airlift("fetch", workshop.project)
        #expect(fetch.code == 2 && fetch.errors.contains("run: airlift lock"), "\(fetch.words)")
        let again = try workshop.airlift("init", workshop.project)
        #expect(again.code == 6 && again.errors.contains("exists already"), "\(again.words)")
        let name = try workshop.airlift("init", workshop.path + "/Ünnamed thing")
        #expect(name.code == 2 && name.errors.contains("--name"), "\(name.words)")
        #expect(!Tree.exists(workshop.path + "/Ünnamed thing"), "a refused name leaves no directory")
    }

    @Test func aDamagedLockIsNotUsed() throws {
        let flown = try Shared.light()
        let lock = try Tree.text(flown.workshop.project + "/conda-lock.yml")
        for broken in [String(lock.prefix(lock.count / 2)), "no: lock\n", "", "\u{0}\u{1}"] {
            let workshop = try Workshop()
            try workshop.spec(index: flown.index.url)
            try workshop.scratch.write("payroll/conda-lock.yml", broken)
            let before = try workshop.listing("payroll")
            for command in [["fetch"], ["cut", "--locked"], ["inspect"]] {
                let ran = try run(
                    [Product.airlift] + command + [workshop.project], environment: workshop.environment)
                #expect(ran.code == 3, "\(ran.words)")
                #expect(ran.errors.contains("conda-lock.yml"), "\(ran.errors)")
            }
            #expect(try workshop.listing("payroll") == before)
        }
    }
}
