import Failures
import Install
import TestSupport
import Testing

/// Wheels that others install (pip takes 23 of 38 of this kind, uv 15) are refused, and their harmless twins read.
@Suite struct OracleWheelFaultTests {
    @Test(arguments: OracleWheelFault.all) func isRefused(fault: OracleWheelFault) throws {
        let scratch = TemporaryDirectory()
        let wheel = try fault.attack.write(to: scratch)
        let refusal = try #require(failure { _ = try WheelCheck.run(wheel.path) }, "it was read")
        #expect([.damaged, .refused].contains(refusal.kind), "\(refusal)")
        #expect(refusal.description.contains(fault.reason), "\(refusal)")
        #expect(refusal.description.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0a }, "\(refusal)")
    }

    @Test(arguments: OracleWheelFault.all) func itsTwinIsRead(fault: OracleWheelFault) throws {
        let scratch = TemporaryDirectory()
        let wheel = try fault.twin.write(to: scratch)
        let check = try WheelCheck.run(wheel.path)
        #expect(check.name == "demo" && check.sha256 == wheel.sha256)
        #expect(check.files == fault.twin.files.count + 2 + (fault.twin.entryPoints.isEmpty ? 0 : 1))
    }

    /// All faults of a wheel are told at once.
    @Test func tellsEveryFault() throws {
        let scratch = TemporaryDirectory()
        let wheel = try WheelBuilder {
            $0.files += [.init("demo/a.py", "a\n"), .init("demo/b.py", "b\n")]
            $0.editRecord = {
                $0[0].size = "1"
                $0.remove(at: 1)
                $0.append(.init("demo/c.py", Array("c".utf8)))
            }
        }.write(to: scratch)
        let refusal = try #require(failure { _ = try WheelCheck.run(wheel.path) })
        for name in ["__init__.py", "a.py", "c.py"] {
            #expect(refusal.description.contains(name), "\(refusal)")
        }
    }

    /// However a wheel is cut short, it is refused in a sentence; whole it is read.
    @Test func isRefusedAtEachLength() throws {
        let scratch = TemporaryDirectory()
        let bytes = WheelBuilder().bytes
        let name = WheelBuilder().filename
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let path = try scratch.write("short/\(name)", Array(bytes[..<count]))
            #expect(failure { _ = try WheelCheck.run(path) }?.kind == .damaged, "\(count) bytes")
        }
        #expect(try WheelCheck.run(scratch.write("whole/\(name)", bytes)).files == 3)
    }

    /// Any one byte changed: refused, or the archive's hash is another. Nothing is read as what it was.
    @Test func noByteCanChangeUnseen() throws {
        let scratch = TemporaryDirectory()
        let bytes = WheelBuilder().bytes
        let original = try WheelCheck.run(scratch.write(WheelBuilder().filename, bytes))
        for place in stride(from: 0, to: bytes.count, by: 5) {
            var changed = bytes
            changed[place] ^= 0x41
            let path = try scratch.write("changed/\(WheelBuilder().filename)", changed)
            if let check = try? WheelCheck.run(path) { #expect(check.sha256 != original.sha256) }
        }
    }

    /// The command reads all that it is given, whatever is wrong with one, and says both in its document.
    @Test func theCommandJudgesEachWheel() throws {
        let scratch = TemporaryDirectory()
        let good = try WheelBuilder("good") { $0.requiresPython = ">=3.9" }.write(to: scratch)
        let bad = try WheelBuilder("bad") { $0.editRecord = { $0.removeFirst() } }.write(to: scratch)
        let checked = try run([Product.airlift, "wheel", "check", "--json", bad.path, good.path])
        #expect(checked.code == 3, "\(checked.words)")
        #expect(checked.output.hasPrefix("{\"airlift_wheel_check\":1,"))
        for word in [
            "\"filename\":\"\(good.filename)\"", "\"file\":\"\(bad.path)\"", "\"requires_python\":\">=3.9\"",
        ] {
            #expect(checked.output.contains(word), "\(checked.words)")
        }
        #expect(checked.errors.contains("bad/__init__.py"))
        let alone = try run([Product.airlift, "wheel", "check", good.path])
        #expect(
            alone.code == 0 && alone.output.contains("good-1.0-py3-none-any.whl: 3 files"), "\(alone.words)")
        #expect(
            try run([Product.airlift, "wheel", "check", "\(scratch.path)/absent-1-py3-none-any.whl"]).code
                != 0)
        #expect(try run([Product.airlift, "wheel", "check"]).code == 2)
    }
}
