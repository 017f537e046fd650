import Digests
import Testing

@testable import Audit

@Suite struct DependencyTreeTests {
    private func wheel(_ name: String, _ depends: String..., requested: Bool = false) -> PackageSet.Package {
        var package = Example.wheel(name, "1.0", requested: requested)
        package.depends = depends
        return package
    }

    private func graph(_ packages: PackageSet.Package...) -> DependencyGraph {
        DependencyGraph(
            Example.set(packages, facts: [.pythonVersion: "3.11.2", .platform: "linux-64"]))
    }

    private var flask: DependencyGraph {
        graph(
            wheel("flask", "jinja2", "werkzeug", requested: true), wheel("jinja2", "markupsafe"),
            wheel("werkzeug", "markupsafe", "jinja2"), wheel("markupsafe"), wheel("tool", requested: true))
    }

    @Test func whatIsNeededStandsBelow() {
        #expect(
            DependencyTree(flask).lines() == [
                "flask 1.0", "├── jinja2 1.0", "│   └── markupsafe 1.0", "└── werkzeug 1.0",
                "    ├── jinja2 1.0 (*)", "    └── markupsafe 1.0", "tool 1.0", "",
                "(*) what is below it is shown further up",
            ])
    }

    @Test func terminalsWithoutLinesGetASCII() {
        let lines = DependencyTree(flask, depth: 1).lines(ascii: true)
        #expect(lines == ["flask 1.0", "|-- jinja2 1.0", "`-- werkzeug 1.0", "tool 1.0"])
    }

    @Test func whatWasAskedForMayStandBelowOthers() {
        let tree = DependencyTree(
            graph(
                wheel("python", "pip", requested: true), wheel("pip", "python"),
                wheel("app", "python", requested: true), wheel("x", "y", requested: true),
                wheel("y", "x", requested: true)))
        #expect(
            tree.lines(ascii: true) == [
                "app 1.0", "`-- python 1.0 requested", "    `-- pip 1.0",
                "        `-- python 1.0 requested (*)", "x 1.0", "`-- y 1.0 requested",
                "    `-- x 1.0 requested (*)", "", "(*) what is below it is shown further up",
            ])
    }

    @Test func depthCutsOff() {
        #expect(DependencyTree(flask, depth: 0).lines() == ["flask 1.0", "tool 1.0"])
        #expect(!DependencyTree(flask, depth: 1).lines().contains { $0.contains("markupsafe") })
    }

    @Test func turnedAroundItSaysWhatNeedsAPackage() {
        let tree = DependencyTree(flask, inverted: true, from: PackageFilter(name: "MarkupSafe"))
        #expect(
            tree.lines() == [
                "markupsafe 1.0", "├── jinja2 1.0", "│   ├── flask 1.0 requested",
                "│   └── werkzeug 1.0", "│       └── flask 1.0 requested", "└── werkzeug 1.0 (*)", "",
                "(*) what is below it is shown further up",
            ])
        let whole = DependencyTree(flask, inverted: true, depth: 0).lines()
        #expect(whole == ["markupsafe 1.0", "tool 1.0"], "what needs nothing stands at the margin")
    }

    @Test func whatNobodyAskedForIsSetApart() {
        let lines = DependencyTree(
            graph(
                wheel("a", requested: true), wheel("stray", "ring"), wheel("ring", "gnir"),
                wheel("gnir", "ring"), wheel("x", "y"), wheel("y", "x"))
        ).lines(ascii: true)
        #expect(
            lines == [
                "a 1.0", "", "Needed by nothing that was asked for, as far as is told:", "stray 1.0",
                "`-- ring 1.0", "    `-- gnir 1.0", "        `-- ring 1.0 (*)", "x 1.0", "`-- y 1.0",
                "    `-- x 1.0 (*)", "", "(*) what is below it is shown further up",
            ])
    }

    @Test func circlesAndChainsEnd() {
        let circle = graph(wheel("a", "b", requested: true), wheel("b", "a"))
        #expect(
            DependencyTree(circle).lines()[..<3] == ["a 1.0", "└── b 1.0", "    └── a 1.0 requested (*)"])
        let chain = (0..<2_000).map { wheel("p\($0)", "p\($0 + 1)", requested: $0 == 0) }
        let lines = DependencyTree(DependencyGraph(Example.set(chain))).lines()
        #expect(lines.count == 501, "no chain of packages is that long")
        #expect(DependencyGraph(Example.set(chain)).paths(to: .init(chain[1_999]))[0].count == 2_000)
    }

    @Test func extrasAndKindsAreShownWhereTheyMatter() {
        let mixed = graph(
            wheel("web", #"brotli; extra == "speed""#, "numpy", requested: true), wheel("brotli"),
            Example.conda("numpy", "2.0", "0"))
        #expect(
            DependencyTree(mixed).lines(ascii: true) == [
                "web[speed] 1.0 (wheel)", "|-- numpy 2.0 (conda)", "`-- brotli 1.0 (wheel)",
            ])
    }

    @Test func aNameIsNoCursor() {
        let evil = graph(
            wheel("a\u{1B}[2J", requested: true), wheel("fl\u{430}sk", requested: true),
            wheel("b\u{202E}\r\n", requested: true))
        let lines = DependencyTree(evil).lines()
        #expect(lines == [#"a\u{1B}[2J 1.0"#, #"b\u{202E}\u{D}\u{A} 1.0"#, #"fl\u{430}sk 1.0"#])
    }

    @Test func reasonsAreToldAsWays() throws {
        let reason = try PackageReason(flask, title: "payroll", name: "MarkupSafe")
        #expect(
            reason.lines(flask) == [
                "markupsafe 1.0 (wheel)", "  flask 1.0 -> jinja2 1.0 -> markupsafe 1.0",
                "  flask 1.0 -> werkzeug 1.0 -> markupsafe 1.0",
            ])
        #expect(try PackageReason(flask, title: "", name: "tool").lines(flask)[1] == "  it was asked for")
        let lone = graph(wheel("a", requested: true), wheel("b"))
        #expect(
            try PackageReason(lone, title: "", name: "b").lines(lone)[1].contains(
                "nothing that was asked for"))
        let error = #expect(throws: AuditError.self) {
            try PackageReason(flask, title: "payroll 1", name: "markup\u{1B}")
        }
        #expect(error?.description.contains("payroll 1") == true)
        let near = #expect(throws: AuditError.self) { try PackageReason(flask, title: "", name: "markup") }
        #expect(near?.description.hasSuffix("there are markupsafe") == true)
    }

    @Test func documentsAreReadAsTheyWereWritten() throws {
        let document = DependencyDocument(flask, title: "payroll")
        let bytes = try CanonicalJSON.encode(document)
        #expect(try CanonicalJSON.decode(DependencyDocument.self, from: bytes) == document)
        #expect(document.packages.map(\.name) == ["flask", "jinja2", "markupsafe", "tool", "werkzeug"])
        #expect(document.packages[2].dependents.map(\.name) == ["jinja2", "werkzeug"])
        let one = DependencyDocument(flask, title: "", keeping: PackageFilter(name: "t*"))
        #expect(one.packages.map(\.name) == ["tool"])
        let reason = try PackageReason(flask, title: "payroll", name: "jinja2")
        let text = try CanonicalJSON.encode(reason)
        #expect(try CanonicalJSON.decode(PackageReason.self, from: text) == reason)
    }
}
