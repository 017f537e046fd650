import Files
import Glibc
import TestSupport
import Testing

/// A root file system that holds busybox and what a test puts into it.
struct EmptyRoot {
    let scratch = TemporaryDirectory()

    /// - Parameter glibc: with the libraries that every glibc system has.
    init(glibc: Bool) throws {
        try scratch.write("bin/busybox", Tree.bytes(Program.find("busybox")), permissions: 0o755)
        for applet in [
            "sh", "dd", "mkdir", "rm", "rmdir", "chmod", "uname", "wc", "sha256sum", "cat", "umask",
        ] {
            symlink("busybox", "\(scratch.path)/bin/\(applet)")
        }
        for directory in ["tmp", "opt", "proc"] { _ = try Directory.create("\(scratch.path)/\(directory)") }
        guard glibc else { return }
        for name in [
            "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1",
            "libresolv.so.2", "libgcc_s.so.1", "libstdc++.so.6",
        ] {
            for directory in ["lib/x86_64-linux-gnu", "lib64"]
            where access("/\(directory)/\(name)", R_OK) == 0 {
                try scratch.write(
                    "\(directory)/\(name)", Tree.bytes("/\(directory)/\(name)"), permissions: 0o755)
            }
        }
        let loader = "lib64/ld-linux-x86-64.so.2"
        try scratch.write(loader, Tree.bytes("/" + loader), permissions: 0o755)
    }

    /// Runs inside, with no network and nothing in the environment.
    func run(_ command: [String], proc: Bool = true) throws -> Outcome {
        let mount = proc ? "mount --bind /proc \"$0/proc\" && " : ""
        return try EndToEndTests.run(
            [
                "unshare", "-m", "-n", "sh", "-c", mount + "exec chroot \"$0\" \"$@\"", scratch.path,
            ] + command, environment: ["PATH": "/bin:/sbin:/usr/bin:/usr/sbin"])
    }

    func carry(_ bundle: String) throws {
        guard link(bundle, scratch.path + "/B.sh") == 0 else {
            throw Unexpected("cannot link '\(bundle)': errno \(errno)")
        }
    }
}

@Suite(.enabled(if: Machine.mayMount && Machine.hasStaticBusybox, "needs root and a static busybox"))
struct EmptyRootTests {
    @Test func installsAndRunsOverTheHostSetAlone() throws {
        let root = try EmptyRoot(glibc: true)
        try root.carry(Shared.whole().bundle)
        let landed = try root.run(["/bin/sh", "/B.sh", "-b", "-p", "/opt/payroll", "--no-compile"])
        #expect(landed.code == 0, "\(landed.words)")
        let greeted = try root.run(["/opt/payroll/bin/greet"])
        #expect(greeted.code == 0, "\(greeted.words)")
        #expect(greeted.output.contains("\"base_prefix\": \"/opt/payroll/base\""))
        let modules = try root.run([
            "/opt/payroll/bin/python", "-c",
            "import ssl, sqlite3, ctypes, lzma, bz2, zlib, hashlib, zoneinfo; print('all')",
        ])
        #expect(modules.output == "all\n", "\(modules.words)")
        #expect(try Tree.names(root.scratch.path + "/tmp").isEmpty)
    }

    @Test func refusesAHostWithoutGlibcBeforeWriting() throws {
        let root = try EmptyRoot(glibc: false)
        try root.carry(Shared.whole().bundle)
        let before = try Tree.listing(root.scratch.path)
        let landed = try root.run(["/bin/sh", "/B.sh", "-b", "-p", "/opt/payroll"])
        #expect(landed.code == 5, "\(landed.words)")
        #expect(landed.errors.contains("no glibc"), "\(landed.errors)")
        #expect(landed.errors.split(separator: "\n").count == 1)
        #expect(try Tree.listing(root.scratch.path) == before)
        let plan = try root.run(["/bin/sh", "/B.sh", "plan", "-p", "/opt/payroll"])
        #expect(plan.code == 5 && plan.output.contains("NOT MET"), "\(plan.words)")
        // Reading needs no glibc: the installer is static.
        #expect(try root.run(["/bin/sh", "/B.sh", "verify"]).code == 0)
        #expect(try Tree.listing(root.scratch.path) == before)
    }

    @Test func saysThatItNeedsProc() throws {
        let root = try EmptyRoot(glibc: true)
        try root.carry(Shared.whole().bundle)
        let before = try Tree.listing(root.scratch.path)
        let landed = try root.run(["/bin/sh", "/B.sh", "-b", "-p", "/opt/payroll"], proc: false)
        #expect(landed.code == 5, "\(landed.words)")
        #expect(landed.errors.contains("mount -t proc proc /proc"))
        #expect(landed.errors.split(separator: "\n").count == 1)
        #expect(try Tree.listing(root.scratch.path) == before)
    }
}

@Suite struct ShellTests {
    @Test(arguments: [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]])
    func everyShellLands(shell: [String]) throws {
        guard Program.exists(shell[0]) else { return }
        let scratch = TemporaryDirectory()
        let bundle = try Shared.light().bundle
        let prefix = scratch.path + "/a prefix"
        let landed = try run(
            shell + [bundle, "-b", "--no-sync", "--no-compile", "-p", prefix],
            environment: ["TMPDIR": scratch.path])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(landed.errors == "")
        #expect(try run([prefix + "/bin/greet"]).output.contains("\"prefix\": \"\(prefix)\""))
        #expect(try Tree.names(scratch.path) == ["a prefix"])
    }
}
