import Testing
import Wheels

@Suite("entry_points.txt")
struct EntryPointsTests {
    @Test func commandsAreRead() throws {
        let points = try EntryPoints(
            bytes(
                """
                # comment
                [console_scripts]
                flask = flask.cli:main
                deep=a.b_c:obj.method [Async, dotenv]
                ; another
                [gui_scripts]\r
                näm-e.x = _m : f
                [flask.plugins]
                not even = an object
                rubbish
                [console_scripts]
                later = m:f
                """))
        #expect(points.scripts.map(\.name) == ["flask", "deep", "näm-e.x", "later"])
        #expect(points.scripts.map(\.module) == ["flask.cli", "a.b_c", "_m", "m"])
        #expect(points.scripts.map(\.attribute) == ["main", "obj.method", "f", "f"])
        #expect(points.scripts.map(\.group) == [.console, .console, .gui, .console])
        #expect(points.scripts[1].extras.map(\.normalized) == ["async", "dotenv"])
        #expect(try EntryPoints([]).scripts == [] && EntryPoints(bytes("[x]\ny\n")).scripts == [])
    }

    @Test(
        "is refused",
        arguments: [
            "a = m", "a = m:", "a = :f", "a = m:f:g", "a = m;import os:f", "a = m:f()", "a = os:system('x')",
            "a = m..n:f", "a = 1m:f", "a = m:class", "a = m.lambda:f", "a = m:f [", "a = m:f [x y]", "a",
            "a/b = m:f", "../a = m:f", "a\\b = m:f", "-a = m:f", ". = m:f", ".. = m:f", " = m:f",
            "a\0b = m:f", "a\u{1b}[2J = m:f", "a = m-n:f", "a = m:f\u{2028}g",
            String(repeating: "x", count: 256) + " = m:f",
        ])
    func refuses(line: String) {
        #expect(reasons { try EntryPoints(bytes("[console_scripts]\n\(line)\n")) }?.count == 1)
        #expect(reasons { try EntryPoints(bytes("[other]\n\(line)\n")) } == nil)
    }

    @Test func faultsAreCollected() {
        let found = reasons {
            try EntryPoints(
                bytes("x = y:z\n[console_scripts]\na = m:f\na = m:g\nb = 1\n[gui_scripts]\na = m:f\n"))
        }
        #expect(found?.count == 4)
        #expect(reasons { try EntryPoints([0x5b, 0xff, 0x5d]) }?.first?.contains("UTF-8") == true)
    }

    /// "pip, pip3 and pip3.11", whatever Python built the wheel; other projects have what they declare.
    @Test func commandsOfPipBearTheVersionOfThePythonTheyServe() throws {
        let points = try EntryPoints(
            bytes(
                "[console_scripts]\npip3.8 = pip.main:old\npip = pip.main:f\npip3 = pip.main:f\npip-run = x:y\n"
            ))
        let commands = try points.commands(of: ProjectName("Pip"), minorVersion: "3.11")
        #expect(commands.map(\.name) == ["pip", "pip3", "pip3.11", "pip-run"])
        #expect(commands.prefix(3).allSatisfy { $0.attribute == "f" && $0.module == "pip.main" })
        #expect(try points.commands(of: ProjectName("other"), minorVersion: "3.11") == points.scripts)
        let without = try EntryPoints(bytes("[console_scripts]\npip3.8 = pip:f\n"))
        #expect(try without.commands(of: ProjectName("pip"), minorVersion: "3.11") == without.scripts)
    }
}
