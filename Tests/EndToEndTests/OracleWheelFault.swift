import TestSupport
import Testing

/// One way in which a wheel is not what it says, and the nearest one that is.
struct OracleWheelFault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// A part of the sentence that refuses it.
    let reason: String
    let attack: WheelBuilder
    let twin: WheelBuilder

    init(_ description: String, says reason: String, _ attack: WheelBuilder, twin: WheelBuilder = plain) {
        testDescription = description
        self.reason = reason
        self.attack = attack
        self.twin = twin
    }

    static let plain = WheelBuilder()

    static func with(_ change: (inout WheelBuilder) -> Void) -> WheelBuilder {
        WheelBuilder("demo", "1.0", change)
    }

    /// A wheel with one more file, which RECORD lists.
    static func holding(_ path: String, _ text: String = "x\n", mode: UInt32 = 0o100644) -> WheelBuilder {
        with { $0.files.append(.init(path, text, mode: mode)) }
    }

    static func record(_ edit: @escaping @Sendable (inout [WheelBuilder.RecordLine]) -> Void) -> WheelBuilder
    {
        with { $0.editRecord = edit }
    }

    static func members(_ edit: @escaping @Sendable (inout [ZipMember]) -> Void) -> WheelBuilder {
        with { $0.editMembers = edit }
    }

    static let all = records + names + identities + attributes + archives
}

extension OracleWheelFault {
    private static let unhashed = WheelBuilder.RecordLine("demo/__init__.py", hash: "", size: "")

    static let records = [
        OracleWheelFault(
            "a file that RECORD does not list", says: "demo/__init__.py", record { $0.removeFirst() }),
        OracleWheelFault(
            "a file that only RECORD lists", says: "demo/absent.py",
            record { $0.insert(.init("demo/absent.py", Array("x".utf8)), at: 0) },
            twin: holding("demo/absent.py")),
        OracleWheelFault(
            "a wrong hash", says: "demo/__init__.py",
            record { $0[0] = .init("demo/__init__.py", Array("other".utf8)) }),
        OracleWheelFault("a wrong size", says: "RECORD says 1", record { $0[0].size = "1" }),
        OracleWheelFault("a file without hash", says: "without a digest", record { $0[0] = unhashed }),
        OracleWheelFault("a weak hash", says: "md5", record { $0[0].hash = "md5=1B2M2Y8AsgTpgAmY7PhCfg" }),
        OracleWheelFault("a hash of no algorithm", says: "crc32", record { $0[0].hash = "crc32=AAAAAA" }),
        OracleWheelFault("a file listed twice", says: "listed again", record { $0.append($0[0]) }),
        OracleWheelFault("no RECORD", says: "RECORD", with { $0.leavesOut = ["RECORD"] }),
        OracleWheelFault("a RECORD that is no CSV", says: "RECORD", with { $0.recordText = "\"demo" }),
        OracleWheelFault(
            "contents changed under RECORD", says: "demo/__init__.py",
            members { $0[0].contents = Array("import os\n".utf8) }),
        OracleWheelFault(
            "a file slipped in", says: "demo/more.py", members { $0.append(ZipMember("demo/more.py", "x")) },
            twin: holding("demo/more.py", "x")),
    ]

    static let names =
        [
            "../demo.py", "demo/../../demo.py", "/etc/demo", "demo//x.py", "demo/./x.py", "demo\\x.py",
            "C:/x.py",
            "demo/x\u{7}.py", "demo/x\n.py", "demo-1.0.data/scripts/../../x", "demo-1.0.data/data/../x",
        ].map {
            OracleWheelFault("a member '\($0)'", says: "demo", holding($0), twin: holding("demo/x y…ü.py"))
        } + [
            OracleWheelFault(
                "an unknown scheme", says: "below a .data directory", holding("demo-1.0.data/base/x"),
                twin: holding("demo-1.0.data/data/x")),
            OracleWheelFault(
                "a file in place of a scheme", says: "below a .data directory", holding("demo-1.0.data/data"),
                twin: holding("demo-1.0.data/data/data")),
            OracleWheelFault(
                "the interpreter overwritten by data", says: "bin/python",
                holding("demo-1.0.data/data/bin/python"), twin: holding("demo-1.0.data/data/bin/python-demo")),
            OracleWheelFault(
                "the interpreter overwritten by a script", says: "bin/python3",
                holding("demo-1.0.data/scripts/python3"), twin: holding("demo-1.0.data/scripts/python3-demo")),
            OracleWheelFault(
                "the configuration of the environment overwritten", says: "pyvenv.cfg",
                holding("demo-1.0.data/data/pyvenv.cfg"), twin: holding("demo-1.0.data/data/etc/pyvenv.cfg")),
            OracleWheelFault(
                "the record of the environment overwritten", says: ".airlift/record.json",
                holding("demo-1.0.data/data/.airlift/record.json"),
                twin: holding("demo-1.0.data/data/share/.airlift/record.json")),
            OracleWheelFault(
                "one path by two schemes", says: "demo/__init__.py",
                holding("demo-1.0.data/purelib/demo/__init__.py"),
                twin: holding("demo-1.0.data/purelib/demo/more.py")),
            OracleWheelFault(
                "a file where others need a directory", says: "demo", holding("demo"),
                twin: holding("demo.py")),
            OracleWheelFault(
                "an entry point over the interpreter", says: "bin/python",
                with { $0.entryPoints = [("console_scripts", ["python = demo:main"])] },
                twin: with { $0.entryPoints = [("console_scripts", ["python-demo = demo:main"])] }),
            OracleWheelFault(
                "an entry point outside bin", says: "separator",
                with { $0.entryPoints = [("console_scripts", ["../x = demo:main"])] },
                twin: with { $0.entryPoints = [("console_scripts", ["x = demo:main"])] }),
            OracleWheelFault(
                "an entry point that is code", says: "identifier",
                with { $0.entryPoints = [("console_scripts", ["x = demo:main();import_os"])] },
                twin: with { $0.entryPoints = [("console_scripts", ["x = demo:main"])] }),
        ]

    static let identities = [
        OracleWheelFault(
            "two .dist-info directories", says: "several .dist-info", holding("other-2.0.dist-info/METADATA"),
            twin: holding("demo/other-2.0.dist-info/METADATA")),
        OracleWheelFault("another name in METADATA", says: "file name", with { $0.metadataName = "other" }),
        OracleWheelFault(
            "another version in METADATA", says: "file name", with { $0.metadataVersion = "1.1" }),
        OracleWheelFault("another .dist-info name", says: "project", with { $0.infoStem = "other-1.0" }),
        OracleWheelFault("another .dist-info version", says: "version", with { $0.infoStem = "demo-1.1" }),
        OracleWheelFault(
            "another file name", says: "other", with { $0.filenameOverride = "other-1.0-py3-none-any.whl" }),
        OracleWheelFault(
            "a file name that is none", says: "demo.whl", with { $0.filenameOverride = "demo.whl" }),
        OracleWheelFault(
            "a later format", says: "Wheel-Version", with { $0.wheelVersion = "2.0" },
            twin: with { $0.wheelVersion = "1.9" }),
        OracleWheelFault(
            "tags that contradict the file name", says: "tags",
            with { $0.wheelTags = ["cp311-cp311-win_amd64"] },
            twin: with { $0.wheelTags = ["py2-none-any", "py3-none-any"] }),
        OracleWheelFault("no METADATA", says: "METADATA", with { $0.leavesOut = ["METADATA"] }),
        OracleWheelFault("no WHEEL", says: "WHEEL", with { $0.leavesOut = ["WHEEL"] }),
    ]

    static let attributes = [
        OracleWheelFault(
            "a symbolic link", says: "symbolic link", holding("demo/link", "../../etc", mode: 0o120777)),
        OracleWheelFault("a set-user-id program", says: "set-id", holding("demo/tool", mode: 0o104755)),
        OracleWheelFault("a set-group-id program", says: "set-id", holding("demo/tool", mode: 0o102755)),
        OracleWheelFault("a device", says: "neither a file", holding("demo/device", "", mode: 0o020644)),
        OracleWheelFault("a named pipe", says: "neither a file", holding("demo/pipe", "", mode: 0o010644)),
    ].map {
        OracleWheelFault(
            $0.testDescription, says: $0.reason, $0.attack, twin: holding("demo/tool", mode: 0o100755))
    }

    static let archives = [
        OracleWheelFault(
            "bytes in front", says: "", with { $0.editArchive = { $0.prefix = Array("#!/bin/sh\n".utf8) } }),
        OracleWheelFault("bytes in between", says: "", members { $0[0].gap = [0, 0, 0] }),
        OracleWheelFault("bytes behind", says: "", with { $0.editArchive = { $0.suffix = [0] } }),
        OracleWheelFault(
            "a member that grows", says: "demo/__init__.py",
            members {
                $0[0] = ZipMember("demo/__init__.py", [UInt8](repeating: 0x20, count: 1 << 20)).editingBoth {
                    $0.size = 8
                }
            }),
        OracleWheelFault("a member listed twice", says: "demo/__init__.py", members { $0.append($0[0]) }),
        OracleWheelFault(
            "two members in one place", says: "",
            members {
                var twin = ZipMember("demo/other.py", $0[0].contents)
                twin.isWritten = false
                $0.append(twin)
            }, twin: holding("demo/other.py")),
    ]
}
