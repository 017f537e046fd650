import Files
import Glibc
import TestSupport
import Testing

/// `--destdir` as makers of packages use it, and whose files are.
@Suite struct PackagingTests {
    private let scratch = TemporaryDirectory()
    private static let prefix = "/opt/payroll"
    /// Everything that upstream wrote is older, and what is written here is not.
    private static let epoch = "\(time(nil))"

    /// By a user with a mask of his own, as a build does it.
    private func stage(
        _ name: String, mask: String = "077", user: Bool = false, _ options: [String] = []
    ) throws -> Outcome {
        let root = "\(scratch.path)/\(name)"
        _ = try Directory.create(root)
        let bundle = "\(scratch.path)/\(name).sh"
        guard link(try Shared.whole().bundle, bundle) == 0, chmod(scratch.path, 0o755) == 0 else {
            throw Unexpected("cannot carry the bundle: errno \(errno)")
        }
        defer { unlink(bundle) }
        if user { chown(root, 65_534, 65_534) }
        let change = user ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        return try run(
            change + [
                "sh", "-c", "umask \(mask); exec \"$@\"", "sh", "sh", bundle, "-b",
                "--no-sync", "-p", Self.prefix, "--destdir", root,
            ] + options, in: root, environment: ["SOURCE_DATE_EPOCH": Self.epoch])
    }

    private func modes(_ path: String) throws -> [String] {
        let directory = try Directory.open(path)
        var wrong: [String] = []
        try directory.walk { path, status in
            guard status.kind != .symbolicLink else { return }
            let expected: [UInt32] = status.kind == .directory ? [0o755] : [0o644, 0o755]
            if !expected.contains(status.permissions & 0o7777) {
                wrong.append("\(path) \(status.permissions)")
            }
        }
        return wrong
    }

    @Test(arguments: ["000", "077", "027"]) func theMaskIsNobodysBusiness(mask: String) throws {
        let staged = try stage("root", mask: mask, ["--no-compile"])
        #expect(staged.code == 0, "\(staged.words)")
        #expect(try modes("\(scratch.path)/root") == [])
        let landed = try run([
            "sh", "-c", "umask \(mask); exec \"$@\"", "sh", "sh", Shared.light().bundle, "-b", "--no-sync",
            "-p", "\(scratch.path)/landing/p",
        ])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(try modes("\(scratch.path)/landing") == [])
    }

    @Test func wordsAndDocumentSayWhereAndForWhat() throws {
        let staged = try stage("root", ["--no-compile"])
        #expect(
            staged.output.contains("for /opt/payroll below \(scratch.path)/root:")
                && !staged.output.contains("Activate"), "\(staged.words)")
        #expect(try Tree.names("\(scratch.path)/root") == ["opt"])
        #expect(try Tree.names("\(scratch.path)/root/opt") == ["payroll"])
        let moment = try run(["date", "-ud", "@\(Self.epoch)", "+%Y-%m-%dT%H:%M:%SZ"]).output.dropLast()
        let record = try Tree.text("\(scratch.path)/root/opt/payroll/.airlift/record.json")
        #expect(
            record.contains("\"prefix\":\"/opt/payroll\"")
                && record.contains("\"installed_at\":\"\(moment)\""), "\(record)")
        #expect(!record.contains("\"by\"") && !record.contains("\"host\""), "\(record)")
        let document = try stage("second", ["--no-compile", "--json"])
        #expect(document.output.contains("\"destdir\":\"\(scratch.path)/second\""), "\(document.words)")
        for option in ["-f", "-u", "--replace-foreign", "--hooks"] {
            #expect(try stage("third", [option]).code == 2, "\(option)")
        }
        #expect(try stage("third", ["--link-scripts", "all"]).code == 2)
        #expect(try Tree.names("\(scratch.path)/third").isEmpty)
    }

    /// A .deb of what a user without rights staged, twice the same.
    private func package(_ name: String) throws -> String {
        let staged = try stage(name, user: Machine.isRoot)
        guard staged.code == 0 else { throw Unexpected(staged) }
        try scratch.write(
            "\(name)/DEBIAN/control",
            """
            Package: payroll
            Version: 2026.11.21
            Architecture: amd64
            Maintainer: Payroll <payroll@example.org>
            Description: Payroll services

            """)
        let file = "\(scratch.path)/\(name).deb"
        let built = try run(
            ["dpkg-deb", "--root-owner-group", "-Znone", "--build", "\(scratch.path)/\(name)", file],
            environment: ["SOURCE_DATE_EPOCH": Self.epoch])
        guard built.code == 0 else { throw Unexpected(built) }
        return file
    }

    @Test(
        .enabled(if: Program.exists("dpkg-deb"), "dpkg-deb is not here"),
        .enabled(if: Machine.mayMount && Machine.hasStaticBusybox, "needs root and a static busybox"))
    func aPackageInstalledElsewhereRunsAtItsPrefixAndIsWhole() throws {
        let file = try package("one")
        #expect(try Tree.digest(package("two")) == Tree.digest(file), "the same bytes")
        let root = try EmptyRoot(glibc: true)
        for name in ["info", "updates", "triggers"] {
            _ = try Directory.create("\(root.scratch.path)/var/lib/dpkg/\(name)")
        }
        for name in ["status", "available"] { try root.scratch.write("var/lib/dpkg/\(name)", "") }
        let installed = try run([
            "dpkg", "--root=\(root.scratch.path)", "--log=/dev/null", "--force-architecture", "-i", file,
        ])
        #expect(installed.code == 0, "\(installed.words)")
        var status = stat()
        stat("\(root.scratch.path)/opt/payroll/bin/activate", &status)
        #expect(status.st_uid == 0 && status.st_gid == 0, "staged by nobody, and root's")

        let greeted = try root.run(["/opt/payroll/bin/greet"])
        #expect(greeted.code == 0, "\(greeted.words)")
        #expect(greeted.output.contains("\"base_prefix\": \"/opt/payroll/base\""))
        try root.scratch.write("installer", Tree.bytes(Product.installer), permissions: 0o755)
        let verified = try root.run(["/installer", "verify-install", "/opt/payroll"])
        #expect(verified.code == 0, "\(verified.words)")
        #expect(!verified.output.contains("were written by Python"), "its byte code is not stale")
        // Where it was staged it is at another place.
        let moved = try run([Product.installer, "verify-install", "\(scratch.path)/one/opt/payroll"])
        #expect(moved.code == 1 && moved.output.contains("moved"), "\(moved.words)")
        let removed = try run([
            "dpkg", "--root=\(root.scratch.path)", "--log=/dev/null", "-r", "payroll",
        ])
        #expect(removed.code == 0 && !Tree.exists("\(root.scratch.path)/opt/payroll"), "\(removed.words)")
    }

    /// As a CD or a share is: nothing can be written, and no program may run from there.
    @Test(.enabled(if: Machine.mayMount, "only root may mount"), arguments: ["ro", "ro,noexec"])
    func aBundleOnReadOnlyMediaInstalls(options: String) throws {
        let media = "\(scratch.path)/media"
        _ = try Directory.create(media)
        let script = """
            mount -t tmpfs none "$1" && cp "$2" "$1/B.sh" && mount -o remount,\(options) none "$1" || exit 99
            cd "$1" && sh B.sh verify && sh B.sh -b --no-sync --no-compile -p "$3"
            """
        let landed = try run([
            "unshare", "-m", "sh", "-c", script, "sh", media, Shared.light().bundle, "\(scratch.path)/p",
        ])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(try run([Product.installer, "verify-install", "\(scratch.path)/p"]).code == 0)
        #expect(try Tree.names(scratch.path) == ["media", "p"])
    }

    @Test(.enabled(if: Machine.mayMount, "only root may mount"), arguments: [false, true])
    func aPlaceThatIsReadOnlyIsTold(root: Bool) throws {
        let place = "\(scratch.path)/place"
        _ = try Directory.create(place)
        let script = """
            mount -t tmpfs -o ro none "$1" || exit 99
            shift; exec "$@"
            """
        for command in ["install", "plan"] {
            let ran = try run(
                [
                    "unshare", "-m", "sh", "-c", script, "sh", place, "sh", Shared.light().bundle, command,
                    root ? "--root" : "-p", "\(place)/payroll",
                ] + (command == "install" ? ["-b"] : []))
            #expect(ran.code == 7, "\(ran.words)")
            #expect(ran.errors.contains("mounted read-only at '\(place)'"), "\(ran.words)")
            #expect(ran.errors.contains("mount it writable"), "\(ran.words)")
        }
    }

    /// A root on a medium that became read-only can still be looked at and run from.
    @Test(.enabled(if: Machine.mayMount, "only root may mount"))
    func aRootThatBecameReadOnlyStillServes() throws {
        let place = "\(scratch.path)/place"
        _ = try Directory.create(place)
        let script = """
            mount -t tmpfs none "$1" && sh "$2" -b --no-sync --no-compile --root "$1/r" >/dev/null &&
                sh "$3" -b --no-sync --no-compile --root "$1/r" >/dev/null && mount -o remount,ro none "$1" || exit 99
            k=$1/r/.airlift/airlift
            $k exec greet >/dev/null; echo "exec $?"
            $k releases >/dev/null; echo "releases $?"
            $k history >/dev/null; echo "history $?"
            $k verify-install "$1/r/releases/2026.12.01" >/dev/null; echo "verify $?"
            $k rollback; echo "rollback $?"
            $k remove 2026.11.21; echo "remove $?"
            """
        let ran = try run([
            "unshare", "-m", "sh", "-c", script, "sh", place, Shared.light().bundle, Shared.lighter().bundle,
        ])
        #expect(
            ran.output == "exec 0\nreleases 0\nhistory 0\nverify 0\nrollback 7\nremove 7\n", "\(ran.words)")
        #expect(
            ran.errors.split(separator: "\n").count { $0.contains("mounted read-only, so that nothing") }
                == 2,
            "\(ran.words)")
    }
}
