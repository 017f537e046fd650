import Bundle
import Digests
import Failures
import TestSupport
import Testing

@Suite struct ManifestCodingTests {
    let scratch = TemporaryDirectory()

    private func sample() throws -> Manifest {
        var manifest = try BundleBuilder().draft(in: scratch).manifest
        manifest.stub.size = 4_096
        manifest.entries = [
            .init(path: "archives/files/etc/app.toml", size: 1, sha256: SHA256.hash("x"), crc32: "0000abcd")
        ]
        return manifest
    }

    private func text(_ change: (inout Manifest) -> Void = { _ in }) throws -> String {
        var manifest = try sample()
        change(&manifest)
        return String(decoding: try manifest.encoded(), as: UTF8.self)
    }

    private func decode(_ text: String) throws -> Manifest {
        try Manifest.decode(Array(text.utf8), subject: "b.sh")
    }

    private func replacing(_ old: String, _ new: String) throws -> String {
        let parts = try text().split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2, "the sample has '\(old)'")
        return parts.joined(separator: new)
    }

    @Test func `what was written is read again`() throws {
        let manifest = try sample()
        #expect(try Manifest.decode(manifest.encoded(), subject: "b.sh") == manifest)
    }

    @Test func `bytes are canonical`() throws {
        let text = try text()
        #expect(text.hasSuffix("}\n") && text.utf8.count { $0 == 0x0a } == 1)
        #expect(!text.contains("\\/") && !text.contains(": ") && !text.contains("null"))
        #expect(
            text.hasPrefix(
                #"{"airlift":1,"archives":[{"crc32":"00000000","depends":[],"filename":"demo-1.0-py3-none-any.whl","hooks":[],"#
            ))
    }

    @Test func `keys are sorted by their bytes, whatever their case, digits or script`() throws {
        let keys = ["a10", "a2", "A", "a", "B", "é", "z", "_", "aB", "ab", "Z9", "日本"]
        let object = Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) })
        let expected = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\"\($0)\":1" }
        #expect(
            String(decoding: try CanonicalJSON.encode(object), as: UTF8.self)
                == "{" + expected.joined(separator: ",") + "}\n")
    }

    @Test func `another format version is refused before anything else is judged`() throws {
        for document in [#"{"airlift":2}"#, #"{"airlift":2,"name":7}"#] {
            let error = #expect(throws: BundleError.self) { _ = try decode(document) }
            #expect(error?.reason.contains("format version 2") == true)
            #expect(error?.reason.contains("newer airlift") == true)
        }
    }

    @Test func `unknown keys are ignored`() throws {
        #expect(
            try decode(replacing(#"{"airlift":1,"#, #"{"airlift":1,"later":{"deep":[1.5,null]},"#))
                == sample())
        #expect(try decode(replacing(#""depends":[]"#, #""depends":[],"later":true"#)) == sample())
    }

    @Test(arguments: [
        ("", ""), (#"{"airlift":1"#, "{"), (#""serial":2026112100000"#, #""serial":1.5"#),
        (#""serial":2026112100000"#, #""serial":99999999999999999999"#),
    ])
    func `what is no such document is refused`(old: String, new: String) throws {
        let document = old.isEmpty ? new : try replacing(old, new)
        let error = #expect(throws: BundleError.self) { _ = try decode(document) }
        #expect(error?.description.contains("malformed") == true)
        #expect(error?.kind == .damaged)
    }

    @Test func `a sentence names the place`() throws {
        let missing = #expect(throws: BundleError.self) { _ = try decode(replacing(#""depends":[],"#, "")) }
        #expect(missing?.reason == "its manifest is malformed: 'depends' is missing in archives[0]")
        let mistyped = #expect(throws: BundleError.self) {
            _ = try decode(replacing(#""inodes":2"#, #""inodes":"2""#))
        }
        #expect(mistyped?.reason == "its manifest is malformed: target.inodes is no Int")
        let digest = #expect(throws: BundleError.self) {
            _ = try decode(replacing(SHA256.hash("version: 1\n").hex, "abc"))
        }
        #expect(digest?.reason.contains("lock: 'abc' is no SHA-256") == true)
    }

    @Test func `deep nesting is refused and does not end the program`() {
        let deep = String(repeating: "[", count: 200_000)
        #expect(throws: BundleError.self) { _ = try decode("{\"airlift\":1,\"x\":\(deep)") }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: String
        let change: @Sendable (inout Manifest) -> Void
        init(_ description: String, says: String, _ change: @escaping @Sendable (inout Manifest) -> Void) {
            (testDescription, self.says, self.change) = (description, says, change)
        }
    }

    @Test(arguments: [
        Refusal("a name with a path", says: "no name") { $0.name = "../etc" },
        Refusal("a name with shell text", says: "no name") { $0.name = "a;reboot" },
        Refusal("an empty name", says: "no name") { $0.name = "" },
        Refusal("a version with a blank", says: "no version") { $0.version = "1 2" },
        Refusal("a platform with a path", says: "no platform") { $0.platform = "linux/64" },
        Refusal("an interpreter's version with a path", says: "no version") { $0.python.version = "../3" },
        Refusal("a cache tag with a path", says: "no version or tag") { $0.python.cacheTag = "a/b" },
        Refusal("an entry that leads out", says: "no path") { $0.entries[0].path = "../x" },
        Refusal("an absolute archive", says: "no path") { $0.archives[0].path = "/x" },
        Refusal("an entry twice", says: "twice") { $0.entries.append($0.entries[0]) },
        Refusal("an entry that is an archive too", says: "twice") {
            $0.entries[0].path = $0.archives[0].path
        },
        Refusal("the manifest in itself", says: "twice") { $0.entries[0].path = Manifest.path },
        Refusal("a signature in the manifest", says: "signature") {
            $0.entries[0].path = "airlift/signatures/x.sig"
        },
        Refusal("a checksum that is none", says: "no CRC-32") { $0.entries[0].crc32 = "xyz" },
        Refusal("sizes beyond a file", says: "larger together") { $0.entries[0].size = .max },
        Refusal("sizes that add up beyond a file", says: "larger together") {
            $0.entries[0].size = 1 << 62
            $0.archives[0].size = 1 << 62
        },
        Refusal("a file that leads out", says: "no path") { $0.files[0].path = "a/../../b" },
        Refusal("a file twice", says: "twice") { $0.files.append($0.files[0]) },
        Refusal("a file with neither hash nor link", says: "neither or both") { $0.files[0].sha256 = nil },
        Refusal("a file with hash and link", says: "neither or both") { $0.files[0].link = "x" },
        Refusal("a file from nowhere", says: "is no entry") { $0.files[0].source = "archives/files/none" },
        Refusal("a set-id file", says: "no mode") { $0.files[0].mode = "4755" },
        Refusal("a mode in words", says: "no mode") { $0.files[0].mode = "rwxr" },
        Refusal("an executable that leads out", says: "no relative path") {
            $0.python.executable = "/usr/bin/python3"
        },
        Refusal("a state path that leads out", says: "no relative path") { $0.install.state = ["../var"] },
        Refusal("the records as a state path", says: "installer's own records") {
            $0.install.state = [".airlift"]
        },
        Refusal("a state path among the records", says: "installer's own records") {
            $0.install.state = [".airlift/allowed_signers"]
        },
        Refusal("a conda package with a path for a name", says: "no name for a conda package") {
            $0.archives.append(conda("../../x"))
        },
        Refusal("a conda package with a path for a version", says: "no version or build") {
            $0.archives.append(conda("x"))
            $0.archives[2].version = "1/2"
        },
        Refusal("a conda package without build", says: "no version or build") {
            $0.archives.append(conda("x"))
            $0.archives[2].build = nil
        },
        Refusal("a conda package twice", says: "there twice") {
            $0.archives += [conda("x"), conda("x")]
            $0.archives[3].path = "archives/conda/noarch/other.conda"
        },
        Refusal("a conda package of an unknown kind", says: "no kind of noarch") {
            $0.archives.append(conda("x"))
            $0.archives[2].noarch = "perl"
        },
        Refusal("conda's python without its package", says: "named python") { $0.python.source = .conda },
        Refusal("a menu that leads out", says: "no relative path") {
            $0.archives.append(conda("x"))
            $0.archives[2].menus = ["../x.json"]
        },
        Refusal("link scripts of nobody", says: "no conda package") { $0.install.linkScripts = ["x"] },
        Refusal("a hook without a program", says: "pre-activate hook '' cannot be run: it names no program") {
            $0.install.hooks = hooks(.preActivate, [])
        },
        Refusal("a hook that leads out", says: "no path below the prefix") {
            $0.install.hooks = hooks(.postInstall, ["bin/../../etc/passwd"])
        },
        Refusal("a hook with a NUL", says: "a NUL") {
            $0.install.hooks = hooks(.postActivate, ["a", "b\0"])
        },
        Refusal("a hook without end", says: "timeout of 0") {
            $0.install.hooks = hooks(.preUninstall, ["a"], timeout: 0)
        },
        Refusal("a hook of all words", says: "1024 words") {
            $0.install.hooks = hooks(.preUninstall, Array(repeating: "a", count: 2_000))
        },
        Refusal("an override of nobody", says: "none of its archives") {
            $0.overrides = [.init(subject: "x", rule: "paths", reason: "")]
        },
        Refusal("an override over nobody", says: "over what else") {
            $0.overrides = [.init(subject: "demo", rule: "clobber", reason: "")]
        },
        Refusal("an override over itself", says: "over what else") {
            $0.overrides = [.init(subject: "demo", rule: "clobber", reason: "", over: "demo")]
        },
        Refusal("a clobbered path that leads out", says: "no relative path") {
            $0.overrides = [
                .init(subject: "demo", rule: "clobber", reason: "", over: "other", paths: ["/etc/passwd"])
            ]
        },
        Refusal("a stub of half a page", says: "whole pages") { $0.stub.size = 2_048 },
        Refusal("no stub", says: "whole pages") { $0.stub.size = 0 },
    ])
    func `fields that do not go together are refused`(_ refusal: Refusal) throws {
        #expect(throws: Never.self) { _ = try decode(text()) }
        let error = #expect(throws: BundleError.self) { _ = try decode(text(refusal.change)) }
        #expect(error?.reason.contains(refusal.says) == true, "\(error?.reason ?? "")")
    }

    @Test func `conda packages, their overrides and what they may run are read again`() throws {
        var manifest = try sample()
        manifest.archives += [conda("x"), conda("_libgcc_mutex", "0.1", "conda_forge"), conda("python")]
        manifest.archives[2].specs = ["x 1.0"]
        manifest.archives[2].menus = ["Menu/x.json"]
        manifest.archives[3].noarch = "generic"
        manifest.python.source = .conda
        manifest.python.executable = "bin/python3.11"
        manifest.install.linkScripts = ["x"]
        manifest.overrides = [
            .init(subject: "x", rule: "paths", reason: "upstream"),
            .init(subject: "x", rule: "clobber", reason: "", over: "demo", paths: ["bin/x"]),
        ]
        #expect(try decode(String(decoding: manifest.encoded(), as: UTF8.self)) == manifest)
    }

    @Test func `hooks are read again, each as it was`() throws {
        var manifest = try sample()
        manifest.install.hooks = hooks(.preActivate, ["bin/python", "-c", "print('ü')", ""], timeout: 5)
        manifest.install.hooks?[.preUninstall] = [.init(command: ["/bin/true"]), .init(command: ["true"])]
        let text = String(decoding: try manifest.encoded(), as: UTF8.self)
        #expect(!text.contains("post_activate"), "a list without commands is left out")
        #expect(try decode(text) == manifest)
        #expect(
            manifest.install.hooks?.all.map { "\($0.kind.rawValue): \($0.hook.words)" } == [
                "pre-activate: bin/python -c 'print('\\''ü'\\'')' ''", "pre-uninstall: /bin/true",
                "pre-uninstall: true",
            ])
    }

    @Test func `conda's versions, names and builds are taken as they are written`() {
        for version in ["1!2.0", "1.0+cu118", "2023a", "1.2.0_1", "_", "h1234567_0"] {
            #expect(Names.isCondaVersion(version), "\(version)")
        }
        for version in ["", "1/2", "1 2", "../1", "é"] {
            #expect(!Names.isCondaVersion(version), "\(version)")
        }
        for name in ["__glibc", "_libgcc_mutex", "ruamel.yaml", "7zip", "c-ares"] {
            #expect(Names.isCondaName(name), "\(name)")
        }
        for name in ["", "..", "a/b", "Python", ".x", "a b"] { #expect(!Names.isCondaName(name), "\(name)") }
    }

    @Test func `equal environments have equal ids, and others have not`() throws {
        let one = try sample()
        func id(_ change: (inout Manifest) -> Void = { _ in }) throws -> SHA256Digest {
            var copy = one
            change(&copy)
            return try EnvironmentIdentity.digest(
                archives: copy.archives, files: copy.files, python: copy.python, install: copy.install,
                overrides: copy.overrides)
        }
        #expect(try id() == one.environment)
        #expect(
            try id {
                $0.version = "2027.01.01"; $0.summary = "other"; $0.install.defaultPrefix = "/opt"
            } == id())
        #expect(try id { $0.archives.swapAt(0, 1) } != id())
        #expect(try id { $0.archives[0].sha256 = SHA256.hash("x") } != id())
        #expect(try id { $0.files[0].mode = "0755" } != id())
        #expect(try id { $0.install.bytecode = .target } != id())
        #expect(try id { $0.install.state = [] } != id())
        #expect(try id { $0.install.linkScripts = ["x"] } != id())
        #expect(try id { $0.install.hooks = hooks(.preActivate, ["x"]) } != id())
        let override = Manifest.Override(
            subject: "a", rule: "clobber", reason: "why", over: "b", paths: ["x"])
        #expect(try id { $0.overrides = [override] } != id())
        #expect(
            try id {
                $0.overrides = [override]
                $0.overrides[0].reason = "other words"
            } == id { $0.overrides = [override] })
        #expect(try id { $0.archives.append(conda("x")) } != id())
        #expect(
            try id {
                $0.archives.append(conda("x"))
                $0.archives[2].specs = ["x 1.0"]
            } != id { $0.archives.append(conda("x")) })
    }
}

private func conda(_ name: String, _ version: String = "1.0", _ build: String = "0") -> Manifest.Archive {
    Manifest.Archive(
        kind: .conda, name: name, version: version, build: build, subdir: "noarch",
        filename: "\(name)-\(version)-\(build).conda",
        path: "archives/conda/noarch/\(name.hasPrefix(".") ? "x" : name)-1.conda", url: nil, size: 1,
        sha256: SHA256.hash(name), crc32: "00000000", license: nil, requested: false, depends: [],
        installed: .init(files: 0, bytes: 0), hooks: [])
}

private func hooks(
    _ kind: Manifest.Hooks.Kind, _ command: [String], timeout: Int = 60
) -> Manifest.Hooks {
    var hooks = Manifest.Hooks()
    hooks[kind] = [.init(command: command, timeout: timeout)]
    return hooks
}
