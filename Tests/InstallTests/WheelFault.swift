import Failures
import TestSupport
import Testing

/// A wheel that must be refused, and one like it that is fine.
struct WheelFault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// What the sentence has to name.
    let says: [String]
    let attack: WheelBuilder
    let twin: WheelBuilder
    /// Changes the finished archive of the attack.
    let damage: @Sendable ([UInt8]) -> [UInt8]

    init(
        _ description: String, says: String..., twin: (inout WheelBuilder) -> Void = { _ in },
        damage: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 },
        attack: (inout WheelBuilder) -> Void = { _ in }
    ) {
        testDescription = description
        self.says = says
        self.twin = Self.base(twin)
        self.attack = Self.base(attack)
        self.damage = damage
    }

    /// One file of each kind, so that there is something to lie about.
    private static func base(_ change: (inout WheelBuilder) -> Void) -> WheelBuilder {
        var wheel = WheelBuilder()
        wheel.files.append(
            .init("demo/data.txt", "some text that is long enough to be deflated, deflated, deflated"))
        wheel.entryPoints = [("console_scripts", ["demo = demo:main"])]
        change(&wheel)
        return wheel
    }

    private static func name(_ kind: String, _ path: String, like benign: String, says: String = "evil")
        -> WheelFault
    {
        WheelFault(
            "a name: \(kind)", says: says, twin: { $0.files.append(.init(benign, "x")) },
            attack: { $0.files.append(.init(path, "x")) })
    }

    private static func mode(_ kind: String, _ mode: UInt32) -> WheelFault {
        WheelFault(
            kind, says: "demo/evil", twin: { $0.files.append(.init("demo/evil", "x", mode: 0o100755)) },
            attack: { $0.files.append(.init("demo/evil", "/etc/passwd", mode: mode)) })
    }

    private static func line(
        _ kind: String, says: String..., change: @escaping @Sendable (inout [WheelBuilder.RecordLine]) -> Void
    ) -> WheelFault {
        WheelFault("RECORD: \(kind)", says: says.joined(separator: ""), attack: { $0.editRecord = change })
    }

    private static func command(_ line: String) -> WheelFault {
        WheelFault(
            "the entry point '\(line)'", says: "entry point",
            twin: { $0.entryPoints = [("console_scripts", ["évil.x-1 = demo.m:a.b"])] },
            attack: { $0.entryPoints = [("console_scripts", [line])] })
    }

    static let archives: [WheelFault] = [
        WheelFault(
            "cut short by a byte", says: "demo-1.0-py3-none-any.whl", damage: { Array($0.dropLast()) }),
        WheelFault("cut to a half", says: "cut short", damage: { Array($0.prefix($0.count / 2)) }),
        WheelFault("empty", says: "demo-1.0", damage: { _ in [] }),
        WheelFault(
            "no zip", says: "no ZIP archive", damage: { _ in Array("<html>404 not found</html>".utf8) }),
        WheelFault(
            "a flipped bit in a member", says: "demo/data.txt",
            attack: { $0.editMembers = { $0[1].data = deflate(Array("other text".utf8)) } }),
        WheelFault(
            "bytes before", says: "before its first member",
            twin: { $0.editArchive = { $0.comment = [0x21] } },
            attack: { $0.editArchive = { $0.prefix = Array("#!/bin/sh\n".utf8) } }),
        WheelFault(
            "bytes between", says: "demo/data.txt", "stand between",
            attack: { $0.editMembers = { $0[0].gap = [1, 2, 3] } }),
        WheelFault("bytes after", says: "follow its end", damage: { $0 + [0] }),
        WheelFault(
            "bytes before the directory", says: "directory",
            attack: { $0.editArchive = { $0.gapBeforeDirectory = [1] } }),
        WheelFault(
            "a member that grows beyond its size", says: "demo/data.txt",
            attack: {
                $0.editMembers = { $0[1].data = deflate([UInt8](repeating: 0x61, count: 1 << 20)) }
            }),
        WheelFault(
            "members that overlap", says: "overlaps",
            attack: { $0.editMembers = { $0[1].editDirectory = { $0.offset = 4 } } }),
        WheelFault(
            "a member twice", says: "demo/data.txt", "twice",
            twin: { $0.files.append(.init("demo/data2.txt", "x")) },
            attack: { $0.editMembers = { $0.append(ZipMember("demo/data.txt", "x")) } }),
        WheelFault(
            "headers that disagree on a name", says: "demo/data.txt",
            attack: { $0.editMembers = { $0[1].editLocal = { $0.name = Array("demo/date.txt".utf8) } } }),
    ]

    static let records: [WheelFault] = [
        line("another hash", says: "demo/__init__.py") {
            $0[0] = .init($0[0].path, hash: WheelBuilder.RecordLine("", [1]).hash, size: $0[0].size)
        },
        line("another size", says: "demo/__init__.py") { $0[0].size = "1" },
        line("a hash that is missing", says: "demo/__init__.py") { $0[0].hash = "" },
        line("MD5", says: "md5=") { $0[0].hash = "md5=1B2M2Y8AsgTpgAmY7PhCfg" },
        line("SHA-1", says: "sha1=") { $0[0].hash = "sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk" },
        line("a hash cut short", says: "base 64") { $0[0].hash.removeLast() },
        line("a member that is not there", says: "demo/gone.py") {
            $0.append(.init("demo/gone.py", hash: $0[0].hash, size: "1"))
        },
        line("a member that is not listed", says: "demo/data.txt") { $0.remove(at: 1) },
        line("a line twice", says: "demo/__init__.py") { $0.append($0[0]) },
        line("a path upwards", says: "../evil.py") {
            $0.append(.init("../evil.py", hash: $0[0].hash, size: "1"))
        },
        WheelFault("RECORD: empty", says: "does not list", attack: { $0.recordText = "" }),
        WheelFault("RECORD: no table", says: "RECORD", attack: { $0.recordText = "\"never closed" }),
        WheelFault(
            "an extra member", says: "demo/extra.py", "does not list",
            twin: { $0.files.append(.init("demo/extra.py")) },
            attack: { $0.editMembers = { $0.append(ZipMember("demo/extra.py", "x")) } }),
        WheelFault(
            "a member with other contents", says: "demo/data.txt",
            attack: { $0.editMembers = { $0[1].contents = Array("other".utf8) } }),
    ]

    static let names: [WheelFault] = [
        name("absolute", "/evil.py", like: "evil.py"), name("upwards", "../evil.py", like: "..evil.py"),
        name("upwards inside", "demo/../../evil.py", like: "demo/.../evil.py"),
        name("a backslash", "demo\\evil.py", like: "demo_evil.py"),
        name("backslashes upwards", "..\\..\\evil.py", like: "demo/evil.py"),
        name("a newline", "demo/e\nvil.py", like: "demo/e vil.py", says: "vil.py"),
        name("an escape", "demo/\u{1b}[2Jevil.py", like: "demo/[2Jevil.py"),
        name("a drive letter", "C:/evil.py", like: "CC/evil.py"),
        name("an empty component", "demo//evil.py", like: "demo/evil.py"),
        name("a dot", "demo/./evil.py", like: "demo/.evil.py"),
        name(
            "a component of 256 bytes", "demo/evil" + String(repeating: "x", count: 252),
            like: "demo/evil" + String(repeating: "x", count: 251)),
        name(".data upwards", "demo-1.0.data/data/../../evil", like: "demo-1.0.data/data/evil"),
        name(".data scripts upwards", "demo-1.0.data/scripts/../evil", like: "demo-1.0.data/scripts/evil"),
        name("an unknown scheme", "demo-1.0.data/lib/evil.py", like: "demo-1.0.data/purelib/evil.py"),
        name("a file right in .data", "demo-1.0.data/evil", like: "demo-1.0.data/data/evil"),
        name(
            "another's .data", "other-1.0.data/data/evil", like: "demo-1.0.data/data/evil",
            says: "other-1.0.data"),
        name(
            "a second .dist-info", "demo-2.0.dist-info/evil", like: "demo-2.0.info/evil",
            says: "demo-2.0.dist-info"),
        name("a file over a directory", "demo", like: "demo.txt", says: "'demo'"),
        name(
            "over its own by another scheme", "demo-1.0.data/purelib/demo/data.txt",
            like: "demo-1.0.data/purelib/demo/data2.txt", says: "demo/data.txt"),
        name(
            "over its own by the data scheme", "demo-1.0.data/data/\(HostPython.site)/demo/data.txt",
            like: "demo-1.0.data/data/\(HostPython.site)/demo/data2.txt", says: "demo/data.txt"),
        name(
            "over its RECORD", "demo-1.0.data/data/\(HostPython.site)/demo-1.0.dist-info/RECORD",
            like: "demo-1.0.data/data/\(HostPython.site)/demo-1.0.dist-info/RECORDS", says: "dist-info/RECORD"
        ),
        name(
            "over INSTALLER", "demo-1.0.data/purelib/demo-1.0.dist-info/INSTALLER",
            like: "demo-1.0.data/purelib/demo-1.0.dist-info/LICENSE", says: "dist-info/INSTALLER"),
        name(
            "a forged direct_url.json", "demo-1.0.data/purelib/demo-1.0.dist-info/direct_url.json",
            like: "demo-1.0.data/purelib/demo-1.0.dist-info/direct.json", says: "direct_url.json"),
        name(
            "over the environment's python", "demo-1.0.data/scripts/python",
            like: "demo-1.0.data/scripts/python2", says: "bin/python"),
        name(
            "over pyvenv.cfg", "demo-1.0.data/data/pyvenv.cfg", like: "demo-1.0.data/data/pyvenv.txt",
            says: "pyvenv.cfg"),
        name(
            "over the record", "demo-1.0.data/data/.airlift/record.json",
            like: "demo-1.0.data/data/.airlifted/record.json", says: "record.json"),
        name(
            "through lib64", "demo-1.0.data/data/lib64/evil.py", like: "demo-1.0.data/data/lib/evil.py",
            says: "lib64"),
        name(
            "through bin/python", "demo-1.0.data/data/bin/python/evil",
            like: "demo-1.0.data/data/bin/pythons/evil", says: "bin/python"),
        name(
            "over an own file", "demo-1.0.data/data/etc/app.toml", like: "demo-1.0.data/data/etc/app2.toml",
            says: "etc/app.toml"),
        name(
            "an own file as directory", "demo-1.0.data/data/etc/app.toml/evil",
            like: "demo-1.0.data/data/etc/app/evil", says: "etc/app.toml"),
        mode("a symbolic link", 0o120777), mode("a set-user-id program", 0o104755),
        mode("a set-group-id program", 0o102755), mode("a device", 0o020644), mode("a fifo", 0o010644),
        mode("a directory that is a file", 0o040755),
    ]

    static let descriptions: [WheelFault] = [
        WheelFault("no METADATA", says: "METADATA", attack: { $0.leavesOut = ["METADATA"] }),
        WheelFault("no WHEEL", says: "WHEEL", attack: { $0.leavesOut = ["WHEEL"] }),
        WheelFault("no RECORD", says: "RECORD", attack: { $0.leavesOut = ["RECORD"] }),
        WheelFault(
            ".dist-info of another project", says: "evil-1.0.dist-info", twin: { $0.infoStem = "Demo-1.0" },
            attack: { $0.infoStem = "evil-1.0" }),
        WheelFault(
            ".dist-info of another version", says: "demo-2.0.dist-info", twin: { $0.infoStem = "demo-1.0.0" },
            attack: { $0.infoStem = "demo-2.0" }),
        WheelFault(
            "METADATA of another project", says: "evil", twin: { $0.metadataName = "DEMO" },
            attack: { $0.metadataName = "evil" }),
        WheelFault(
            "METADATA of another version", says: "1.1", twin: { $0.metadataVersion = "1.0.0" },
            attack: { $0.metadataVersion = "1.1" }),
        WheelFault(
            "a file name of another project", says: "evil",
            twin: { $0.filenameOverride = "DEMO-1.0-py3-none-any.whl" },
            attack: { $0.filenameOverride = "evil-1.0-py3-none-any.whl" }),
        WheelFault(
            "a file name of another version", says: "2.0",
            twin: { $0.filenameOverride = "demo-1.0-1-py3-none-any.whl" },
            attack: { $0.filenameOverride = "demo-2.0-py3-none-any.whl" }),
        WheelFault(
            "a Wheel-Version to come", says: "Wheel-Version is 2.0", twin: { $0.wheelVersion = "1.9" },
            attack: { $0.wheelVersion = "2.0" }),
        WheelFault("a Wheel-Version that is none", says: "one", attack: { $0.wheelVersion = "one" }),
        WheelFault(
            "tags that the file name does not have", says: "cp39-cp39-linux_x86_64",
            twin: { $0.wheelTags = ["py2-none-any", "py3-none-any"] },
            attack: { $0.wheelTags = ["cp39-cp39-linux_x86_64"] }),
        command("demo = demo:main()"), command("demo = os;evil:main"), command("demo = demo"),
        command("../demo = demo:main"), command("demo = demo:import"), command("a/b = demo:main"),
        command("-x = demo:main"), command("demo = demo:main:x"), command("demo = 1demo:main"),
        command(" = demo:main"),
        command("demo = demo:m\u{a0}ain"), command("demo"),
        WheelFault(
            "an entry point twice", says: "twice",
            twin: { $0.entryPoints = [("console_scripts", ["demo = demo:main", "demo2 = demo:main"])] },
            attack: { $0.entryPoints = [("console_scripts", ["demo = demo:main", "demo = demo:other"])] }),
        WheelFault(
            "an entry point over python", says: "bin/python",
            twin: { $0.entryPoints = [("console_scripts", ["python-demo = demo:main"])] },
            attack: { $0.entryPoints = [("console_scripts", ["python = demo:main"])] }),
        WheelFault(
            "an entry point over activate", says: "bin/activate",
            attack: { $0.entryPoints = [("gui_scripts", ["activate = demo:main"])] }),
    ]
}
