import Digests
import Failures
import Testing

@testable import Lock

private func read(_ text: String) throws -> EnvironmentSpec {
    try EnvironmentSpec.read(Array((head + text).utf8), file: "bundle.toml")
}

/// The sentences of what a spec is refused for, one a line.
private func problems(_ text: String) -> String {
    do {
        _ = try read(text)
        return "none"
    } catch { return "\(error)" }
}

private let head = "name = 'payroll'\nplatforms = ['linux-64']\n"
private let conda = """
    [python]
    conda = "3.10.*"
    [conda]
    channels = ["https://mirror.example/forge", "./channel"]
    dependencies = ["python =3.10.13=hd12c33a_0_cpython", "zlib 1.2.13 hd590300_5"]

    """

@Suite("A spec of conda packages")
struct CondaSpecTests {
    @Test("with every key is read")
    func everyKey() throws {
        let spec = try read(
            """
            [lock]
            from = "../pixi.lock"
            environment = "test"
            [python]
            conda = ">=3.10,<3.12"
            [conda]
            channels = ["https://mirror.example/forge", "./channel", "forge", "file:///mirror/x"]
            channel_alias = "https://mirror.example"
            dependencies = ["zlib 1.2.13 hd590300_5"]
            link_scripts = ["OpenJDK", "fontconfig"]
            [[override]]
            package = "Foo"
            rule = "paths"
            reason = "wrong since build 3"
            [[override]]
            package = "a"
            over = "b"
            rule = "clobber"
            reason = "a is newer"
            """)
        #expect(spec.foreign == .init(path: "../pixi.lock", environment: "test", line: 4))
        #expect(spec.interpreter == .conda(">=3.10,<3.12"))
        #expect(
            spec.channels == ["https://mirror.example/forge", "./channel", "forge", "file:///mirror/x"])
        #expect(spec.channelAlias == "https://mirror.example")
        #expect(spec.condaDependencies == [Located("zlib 1.2.13 hd590300_5", line: 11)])
        #expect(spec.linkScripts == ["fontconfig", "openjdk"])
        #expect(
            spec.overrides == [
                SpecOverride(package: "foo", rule: .paths, reason: "wrong since build 3", line: 13),
                SpecOverride(package: "a", rule: .clobber(over: "b"), reason: "a is newer", line: 17),
            ])
        #expect(spec.unsupported(file: "bundle.toml").isEmpty)
    }

    @Test("may leave Python out where a foreign lock names it, and only there")
    func pythonOfLock() throws {
        #expect(try read("[lock]\nfrom = 'conda-lock.yml'").interpreter == .conda("*"))
        #expect(
            try read("[lock]\nfrom = 'l.txt'\n[python]\nhost = '3.11'").interpreter == .host(minor: "3.11"))
        #expect(problems("[conda]\nchannels = ['./c']").contains("it names no base interpreter"))
    }

    @Test(
        "with a fault gets its line and what to do",
        arguments: [
            ("[lock]\n", "line 3: [lock] names no file; add from"),
            ("[lock]\nenvironment = 'x'", "line 3: [lock] names no file"),
            ("[lock]\nfrom = '/etc/l'", "line 4: [lock] from '/etc/l' is no relative path: it is absolute"),
            ("[lock]\nform = 'l'", "unknown key 'form' in [lock]; did you mean 'from'?"),
            ("lock = 3", "line 3: lock must be a table, not the integer 3"),
            (
                "[python]\nconda = '3.10.*'",
                "line 4: [python] conda takes Python from the conda packages, and the spec names none"
            ),
            (
                "[python]\nconda = '*'\n[conda]\nchannels = ['./c']", "and the spec names none; add [conda]"
            ),
            (
                conda.replacing("3.10.*", with: "3.10 or so"),
                "line 4: [python] conda must be a version constraint such as"
            ),
            (conda + "channel = ['x']", "unknown key 'channel' in [conda]; did you mean 'channels'?"),
            (
                "[python]\nconda = '*'\n[conda]\ndependencies = ['zlib 1 0']",
                "line 6: [conda] dependencies asks for 'zlib 1 0', and there is no channel"
            ),
            (conda + "channel_alias = 'mirror'", "channel_alias must be a URL"),
            (conda + "link_scripts = ['open jdk']", "must name a conda package"),
            (conda + "link_scripts = ['a', 'A']", "[conda] link_scripts names 'a' twice"),
            (conda + "link_scripts = ['\u{212A}']", "must name a conda package"),
            ("override = 3\n" + conda, "override must be a list of tables"),
            (conda + "[[override]]\n", "line 8: [[override]] has no package"),
            (
                conda + "[[override]]\npackage = 'a'\nrule = 'pahts'\nreason = 'r'",
                "rule must be \"paths\" or \"clobber\", not \"pahts\"; did you mean 'paths'?"
            ),
            (conda + "[[override]]\npackage = 'a'\nrule = 'paths'", "has no reason"),
            (
                conda + "[[override]]\npackage = 'a'\nrule = 'paths'\nover = 'b'\nreason = 'r'",
                "over belongs to rule = \"clobber\""
            ),
            (
                conda + "[[override]]\npackage = 'a'\nrule = 'clobber'\nreason = 'r'",
                "does not say over which package"
            ),
            (
                conda + "[[override]]\npackage = 'a'\nrule = 'clobber'\nover = 'A'\nreason = 'r'",
                "win over itself"
            ),
            (
                conda + "[[override]]\npackage = 'a'\nrule = 'paths'\nreason = \"a\\nb\"",
                "reason must be one line"
            ),
        ])
    func faults(text: String, reason: String) {
        #expect(problems(text).contains(reason))
    }

    @Test("with overrides that repeat or contradict one another is refused")
    func contradictions() {
        let a = "[[override]]\npackage = 'a'\nover = 'b'\nrule = 'clobber'\nreason = 'r'\n"
        let b = "[[override]]\npackage = 'b'\nover = 'a'\nrule = 'clobber'\nreason = 'r'\n"
        #expect(
            problems(conda + a + a).contains("line 13: [[override]] says this of 'a' twice (first on line 8)")
        )
        #expect(problems(conda + a + b).contains("lets 'b' win over 'a', and line 8 says the opposite"))
        #expect(problems(conda + a + b.replacing("over = 'a'", with: "over = 'c'")) == "none")
    }

    @Test("names no credentials in its errors and digests")
    func credentials() throws {
        let secret = conda.replacing("https://", with: "https://user:hunter2@")
            .replacing("/forge", with: "/t/tk-1234/forge")
        #expect(try read(secret).meaningDigest == read(conda).meaningDigest)
        let text = problems(
            secret.replacing("\"./channel\"", with: "\"https://user:hunter2@mirror.example/t/tk-1234/forge\"")
        )
        #expect(text.contains("names 'https://mirror.example/forge' twice"))
        #expect(!text.contains("hunter2") && !text.contains("tk-1234"))
    }
}

@Suite("What a spec of conda packages means")
struct CondaMeaningTests {
    private func hash(_ text: String, _ lock: String = "@EXPLICIT\n") throws -> SHA256Digest {
        let spec = try read(text)
        let inputs = try LockInputs.gather(spec, specFile: "bundle.toml") { _ in Array(lock.utf8) }
        return inputs.contentHash(of: spec, platform: "linux-64", localWheels: [:])
    }

    @Test(
        "is another for the lock with every word that decides it",
        arguments: [
            ("https://mirror.example/forge", "https://other.example/forge"), ("3.10.*", "3.11.*"),
            ("hd590300_5", "hd590300_6"), ("[conda]", "[conda]\nchannel_alias = 'https://x.example'"),
            ("[conda]", "[lock]\nfrom = 'a.lock'\n[conda]"),
        ])
    func lock(old: String, new: String) throws {
        #expect(try hash(conda) != hash(conda.replacing(old, with: new)))
    }

    @Test("is the same for the lock, and not for the bundle, with other overrides and link scripts")
    func bundle() throws {
        let scripts = conda + "link_scripts = ['openjdk']"
        let override = conda + "[[override]]\npackage = 'a'\nrule = 'paths'\nreason = 'r'"
        for other in [scripts, override] {
            #expect(try hash(conda) == hash(other))
            #expect(try read(conda).meaningDigest != read(other).meaningDigest)
        }
        #expect(
            try read(override).meaningDigest != read(override.replacing("'r'", with: "'s'")).meaningDigest)
    }

    @Test("follows the bytes of the foreign lock, its name and the environment")
    func foreign() throws {
        let from = "[lock]\nfrom = 'pixi.lock'"
        let (one, two) = ("@EXPLICIT\n", "@EXPLICIT\n\n")
        #expect(try hash(from, one) == hash(from, one))
        #expect(try hash(from, one) != hash(from, two))
        #expect(try hash(from, one) != hash(from + "\nenvironment = 'test'", one))
        #expect(try hash(from, one) != hash("[lock]\nfrom = 'other.lock'", one))
    }

    @Test("has the foreign lock among its sources, and its bytes at hand")
    func sources() throws {
        let spec = try read("[lock]\nfrom = '../pixi.lock'")
        let inputs = try LockInputs.gather(spec, specFile: "bundle.toml") {
            Array("# \($0)\n@EXPLICIT\n".utf8)
        }
        #expect(inputs.sources == ["bundle.toml", "../pixi.lock"])
        #expect(inputs.foreign?.lock.format == .explicit)
        #expect(inputs.foreign?.sha256 == SHA256.hash("# ../pixi.lock\n@EXPLICIT\n"))
    }

    @Test("cannot be had while the foreign lock cannot be read")
    func unreadable() throws {
        struct Missing: Error {}
        let spec = try read("[lock]\nfrom = 'pixi.lock'")
        let error = #expect(throws: FailureList.self) {
            try LockInputs.gather(spec, specFile: "bundle.toml") { _ in throw Missing() }
        }
        #expect(error?.description.contains("line 4: 'pixi.lock' of [lock] from cannot be read") == true)
        #expect(throws: FailureList.self) {
            try LockInputs.gather(spec, specFile: "bundle.toml") { _ in Array("rubbish".utf8) }
        }
    }
}

@Suite("A location without credentials")
struct CleanLocationTests {
    @Test(
        "has neither user nor token",
        arguments: [
            ("https://user:pass@host.example/chan", "https://host.example/chan"),
            ("https://user@host.example:8443/chan", "https://host.example:8443/chan"),
            ("https://host.example/t/tk-1/chan/linux-64", "https://host.example/chan/linux-64"),
            ("https://host.example/t/tk-1", "https://host.example"),
            ("https://u:p@host.example/t/tk/chan::numpy=1=0", "https://host.example/chan::numpy=1=0"),
            (
                "numpy[channel='https://u:p@h.example/c', build=0]",
                "numpy[channel='https://h.example/c', build=0]"
            ),
            ("https://u:p/w@h.example/c", "https://h.example/c"),
            ("https://h.example/api/t/tk/get/c", "https://h.example/api/get/c"),
            ("https://u:p%40@h.example/c", "https://h.example/c"),
        ])
    func removed(text: String, clean: String) {
        #expect(CleanLocation.of(text) == clean)
        #expect(CleanLocation.of(clean) == clean)
    }

    @Test(
        "is left as it is where there are none",
        arguments: [
            "https://host.example/a@b/linux-64", "./channel", "conda-forge", "file:///t/tk/channel",
            "https://host.example/t/noarch", "https://[::1]:80/c", "", "user@host",
            "https://host.example/x/t",
            "https://host.example/t/a-1-0.conda",
        ])
    func kept(text: String) {
        #expect(CleanLocation.of(text) == text)
    }
}
