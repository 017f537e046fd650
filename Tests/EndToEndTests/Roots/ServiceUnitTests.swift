import TestSupport
import Testing

/// The example of a service in `installers/systemd`.
private struct ServiceUnit {
    let text: String

    init() throws { text = try Tree.text(Product.root + "/installers/systemd/payroll.service") }

    /// For a root that is elsewhere, and without the user that only a real host has.
    func at(_ root: String) -> ServiceUnit {
        ServiceUnit(text: text.replacing("/opt/payroll", with: root).replacing("User=payroll\n", with: ""))
    }

    private init(text: String) { self.text = text }

    /// Keys and values of all sections.
    var settings: [(key: String, value: String)] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains("=") }.map {
            let parts = $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
    }
}

@Suite struct ServiceUnitTests {
    @Test func `the unit runs nothing but exec, and never through current`() throws {
        let unit = try ServiceUnit()
        let commands = unit.settings.filter { $0.key.hasPrefix("Exec") }
        #expect(commands.map(\.key) == ["ExecStart"])
        #expect(commands.allSatisfy { $0.value.hasPrefix("/opt/payroll/.airlift/airlift exec ") })
        #expect(!unit.text.contains("current/bin"))
        // What the service may write to is what survives upgrades.
        #expect(unit.settings.contains { $0 == ("ReadWritePaths", "-/opt/payroll/state") })
    }

    @Test func `its command runs the current release`() throws {
        let scene = try RootScene(2)
        let line = try #require(
            ServiceUnit().at(scene.root).settings.first { $0.key == "ExecStart" }?.value)
        let words = line.split(separator: " ").map(String.init)
        #expect(words[2] == "gunicorn")
        #expect(try run(Array(words[..<2]) + ["greet"], environment: ["PATH": ""]).output == "release 2\n")
    }

    @Test(.enabled(if: Program.exists("systemd-analyze"), "there is no systemd-analyze"))
    func `systemd takes it`() throws {
        let scene = try RootScene(1)
        let whole = try scene.scratch.write("payroll.service", ServiceUnit().at(scene.root).text)
        let ran = try run(["systemd-analyze", "verify", "--man=no", whole])
        #expect(ran.code == 0 && ran.errors == "", "\(ran.words)")
        // Where the root is not there, the same check says so.
        let broken = try scene.scratch.write(
            "broken/payroll.service", ServiceUnit().at(scene.root + "-gone").text)
        #expect(try run(["systemd-analyze", "verify", "--man=no", broken]).code != 0)
    }
}
