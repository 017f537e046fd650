import Files
import Glibc
import Install
import TestSupport
import Testing
import Workers

/// Another user of the host, and a directory that everybody may write to.
struct HostileUser {
    static let id: UInt32 = 65_534

    /// Whether this process is root and can run programs as another user.
    static let canBeTried = isRoot && access("/usr/bin/setpriv", X_OK) == 0 && HostPython.isThere

    let landing: Landing
    /// What root keeps elsewhere, and nobody else is to reach through root.
    let outside = TemporaryDirectory()

    /// - Parameter permissions: of the directory that holds the prefix.
    init(_ permissions: mode_t = 0o1777) throws {
        landing = Landing(below: "shared")
        try #require(mkdir(landing.parent, 0o755) == 0 && chmod(landing.parent, permissions) == 0)
        for path in [landing.place.path, outside.path] { try #require(chmod(path, 0o755) == 0) }
        try outside.write("sentinel", "root's own")
        try outside.write("secret", "root's alone", permissions: 0o600)
        try outside.write("deep/er", "root's own")
    }

    /// What is outside: names, kinds, permissions, owners, contents' times.
    func outsideNow() throws -> [String] {
        var lines: [String] = []
        let root = try outside.directory()
        try root.walk { path, status in
            lines.append(
                "\(path) \(status.kind) \(status.permissions) \(status.owner) \(status.inode) \(status.changeTime)"
            )
        }
        return lines + ["\(try root.status().permissions) \(try root.status().owner)"]
    }

    /// Makes a tree the other user's.
    func give(_ path: String) throws {
        try #require(lchown(path, Self.id, Self.id) == 0)
        guard let directory = try? Directory.open(path) else { return }
        try directory.walk { below, _ in
            try #require(lchown("\(path)/\(below)", Self.id, Self.id) == 0)
        }
    }

    /// Runs a Python program as the other user until `body` has returned.
    func racing(_ program: String, _ arguments: [String], _ body: () throws -> Void) throws {
        let process = try ChildProcess(
            "/usr/bin/setpriv",
            [
                "--reuid=\(Self.id)", "--regid=\(Self.id)", "--clear-groups", HostPython.path, "-I", "-c",
                program,
            ] + arguments)
        try #require(process.readLine() == "ready")
        try body()
        process.closeInput()
        while process.readLine() != nil {}
        _ = process.wait()
    }

    /// Plants links, pipes, files, directories and copies of an environment at every name that an installation uses,
    /// renames what it can, swaps directories inside of its own, and tidies up now and then. Ends with its input.
    static let program = #"""
        import os, random, select, shutil, sys
        parent, name, outside, foreign = sys.argv[1:5]
        os.chdir(parent)
        names = [name, name + ".airlift-new", name + ".airlift-old", name + ".airlift-undo",
                 "." + name + ".airlift-lock", "." + name + ".airlift-journal"] + sys.argv[5:]
        def wipe(path):
            if os.path.isdir(path) and not os.path.islink(path): shutil.rmtree(path)
            else: os.unlink(path)
        def copy(path):
            shutil.copytree(foreign, path + ".mine", symlinks=True)
            os.rename(path + ".mine", path)
        def hollow(path):
            os.makedirs(path + "/.airlift", exist_ok=True)
            os.symlink(outside, path + "/.airlift/deep")
        def swap(path):
            os.rename(path + "/.airlift", path + "/aside")
            os.symlink(outside, path + "/.airlift")
        acts = [
            lambda p: os.symlink(outside, p), lambda p: os.symlink(outside + "/sentinel", p),
            lambda p: os.link(outside + "/sentinel", p), lambda p: os.link(outside + "/secret", p),
            lambda p: os.mkfifo(p), lambda p: open(p, "x").close(), copy, copy, hollow, swap, wipe, wipe, wipe,
            lambda p: os.rename(p, p + ".away"), lambda p: os.rename(p + ".away", p),
            lambda p: os.rename(random.choice(names), p), lambda p: os.chmod(p, 0o777),
        ]
        print("ready", flush=True)
        rounds = 0
        while True:
            rounds += 1
            if rounds % 16 == 0 and select.select([sys.stdin], [], [], 0)[0]: break
            if rounds % 400 == 0: select.select([], [], [], 0.02)
            try: random.choice(acts)(random.choice(names))
            except OSError: pass
        for path in os.listdir("."):
            try: wipe(path)
            except OSError: pass
        """#
}
