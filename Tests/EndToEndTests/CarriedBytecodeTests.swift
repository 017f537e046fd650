import TestSupport
import Testing

/// `[install] bytecode = "bundle"`: compiled once while cutting, carried along, never compiled on a target.
@Suite struct CarriedBytecodeTests {
    private static let option = "[install]\nbytecode = \"bundle\""

    private func bundle(in workshop: Workshop, index: ToyIndex) throws -> String {
        try workshop.spec(index: index.url, python: Shared.carried(in: workshop), more: Self.option)
        return try workshop.cut()
    }

    /// The interpreter decides at each compilation what it shares between equal constants, so a second store,
    /// another place and another order must not show.
    @Test func theSameBytesWhereverItIsCompiled() throws {
        let index = ToyIndex()
        let here = try Workshop()
        let first = try bundle(in: here, index: index)
        let there = try Workshop()
        there.environment["TMPDIR"] = there.path + "/home"
        there.environment["PYTHONHASHSEED"] = "77"
        let second = try bundle(in: there, index: index)
        #expect(try Tree.digest(first) == Tree.digest(second))
        let verified = try here.airlift("verify", "--bytecode", first)
        #expect(
            verified.code == 0 && verified.output.contains("is what their sources compile to"),
            "\(verified.words)")
    }

    @Test func nothingIsCompiledOnTheTargetAndPythonTakesWhatCame() throws {
        let workshop = try Workshop()
        let bundle = try bundle(in: workshop, index: ToyIndex())
        let prefix = workshop.path + "/landed"
        let landed = try run(["sh", bundle, "-b", "-p", prefix])
        #expect(landed.code == 0, "\(landed.words)")
        let before = try Tree.listing(prefix).filter { $0.contains(".pyc") }
        #expect(
            before.contains { $0.contains("site-packages/greeter") }
                && before.contains { $0.contains("base/lib") })
        // `-v` tells for each module whether its byte code was taken ("matches") or its source compiled.
        let ran = try run([prefix + "/bin/python", "-v", "-c", "import greeter, json, email.mime.text"])
        #expect(ran.code == 0 && ran.errors.contains("matches"), "\(ran.words)")
        let wrote = ran.errors.split(separator: "\n").filter { $0.contains("wrote") }
        #expect(wrote.isEmpty, "\(wrote)")
        #expect(try Tree.listing(prefix).filter { $0.contains(".pyc") } == before)
        let verified = try run(["sh", bundle, "verify-install", prefix])
        #expect(verified.code == 0, "\(verified.words)")
    }

    @Test func noneIsWrittenWhereNoneIsWanted() throws {
        let workshop = try Workshop()
        let bundle = try bundle(in: workshop, index: ToyIndex())
        let landed = try run(["sh", bundle, "-b", "--no-compile", "-p", workshop.path + "/landed"])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(try !Tree.listing(workshop.path + "/landed").contains { $0.contains(".pyc") })
    }
}
