import ArgumentParser
import Testing

@testable import Console

@Suite struct MistypedCommandTests {
    struct Tool: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tool", subcommands: [Verify.self, VerifyInstall.self, Wheel.self])
    }

    /// As the installer: without a command's name, what it is given is a bundle.
    struct Defaulting: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "defaulting", subcommands: [Verify.self], defaultSubcommand: Verify.self)
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "verify")
        @Argument var names: [String] = []
    }
    struct VerifyInstall: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "verify-install")
    }
    struct Wheel: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "wheel", subcommands: [Check.self])
    }
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "check")
    }

    private func words(_ arguments: String..., of root: any ParsableCommand.Type = Tool.self) -> String? {
        do { try MistypedCommand.check(arguments, of: root) } catch { return "\(error)" }
        return nil
    }

    @Test(arguments: [
        ("verfy", "verify"), ("vrify", "verify"), ("verifyy", "verify"), ("evrify", "verify"),
        ("VERIFY", "verify"), ("verify-instal", "verify-install"), ("verify_install", "verify-install"),
        ("whel", "wheel"), ("whee", "wheel"), ("wh", "wheel"),
    ])
    func fewSlipsAreUnderstood(typed: String, meant: String) {
        #expect(words(typed)?.hasSuffix("did you mean '\(meant)'?") == true)
    }

    @Test(arguments: [
        "remove", "x", "v", "ve", String(repeating: "verify", count: 10_000), "\u{e9}\u{1b}[2J",
    ])
    func anotherWordIsNotGuessedAt(typed: String) throws {
        let words = try #require(self.words(typed))
        #expect(words.hasSuffix("the commands are verify, verify-install, wheel"))
        #expect(!words.contains("\u{1b}"))
    }

    @Test func commandsOptionsAndHelpPass() {
        #expect(words("verify", "whel") == nil)
        #expect(words("verify-install") == nil)
        #expect(words("--verfy") == nil)
        #expect(words("help", "verfy") == nil)
        #expect(words() == nil)
    }

    @Test func commandsOfCommandsAreLookedAtToo() {
        #expect(words("wheel", "chek")?.contains("'check'") == true)
        #expect(words("wheel", "check") == nil)
    }

    @Test func whatMayBeABundleIsNoCommand() {
        #expect(words("verfy", of: Defaulting.self)?.contains("neither a command nor a file") == true)
        for bundle in ["./verfy", "verfy.sh", "/", "verify"] {
            #expect(words(bundle, of: Defaulting.self) == nil)
        }
    }
}
