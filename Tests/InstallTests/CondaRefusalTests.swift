import Bundle
import Digests
import Failures
import TestSupport
import Testing

@testable import Install

/// Conda packages that are not what they say, and those that reach for what is not theirs.
@Suite struct CondaRefusalTests {
    struct Attack: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: String
        let change: @Sendable (inout CondaPackageBuilder) -> Void

        init(
            _ description: String, says: String,
            _ change: @escaping @Sendable (inout CondaPackageBuilder) -> Void
        ) {
            (testDescription, self.says, self.change) = (description, says, change)
        }
    }

    static let sound = CondaPackageBuilder(
        "demo",
        files: [
            .executable("bin/demo", "#!/bin/sh\n"), .file("share/demo/data.bin", [0, 1, 2]),
            .symbolicLink("lib/libdemo.so", to: "libdemo.so.1"), .file("lib/libdemo.so.1", "elf"),
        ])

    private static func member(_ name: String, type: String = "0", _ text: String = "x", link: String = "")
        -> TarFixture.Member
    { TarFixture.Member(name, type: type, Array((type == "0" ? text : "").utf8), link: link) }

    static let lists: [Attack] = [
        Attack("another SHA-256 of one file", says: "SHA-256 should be") {
            $0.editPaths = { $0[1].sha256 = SHA256.hash("other").hex }
        },
        Attack("other bytes of one size", says: "SHA-256 should be") {
            $0.editMembers = { $0[1].content = [9, 9, 9] }
        },
        Attack("a file that is shorter", says: "gives it 3 bytes, and it has 2") {
            $0.editMembers = { $0[1].content = [0, 1] }
        },
        Attack("a file that is listed and not there", says: "is not there") {
            $0.editMembers = { $0.remove(at: 1) }
        },
        Attack("a link that is listed and not there", says: "is not there") {
            $0.editMembers = { $0.remove(at: 2) }
        },
        Attack("a file that is there and not listed", says: "does not name it") {
            $0.editMembers = { $0.append(member("share/demo/more")) }
        },
        Attack("a link that is there and not listed", says: "does not name it") {
            $0.editMembers = { $0.append(member("share/demo/more", type: "2", link: "data.bin")) }
        },
        Attack(
            "a file where a link is listed", says: "it is a file, and its list of paths says a symbolic link"
        ) {
            $0.editMembers = { $0[2] = member("lib/libdemo.so", "elf") }
        },
        Attack("a link where a file is listed", says: "says a file") {
            $0.editMembers = { $0[3] = member("lib/libdemo.so.1", type: "2", link: "libdemo.so.2") }
        },
    ]

    static let reaches: [Attack] = [
        Attack("an absolute member", says: "absolute") {
            $0.editMembers = { $0.append(member("/etc/passwd")) }
        },
        Attack("a member above", says: "..") { $0.editMembers = { $0.append(member("../x")) } },
        Attack("an absolute link", says: "absolute path") {
            $0.files.append(.symbolicLink("lib/passwd", to: "/etc/passwd"))
        },
        Attack("a link that leads out", says: "leads outside") {
            $0.files.append(.symbolicLink("lib/passwd", to: "../../etc/passwd"))
        },
        Attack("a link to the prefix that it was built in", says: "absolute path") {
            $0.files.append(.symbolicLink("lib/x", to: "\(CondaPackageBuilder.placeholder)/lib/libdemo.so.1"))
        },
        Attack("a file through a linked directory", says: "'share/other' is brought by both") {
            $0.files += [.symbolicLink("share/other", to: "demo"), .file("share/other/x", "x")]
        },
        Attack("a hard link to what is not there", says: "hard link") {
            $0.editMembers = { $0.append(member("share/demo/more", type: "1", link: "share/demo/none")) }
        },
        Attack("a hard link out", says: "..") {
            $0.editMembers = { $0.append(member("share/demo/more", type: "1", link: "../../etc/passwd")) }
        },
        Attack("a device", says: "device") { $0.editMembers = { $0.append(member("dev/null", type: "3")) } },
        Attack("a fifo", says: "fifo") { $0.editMembers = { $0.append(member("share/pipe", type: "6")) } },
        Attack("a file twice", says: "twice") { $0.editMembers = { $0.append($0[0]) } },
        Attack("another package's record", says: "records are kept there") {
            $0.files.append(.file("conda-meta/other-1.0-0.json", "{}"))
        },
        Attack("the environment's history", says: "records are kept there") {
            $0.files.append(.file("conda-meta/history", "x"))
        },
        Attack("the installer's record", says: "records are kept there") {
            $0.files.append(.file(".airlift/record.json", "{}"))
        },
        Attack("a description of a virtual environment", says: "'pyvenv.cfg' is brought by both") {
            $0.files.append(.file("pyvenv.cfg", "home = /tmp\n"))
        },
        Attack("one beside the interpreter", says: "'bin/pyvenv.cfg' is brought by both") {
            $0.files.append(.file("bin/pyvenv.cfg", "home = /tmp\n"))
        },
        Attack("another package than its name says", says: "another package") {
            $0.filenameOverride = "demo-2.0-0.conda"
        },
        Attack("no list of files", says: "neither info/paths.json nor info/files") {
            $0.editInfo = {
                $0["paths.json"] = nil
                $0["files"] = nil
            }
        },
        Attack("a description that is a link", says: "should be a file") {
            $0.editInfoMembers = {
                $0.removeAll { $0.name == Array("info/about.json".utf8) }
                $0.append(member("info/about.json", type: "2", link: "index.json"))
            }
        },
    ]

    @Test(arguments: lists + reaches, CondaPackageBuilder.Form.allCases)
    func `is refused by name`(_ attack: Attack, form: CondaPackageBuilder.Form) throws {
        let sound = Self.sound.form(form)
        #expect(refusal(of: sound)?.description == nil)
        var changed = sound
        attack.change(&changed)
        // A name of its own stays one of the form.
        changed.filenameOverride = changed.filenameOverride.map { _ in "demo-2.0-0" + form.rawValue }
        let error = refusal(of: changed)
        #expect(error?.description.contains(attack.says) == true, "\(error?.description ?? "taken")")
        #expect(error?.description.contains("demo-") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("/tmp/") == false, "\(error?.description ?? "")")
    }

    /// The rule `paths` relaxes the list of files and nothing else.
    @Test(arguments: lists) func `a wrong list is taken as it is where the spec says so`(_ attack: Attack)
        throws
    {
        var package = Self.sound
        attack.change(&package)
        #expect(refusal(of: package) != nil)
        for subject in ["demo", package.filename] {
            let override = Manifest.Override(subject: subject, rule: "paths", reason: "wrong upstream")
            #expect(refusal(of: package, overrides: [override])?.description == nil)
        }
        let other = Manifest.Override(subject: "other", rule: "paths", reason: "wrong upstream")
        #expect(refusal(of: package, overrides: [other]) != nil)
    }

    @Test(arguments: reaches) func `an override opens no way out`(_ attack: Attack) throws {
        var package = Self.sound
        attack.change(&package)
        let override = Manifest.Override(subject: "demo", rule: "paths", reason: "wrong upstream")
        let error = refusal(of: package, overrides: [override])
        #expect(error != nil)
    }

    @Test func `all faults of a package are told together`() throws {
        let package = Self.sound.with {
            $0.editPaths = { lines in
                lines[0].sha256 = SHA256.hash("other").hex
                lines[1].size = 7
            }
            $0.editMembers = { $0.append(Self.member("extra")) }
        }
        let list = try #require(refusal(of: package) as? FailureList)
        #expect(list.failures.count == 3)
    }

    @Test func `with an override, what is in the archive lands, its placeholders replaced`() throws {
        let package = Self.sound.with {
            $0.files.append(.file("etc/demo.conf", "root=\(CondaPackageBuilder.placeholder)\n").prefix())
            $0.editPaths = { lines in
                lines[1].sha256 = SHA256.hash("other").hex
                lines.removeAll { $0.path == "lib/libdemo.so" }
            }
            $0.editMembers = { $0.append(Self.member("share/extra", "more")) }
        }
        let override = Manifest.Override(subject: "demo", rule: "paths", reason: "wrong upstream")
        let scene = try CondaScene([package], overrides: [override])
        try scene.unpack()
        #expect(
            try scene.paths() == [
                "bin/demo", "etc/demo.conf", "lib/libdemo.so", "lib/libdemo.so.1", "share/demo/data.bin",
                "share/extra",
            ])
        #expect(try scene.text("etc/demo.conf") == "root=/opt/demo\n")
        #expect(try scene.link("lib/libdemo.so") == "libdemo.so.1")
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `a set-id bit is dropped and told`(form: CondaPackageBuilder.Form) throws {
        for bits in [0o4755, 0o2755, 0o6711, 0o4644] as [UInt32] {
            let scene = try CondaScene(
                CondaPackageBuilder("demo", files: [.file("bin/demo", "x", permissions: bits)]) {
                    $0.form = form
                })
            let result = try scene.unpack()
            #expect(result.setID.map(\.string) == ["bin/demo"])
            #expect(try scene.status("bin/demo")?.permissions == (bits & 0o111 == 0 ? 0o644 : 0o755))
        }
        let plain = try CondaScene(CondaPackageBuilder("demo", files: [.executable("bin/demo", "x")]))
        #expect(try plain.unpack().setID == [])
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `a damaged archive is told as damaged, whatever its list says`(form: CondaPackageBuilder.Form) throws
    {
        let package = Self.sound.form(form)
        var scene = try CondaScene(package)
        let built = try package.write(to: scene.scratch)
        for position in stride(from: 0, to: built.bytes.count, by: max(1, built.bytes.count / 97)) {
            var bytes = built.bytes
            bytes[position] ^= 0x10
            let path = try scene.scratch.write("damaged/\(built.filename)", bytes)
            let error = failure {
                let contents = try CondaContents.read(
                    CondaScene.archive(package, built), in: .init(path: path), python: CondaScene.python)
                _ = try CondaInstaller(contents: contents, tree: nil, prefix: "/x", interpreter: "/x/y")
                    .install { _ in }
            }
            #expect(
                error?.kind == .damaged || error?.kind == .refused,
                "byte \(position): \(error?.description ?? "taken")")
        }
        for count in [0, 1, 10, built.bytes.count / 2, built.bytes.count - 1] {
            let path = try scene.scratch.write("damaged/\(built.filename)", Array(built.bytes.prefix(count)))
            let error = failure {
                let contents = try CondaContents.read(
                    CondaScene.archive(package, built), in: .init(path: path), python: CondaScene.python)
                _ = try CondaInstaller(contents: contents, tree: nil, prefix: "/x", interpreter: "/x/y")
                    .install { _ in }
            }
            #expect(error?.kind == .damaged, "\(count) bytes")
        }
        scene = try CondaScene(package)
        try scene.unpack()
    }

    /// `.tar.bz2`: planning stops reading once it has a list of files.
    @Test func `a description behind the files that it describes is refused`() throws {
        let package = CondaPackageBuilder("demo", files: [.file("share/x", "x")]) {
            $0.form = .tarBzip2
            $0.editMembers = { $0.append(Self.member("info/link.json", "{}")) }
        }
        let error = refusal(of: package)
        #expect(error?.description.contains("info/link.json") == true, "\(error?.description ?? "taken")")
    }
}
