import Files
import Glibc
import TestSupport
import Testing

/// A file system in memory of so many bytes, seen by one program only.
private func onSmallDisk(
    _ place: String, megabytes: Int, options: String = "", _ command: [String],
    environment: [String: String] = [:]
) throws -> Outcome {
    // What lies on the disk afterwards is told on the last lines.
    let script = """
        mount -t tmpfs -o size=\(megabytes)m\(options) none '\(place)' && shift && { "$@"; code=$?; }
        ls -A '\(place)' | sed 's/^/left: /'
        exit "$code"
        """
    return try run(["unshare", "-m", "sh", "-c", script, "sh", "sh"] + command, environment: environment)
}

@Suite(.enabled(if: Machine.mayMount, "only root may mount")) struct FullDiskTests {
    @Test func noRoomForTheEnvironment() throws {
        let bundle = try Shared.whole().bundle
        let scratch = TemporaryDirectory()
        let command = ["sh", bundle, "-b", "-p", scratch.path + "/p"]
        let ran = try onSmallDisk(scratch.path, megabytes: 10, command)
        #expect(ran.code == 7, "\(ran.words)")
        #expect(ran.errors.contains("free space") && ran.errors.contains(scratch.path), "\(ran.words)")
        #expect(!ran.output.contains("left:"), "\(ran.words)")
        let inodes = try onSmallDisk(scratch.path, megabytes: 500, options: ",nr_inodes=100", command)
        #expect(inodes.code == 7 && inodes.errors.contains("inodes"), "\(inodes.words)")
        #expect(!inodes.output.contains("left:"), "\(inodes.words)")
        #expect(try onSmallDisk(scratch.path, megabytes: 500, command + ["--no-compile"]).code == 0)
    }

    /// The disk fills while the installation runs: no estimate sees that coming.
    @Test(.enabled(if: Machine.mayTrace, "strace is not here"))
    func theDiskFillsMeanwhile() throws {
        let bundle = try Shared.light().bundle
        let scratch = TemporaryDirectory()
        _ = try Directory.create(scratch.path + "/landing")
        for when in [3, 10] {
            let ran = try run([
                "strace", "-f", "-qq", "-o", scratch.path + "/trace", "-e", "trace=openat",
                "-e", "inject=openat:error=ENOSPC:when=\(when * 40)+", Product.installer, "install", bundle,
                "-b", "-p", scratch.path + "/landing/p", "--no-compile",
            ])
            // Where the place is too late nothing failed.
            guard ran.code != 0 else { continue }
            #expect(ran.signal == nil && ran.code != 70, "\(ran.words)")
            #expect(ran.errors.contains("No space left"), "\(ran.words)")
            #expect(!Tree.exists(scratch.path + "/landing/p"))
        }
    }

    @Test func noRoomForTheBundle() throws {
        let flown = try Shared.light()
        let scratch = TemporaryDirectory()
        let command = [
            try Product.airlift, "cut", flown.workshop.project, "--output", scratch.path, "--calver",
            "2026.11.21",
        ]
        let ran = try onSmallDisk(
            scratch.path, megabytes: 2, command, environment: flown.workshop.environment)
        #expect(ran.code == 7, "\(ran.words)")
        #expect(ran.errors.contains("No space left") && ran.errors.contains(scratch.path), "\(ran.words)")
        #expect(!ran.output.contains("left:"), "\(ran.words)")
    }

    @Test func noRoomInTheStore() throws {
        let workshop = try Workshop()
        let index = ToyIndex([
            WheelBuilder("large", "1.0", files: [.init("large.bin", [UInt8](repeating: 7, count: 3 << 20))]) {
                $0.deflated = false
            }
        ])
        try workshop.spec(index: index.url, requirements: ["large==1.0"])
        #expect(try workshop.airlift("lock", workshop.project).code == 0)
        let store = workshop.path + "/small"
        _ = try Directory.create(store)
        let command = [try Product.airlift, "fetch", workshop.project, "--cache", store]
        let ran = try onSmallDisk(store, megabytes: 1, command, environment: workshop.environment)
        #expect(ran.code == 7, "\(ran.words)")
        #expect(ran.errors.contains("No space left"), "\(ran.words)")
        #expect(try workshop.airlift("fetch", workshop.project).code == 0)
    }

    @Test func noExecutableFileSystem() throws {
        let bundle = try Shared.light().bundle
        let scratch = TemporaryDirectory()
        let ran = try onSmallDisk(
            scratch.path, megabytes: 100, options: ",noexec", ["sh", bundle, "-b", "-p", scratch.path + "/p"])
        #expect(ran.code == 5 && ran.errors.contains("noexec"), "\(ran.words)")
        #expect(!ran.output.contains("left:"), "\(ran.words)")
    }

    @Test func aMountPointIsInTheWay() throws {
        let bundle = try Shared.light().bundle
        let scratch = TemporaryDirectory()
        let ran = try onSmallDisk(scratch.path, megabytes: 100, ["sh", bundle, "-b", "-p", scratch.path])
        #expect(ran.code == 6, "\(ran.words)")
        #expect(ran.errors.contains("mount point") && ran.errors.contains("below it"), "\(ran.words)")
        #expect(!ran.output.contains("left:"), "\(ran.words)")
    }
}

@Suite(.enabled(if: Machine.isRoot && Program.exists("setpriv"), "only root becomes somebody else"))
struct PermissionTests {
    /// As a user who owns nothing here.
    private func asNobody(_ command: [String], environment: [String: String] = [:]) throws -> Outcome {
        try run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + command,
            environment: environment)
    }

    private func open(_ scratch: TemporaryDirectory, to names: String...) throws {
        chmod(scratch.path, 0o755)
        for name in names {
            _ = try Directory.create("\(scratch.path)/\(name)")
            chown("\(scratch.path)/\(name)", 65_534, 65_534)
        }
    }

    @Test func aPrefixOfSomebodyElse() throws {
        let flown = try Shared.light()
        chmod(flown.workshop.path, 0o755)
        let scratch = TemporaryDirectory()
        try open(scratch, to: "own")
        let refused = try asNobody(["sh", flown.bundle, "-b", "-p", scratch.path + "/p"])
        #expect(refused.code == 6, "\(refused.words)")
        #expect(refused.errors.contains("is not writable for this user"), "\(refused.words)")
        #expect(try Tree.names(scratch.path) == ["own"])
        let landed = try asNobody(["sh", flown.bundle, "-b", "-p", scratch.path + "/own/p"])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(try asNobody([scratch.path + "/own/p/bin/greet"]).code == 0)
    }

    @Test func outputStoreAndSpecOfSomebodyElse() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url)
        chmod(workshop.path, 0o755)
        let airlift = try Product.airlift
        let store = TemporaryDirectory()
        try open(store, to: "own")
        let theirs = ["HOME": "/nonexistent", "AIRLIFT_CACHE": workshop.path + "/cache"]
        let own = ["HOME": "/nonexistent", "AIRLIFT_CACHE": store.path + "/own"]
        let before = try workshop.listing()
        for (command, variables) in [
            (["lock", workshop.project], theirs), (["lock", workshop.project], own),
            (["cut", workshop.project], own),
            (["init", workshop.path + "/new"], own),
            (["python", "capture", "/usr/bin/python3", "-o", workshop.path + "/python.tar.zst"], own),
        ] {
            let ran = try asNobody([airlift] + command, environment: variables)
            #expect(ran.code == 7, "\(command): \(ran.words)")
            #expect(ran.errors.contains("Permission denied"), "\(ran.words)")
            #expect(ran.errors.split(separator: "\n").count == 1, "\(ran.words)")
            #expect(try workshop.listing() == before)
        }
    }

    @Test func anUnreadableBundle() throws {
        let scratch = TemporaryDirectory()
        let path = try scratch.write("B.sh", Tree.bytes(Shared.light().bundle))
        try open(scratch)
        chmod(path, 0o600)
        let verified = try asNobody([Product.airlift, "verify", path])
        #expect(verified.code == 7 && verified.errors.contains("Permission denied"), "\(verified.words)")
    }
}
