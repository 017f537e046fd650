import Testing

@testable import Audit

@Suite struct InstallerComponentsTests {
    @Test func theyAreFoundInAnExecutable() throws {
        let found = try #require(InstallerComponents.find(in: ExampleBill.executable()))
        #expect(found.program.name == "airlift-installer" && found.program.version == "0.1.0")
        #expect(found.program.license == nil)
        #expect(found.parts.map(\.name) == ["gcc-runtime", "swift", "xz"])
        #expect(found.parts.map(\.version) == ["12.2.0", nil, "5.4.1"])
    }

    /// Objects of two compilers in one file: which one the run-time libraries are of is open.
    @Test func aVersionThatIsNotCertainIsNotTold() throws {
        let twice = ExampleBill.executable() + Array("GCC: (Debian 13.1.0-2) 13.1.0\0".utf8)
        #expect(InstallerComponents.find(in: twice)?.parts.first?.version == nil)
        let again = ExampleBill.executable() + Array("GCC: (Debian 12.2.0-9) 12.2.0\0".utf8)
        #expect(InstallerComponents.find(in: again)?.parts.first?.version == "12.2.0")
        let none = ExampleBill.executable(compiler: "clang version 21")
        #expect(InstallerComponents.find(in: none)?.parts.first?.version == nil)
    }

    @Test(arguments: [
        "", "airlift-components 1\n", "airlift-components 1\nairlift-components end\n",
        "airlift-components 2\npkg:generic/a\t1\tMIT\nairlift-components end\n",
        "airlift-components 1\npkg:generic/a\t1\nairlift-components end\n",
        "airlift-components 1\ngeneric/a\t1\tMIT\nairlift-components end\n",
        "airlift-components 1\npkg:generic/a\t1\u{1b}[2J\tMIT\nairlift-components end\n",
        "airlift-components 1\n" + String(repeating: "pkg:generic/a\t1\tMIT\n", count: 900)
            + "airlift-components end\n",
    ])
    func whatIsNoListIsNone(text: String) {
        #expect(InstallerComponents.find(in: ExampleBill.executable(text)) == nil)
        #expect(InstallerComponents.find(in: Array(text.utf8)) == nil)
    }
}
