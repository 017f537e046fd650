import Failures
import Install
import TestSupport
import Testing

/// Two wheels that claim one path.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct PathConflictTests {
    let landing = Landing()

    private func other(_ path: String, _ text: String) -> WheelBuilder {
        WheelBuilder("other", "2.5") { $0.files.append(.init(path, text)) }
    }

    @Test(arguments: [
        Case("other contents of one size", ("shared.py", "x = 1", "shared.py", "x = 2")),
        Case("other sizes", ("shared.py", "x = 1", "shared.py", "x = 10")),
        Case("one through .data", ("share/x", "1", "other-2.5.data/data/\(HostPython.site)/share/x", "2")),
        Case("a file where the other needs a directory", ("shared", "1", "shared/x", "1")),
        Case("a directory where the other has a file", ("shared/x", "1", "shared", "1")),
        Case("the other's METADATA", ("a", "1", "other-2.5.data/purelib/demo-1.0.dist-info/METADATA", "1")),
        Case("the other's RECORD", ("a", "1", "other-2.5.data/purelib/demo-1.0.dist-info/RECORD", "1")),
    ])
    func `with different contents is a conflict that names both`(
        _ claim: Case<(String, String, String, String)>
    ) throws {
        let (first, one, second, two) = claim.value
        let wheels = [WheelBuilder { $0.files.append(.init(first, one)) }, other(second, two)]
        let error = failure { try landing.install(wheels) }
        #expect(error?.kind == .refused)
        let text = error?.description ?? ""
        #expect(
            text.contains("demo-1.0-py3-none-any.whl") && text.contains("other-2.5-py3-none-any.whl"),
            "\(text)")
        #expect(try landing.neighbours == [])

        let twin = [WheelBuilder { $0.files.append(.init(first, one)) }, other("elsewhere/x", two)]
        #expect(try landing.install(twin).changed)
    }

    @Test func `with equal contents is one file of both`() throws {
        try landing.install(
            [
                WheelBuilder { $0.files.append(.init("space/__init__.py", "shared = 1\n")) },
                other("space/__init__.py", "shared = 1\n"),
            ],
            bytecode: .target)
        for info in ["demo-1.0", "other-2.5"] {
            let record = try landing.text("\(landing.site)/\(info).dist-info/RECORD")
            #expect(record.contains("space/__init__.py,sha256="))
        }
        #expect(try landing.python(RecordTests.check).output == "ok\n")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        #expect(try landing.python("import space; print(space.shared)").output == "1\n")
    }

    @Test func `one launcher of two wheels is a conflict`() throws {
        let entry = [(group: "console_scripts", lines: ["run = demo:main"])]
        let error = failure {
            try landing.install([
                WheelBuilder { $0.entryPoints = entry },
                WheelBuilder("other", "2.5") { $0.entryPoints = entry },
            ])
        }
        #expect(error?.description.contains("'bin/run'") == true)
        #expect(try landing.neighbours == [])
    }

    @Test func `all conflicts are told together, and planning writes nothing`() throws {
        let bundle = try landing.bundle(of: [
            WheelBuilder { $0.files += [.init("a", "1"), .init("b", "1")] },
            WheelBuilder("other", "2.5") { $0.files += [.init("a", "2"), .init("b", "2")] },
        ])
        let plan = try InstallPlan.make(bundle, landing.request())
        #expect(plan.claims.conflicts.map(\.path) == ["\(landing.site)/a", "\(landing.site)/b"])
        let error = #expect(throws: FailureList.self) { try plan.check() }
        #expect(error?.failures.count == 2)
        #expect(try landing.neighbours == [])
    }
}
