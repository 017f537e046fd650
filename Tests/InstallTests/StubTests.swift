import Foundation
import TestSupport
import Testing

/// A directory that holds a bundle and one that serves as TMPDIR.
private struct Site {
    let place = TemporaryDirectory()
    let temporary = TemporaryDirectory()

    init(_ bundle: StubBundle? = nil, named name: String = "B.sh", cut: Int? = nil) throws {
        let bytes = try (bundle ?? StubBundle()).bytes
        try place.write(name, Array(bytes.prefix(cut ?? bytes.count)), permissions: 0o755)
    }

    func run(_ command: [String], environment: [String: String] = [:]) throws -> Ran {
        let given = ["TMPDIR": temporary.path].merging(environment) { $1 }
        return try InstallTests.run(command, in: place.path, environment: given)
    }

    var leftovers: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: temporary.path) }
    }
}

/// The shells that must do; busybox is there where its package is.
private let shells: [[String]] =
    [
        ["dash"], ["bash"], ["bash", "--posix"], ["sh", "-eu"], ["sh", "-x"], ["bash", "-euC"], ["sh", "-f"],
    ] + (hasBusybox ? [["busybox", "sh"]] : [])

private let hasBusybox = FileManager.default.isExecutableFile(atPath: "/usr/bin/busybox")

private let canMount = isRoot && (try? run(["unshare", "-m", "true"], in: "/").code) == 0

@Suite struct StubTests {
    @Test func isWholePagesOfTextThatEndWithTheCall() throws {
        let stub = try StubBundle().stub
        #expect(stub.count == 8192)
        #expect(
            String(decoding: stub, as: UTF8.self).hasSuffix("\n}\n\n{ airlift_land \"$0\" \"$@\"; exit; }\n"))
        #expect(stub.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: shells) func startsTheInstaller(shell: [String]) throws {
        let site = try Site()
        let ran = try site.run(shell + ["B.sh", "-b", "-p", "/opt/a b", "", "ü*"])
        #expect(ran.code == 42)
        #expect(
            ran.output == """
                bundle ./B.sh
                mask 0022 holder \(site.temporary.path) input /dev/null
                drwx------
                argument <-b>
                argument <-p>
                argument </opt/a b>
                argument <>
                argument <ü*>

                """)
        if !shell.contains("-x") { #expect(ran.errors == "") }
        #expect(try site.leftovers.isEmpty)
    }

    @Test(arguments: shells)
    func standsOddSurroundings(shell: [String]) throws {
        let site = try Site()
        let odd = [
            "IFS": "0aeiou/", "CDPATH": "/usr:/", "size": "7", "LC_ALL": "xx_XX", "POSIXLY_CORRECT": "1",
        ]
        #expect(try site.run(shell + ["B.sh"], environment: odd).code == 42)

        let masked = try site.run(["sh", "-c", "umask 077; exec \"$@\"", "-"] + shell + ["B.sh"])
        #expect(masked.output.contains("mask 0077"))

        let closed = try site.run(["sh", "-c", "exec \"$@\" <&-", "-"] + shell + ["B.sh"])
        #expect(closed.code == 42)
        #expect(closed.output.contains("input /dev/null"))
        #expect(try site.leftovers.isEmpty)
    }

    @Test(arguments: ["B.sh", "two words.sh", "Gehälter-日本.sh", "-b.sh", "a'b\"c$HOME`.sh", "*.sh"])
    func isFoundUnderAnyName(name: String) throws {
        let site = try Site(named: name)
        let commands = [
            ["./\(name)"], ["\(site.place.path)/\(name)"], ["dash", "./\(name)"], ["dash", "--", name],
            ["bash", "--", name],
        ]
        for command in commands {
            let ran = try site.run(command)
            #expect(ran.code == 42, "\(command): \(ran.errors)")
        }
    }

    @Test(.enabled(if: isRoot)) func worksForAnyUser() throws {
        let site = try Site()
        for directory in [site.place.path, site.temporary.path] {
            #expect(chown(directory, 65534, 65534) == 0)
        }
        let user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        #expect(try site.run(user + ["dash", "B.sh"]).code == 42)
        #expect(try site.leftovers.isEmpty)
    }

    @Test(arguments: shells) func needsNothingOutsidePOSIX(shell: [String]) throws {
        let site = try Site()
        let tools = TemporaryDirectory()
        let names =
            ["dd", "uname", "chmod", "rm", "rmdir", "mkdir", "wc"]
            + ["sh", "dash", "bash", "busybox", "readlink", "ls", "cut"]  // for the test itself
        for name in names where FileManager.default.fileExists(atPath: "/usr/bin/\(name)") {
            try FileManager.default.createSymbolicLink(
                atPath: "\(tools.path)/\(name)", withDestinationPath: "/usr/bin/\(name)")
        }
        let ran = try site.run(shell + ["B.sh"], environment: ["PATH": tools.path])
        #expect(ran.code == 42, "\(ran.errors)")
    }

    @Test(.enabled(if: canMount && hasBusybox), arguments: ["", "<&-"])
    func worksInARootWithoutDevices(input: String) throws {
        let site = try Site()
        for directory in ["bin", "proc", "tmp"] {
            #expect(mkdir("\(site.place.path)/\(directory)", 0o755) == 0)
        }
        let inside =
            "cp /usr/bin/busybox bin/sh && mount -t proc none proc && exec chroot . /bin/sh B.sh \(input)"
        let ran = try run(["unshare", "-m", "sh", "-c", inside], in: site.place.path)
        #expect(ran.code == 42, "\(ran)")
        #expect(ran.output.contains("holder /tmp"))
    }

    @Test func takesNoDirectoryThatIsThere() throws {
        let site = try Site()
        // The shell's process number is known to it alone: it makes the snare, then becomes the bundle.
        let snare =
            "mkdir \"$TMPDIR/.airlift-$$-0\" && ln -s /nowhere \"$TMPDIR/.airlift-$$-1\" && exec dash B.sh"
        let ran = try site.run(["dash", "-c", snare])
        #expect(ran.code == 42)
        #expect(try site.leftovers.count == 2)
    }

    @Test(arguments: shells) func passesByDirectoriesInWhichAllMayRename(shell: [String]) throws {
        let site = try Site()
        let shared = TemporaryDirectory()
        for (permissions, used) in [(0o777, site.temporary.path), (0o1777, shared.path)] as [(mode_t, String)]
        {
            #expect(chmod(shared.path, permissions) == 0)
            let ran = try site.run(shell + ["B.sh"], environment: ["AIRLIFT_TMPDIR": shared.path])
            #expect(ran.code == 42 && ran.output.contains("holder \(used)"), "\(ran)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: shared.path).isEmpty)
    }

    @Test(.enabled(if: canMount)) func passesByDirectoriesThatLetNoFileRun() throws {
        let site = try Site()
        let mounted = "mount -t tmpfs -o noexec none \"$AIRLIFT_TMPDIR\" && exec dash B.sh"
        let first = TemporaryDirectory()
        let ran = try site.run(
            ["unshare", "-m", "sh", "-c", mounted], environment: ["AIRLIFT_TMPDIR": first.path])
        #expect(ran.code == 42)
        #expect(ran.output.contains("holder \(site.temporary.path)"))

        let nowhere =
            "for d in /tmp /var/tmp; do mount --bind $d $d && mount -o remount,bind,noexec $d; done; cd \"$PWD\"; exec dash B.sh"
        let refused = try site.run(["unshare", "-m", "sh", "-c", nowhere])
        #expect(refused.code == 5)
        #expect(refused.errors.contains("\(site.temporary.path) (files may not run there), /tmp (files may"))
        #expect(refused.errors.contains("AIRLIFT_TMPDIR"))
        #expect(refused.errors.utf8.count(where: { $0 == UInt8(ascii: "\n") }) == 1)
        #expect(try site.leftovers.isEmpty)
    }

    @Test(.enabled(if: canMount)) func passesByDirectoriesThatAreFull() throws {
        let site = try Site()
        let first = TemporaryDirectory()
        let full = "mount -t tmpfs -o size=8k none \"$AIRLIFT_TMPDIR\" && exec dash B.sh"
        let ran = try site.run(
            ["unshare", "-m", "sh", "-c", full], environment: ["AIRLIFT_TMPDIR": first.path])
        #expect(ran.output.contains("holder \(site.temporary.path)"))
    }

    @Test(.enabled(if: canMount)) func saysThatItNeedsProc() throws {
        let hidden = "mount -t tmpfs none /proc && exec dash B.sh"
        let ran = try Site().run(["unshare", "-m", "sh", "-c", hidden])
        #expect(ran.code == 5)
        #expect(ran.errors.contains("needs /proc"))
    }

    @Test(arguments: shells) func refusesAnotherMachine(shell: [String]) throws {
        let ran = try Site(StubBundle(machine: "riscv64")).run(shell + ["B.sh"])
        #expect(ran.code == 5)
        #expect(ran.errors.contains("is for Linux-riscv64 and this host is Linux-"))
    }

    @Test(arguments: shells) func noticesDamage(shell: [String]) throws {
        var bundle = try StubBundle()
        let whole = bundle.bytes.count
        for cut in [bundle.stub.count, bundle.stub.count + 4096, whole - 4097, whole - 1] {
            let site = try Site(bundle, cut: cut)
            let ran = try site.run(shell + ["B.sh"])
            #expect(ran.code == 3)
            #expect(ran.errors.contains("is cut short"))
            #expect(try site.leftovers.isEmpty)
        }
        bundle.installer[bundle.installer.count - 2] ^= 1
        let site = try Site(bundle)
        let ran = try site.run(shell + ["B.sh"])
        #expect(ran.code == 3)
        #expect(ran.errors.contains("has SHA-256"))
        #expect(try site.leftovers.isEmpty)
    }

    @Test(arguments: shells.filter { !$0.contains { $0.hasPrefix("-") } }) func runsNothingWhenItIsCutShort(
        shell: [String]
    ) throws {
        let bundle = try StubBundle()
        let end = bundle.stub.count
        for cut in Array(stride(from: 0, to: end - 40, by: 331)) + Array(end - 40..<end - 1) {
            let site = try Site(bundle, cut: cut)
            let ran = try site.run(shell + ["B.sh"])
            #expect(ran.output == "" && !ran.errors.contains("airlift:"), "cut at \(cut): \(ran)")
            #expect(try site.leftovers.isEmpty)
        }
    }

    @Test func tellsHowToCallItWhenItComesThroughAPipe() throws {
        let ran = try Site().run(["sh", "-c", "dash -s < B.sh"])
        #expect(ran.code == 2)
        #expect(ran.errors.contains("run it as 'sh FILE'"))
    }

    @Test(arguments: shells) func leavesNothingWhenItIsStopped(shell: [String]) throws {
        let site = try Site()
        let tools = TemporaryDirectory()
        // A chmod that stops its caller, when the copy is already there.
        try tools.write("chmod", "#!/bin/sh\nkill -TERM $PPID\n", permissions: 0o755)
        let ran = try site.run(shell + ["B.sh"], environment: ["PATH": "\(tools.path):/usr/bin:/bin"])
        // busybox has a chmod of its own and takes no other.
        if shell != ["busybox", "sh"] { #expect(ran.code == 143, "\(ran)") }
        #expect(try site.leftovers.isEmpty)
    }
}
