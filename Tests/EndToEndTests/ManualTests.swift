import Files
import TestSupport
import Testing

/// Manual pages are made of the words of the help.
@Suite struct ManualTests {
    private static func pages(_ scratch: TemporaryDirectory) throws -> [String] {
        let ran = try run([
            "/usr/bin/python3", "-I", Product.root + "/docs/man/pages.py", scratch.path + "/man1",
            Product.airlift, Product.installer,
        ])
        guard ran.words == "exit code 0\n" else { throw Unexpected(ran) }
        return try Tree.names(scratch.path + "/man1")
    }

    @Test func everyCommandHasAPageWithItsOptions() throws {
        let scratch = TemporaryDirectory()
        var left = Set(try Self.pages(scratch))
        for (program, name) in try [(Product.airlift, "airlift"), (Product.installer, "airlift-installer")] {
            let commands = try Commands.of(program)
            for path in [[]] + commands.groups + commands.leaves.map(\.path) {
                let file = ([name] + path).joined(separator: "-") + ".1"
                #expect(left.remove(file) != nil, "\(file)")
                let text = try Tree.text(scratch.path + "/man1/" + file)
                for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS"] {
                    #expect(text.contains("\n.SH \(section)\n"), "\(file) has no \(section)")
                }
                for option in commands.leaves.first(where: { $0.path == path })?.options ?? [] {
                    let spelled = "--\(option)".split(separator: "-", omittingEmptySubsequences: false)
                    #expect(
                        text.contains("\\fB" + spelled.joined(separator: "\\-") + "\\fR"),
                        "\(file), \(option)")
                }
            }
        }
        #expect(left == [], "pages of no command")
    }

    @Test(.enabled(if: Program.exists("groff") && Program.exists("man"), "groff or man is not here"))
    func groffFindsNothingWrong() throws {
        let scratch = TemporaryDirectory()
        for page in try Self.pages(scratch) {
            let path = "\(scratch.path)/man1/\(page)"
            let checked = try run(["groff", "-man", "-ww", "-Tutf8", "-z", path])
            #expect(checked.words == "exit code 0\n", "\(page): \(checked.words)")
            let shown = try run(
                ["man", "--warnings", "-l", path],
                environment: ["LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MANPAGER": "cat"])
            #expect(shown.code == 0 && shown.errors == "", "\(page): \(shown.errors)")
            #expect(shown.output.contains("EXIT STATUS") && !shown.output.contains("\\("), "\(page)")
        }
    }

    @Test func thePagesAreTheSameEachTime() throws {
        let (one, other) = (TemporaryDirectory(), TemporaryDirectory())
        _ = try Self.pages(one)
        _ = try Self.pages(other)
        #expect(try Tree.listing(one.path) == Tree.listing(other.path))
    }
}
