import Archives
import Bundle
import Files
import TestSupport
import Testing
import Wheels

@testable import Install

/// Places in the prefix that no wheel may have.
@Suite struct HostilePlacesTests {
    private func read(_ wheel: WheelBuilder, carryingInterpreter: Bool) throws {
        let scratch = TemporaryDirectory()
        let built = try wheel.write(to: scratch)
        var python = HostileWheel.python
        if carryingInterpreter { python.executable = "base/bin/python3.11" }
        let archive = Manifest.Archive(
            kind: .wheel, name: wheel.name, version: wheel.version, filename: built.filename,
            path: "archives/wheels/\(built.filename)", url: nil, size: UInt64(built.bytes.count),
            sha256: built.sha256, crc32: "00000000", license: nil, requested: true, depends: [],
            installed: .init(files: 0, bytes: 0), hooks: [])
        _ = try PackageContents.read(
            archive, in: FileRegion(path: built.path), python: python, workspace: InflateWorkspace())
    }

    private func wheel(_ place: String) -> WheelBuilder {
        WheelBuilder { $0.files.append(.init("\($0.dataDirectory)/\(place)", "x")) }
    }

    @Test(arguments: [
        "data/base/lib/python311.zip", "data/base/x", "data/.airlift/x", "data/bin/pyvenv.cfg",
        "scripts/pyvenv.cfg",
    ])
    func `what would change the interpreter or the records is refused`(place: String) throws {
        #expect(failure { try read(wheel(place), carryingInterpreter: true) } != nil)
    }

    @Test(arguments: ["data/share/base/x", "data/basement/x", "data/etc/.airlift/x", "scripts/pyvenv.cfg.py"])
    func `what only looks like it is read`(place: String) throws {
        try read(wheel(place), carryingInterpreter: true)
    }

    @Test func `without an interpreter of its own, a directory called base is like any other`() throws {
        try read(wheel("data/base/x"), carryingInterpreter: false)
    }

    @Test(arguments: [("pyvenv.cfg", true), ("pyvenv", false)])
    func `an entry point cannot take such a place either`(name: String, isRefused: Bool) throws {
        let wheel = WheelBuilder { $0.entryPoints = [("console_scripts", ["\(name) = demo:main"])] }
        #expect((failure { try read(wheel, carryingInterpreter: false) } != nil) == isRefused)
    }

    @Test(arguments: ["python", "python3", "python3.11", "activate", "activate.fish"])
    func `an entry point named like a file of the environment is a conflict`(name: String) throws {
        let wheel = try HostileWheel(
            WheelBuilder { $0.entryPoints = [("console_scripts", ["\(name) = demo:main"])] })
        #expect(wheel.conflicts == ["bin/\(name)"])
    }

    @Test func `an entry point named like a script of another wheel is a conflict`() throws {
        let one = WheelBuilder("one") {
            $0.files.append(.init("\($0.dataDirectory)/scripts/tool", "#!python\n"))
        }
        let two = WheelBuilder("two") { $0.entryPoints = [("console_scripts", ["tool = two:main"])] }
        #expect(try HostileWheel(one, two).conflicts == ["bin/tool"])
    }
}
