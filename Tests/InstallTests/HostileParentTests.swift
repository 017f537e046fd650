import Bundle
import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing
import Workers

/// Root installs where everybody may write, and another user was there first, or is there all the time.
@Suite(
    .enabled(if: HostileUser.canBeTried, "this needs root, setpriv and /usr/bin/python3"),
    .timeLimit(.minutes(3)))
struct HostileParentTests {
    /// What an installation puts beside a prefix of this name.
    static let names = [
        "env.airlift-new", "env.airlift-old", "env.airlift-undo", ".env.airlift-lock",
        ".env.airlift-journal",
    ]

    /// What may lie at such a name.
    enum Plant: CaseIterable, Sendable {
        case file, pipe, directory, environment, link, linkToFile, danglingLink

        func put(at path: String, _ user: HostileUser, foreign: String) throws {
            switch self {
            case .file: try OpenFile.create(path).write(Array("x".utf8))
            case .pipe: try #require(mkfifo(path, 0o666) == 0)
            case .directory: try #require(mkdir(path, 0o777) == 0)
            case .environment: try #require(run(["cp", "-a", foreign, path], in: "/").code == 0)
            case .link: try #require(symlink(user.outside.path, path) == 0)
            case .linkToFile: try #require(symlink("\(user.outside.path)/sentinel", path) == 0)
            case .danglingLink: try #require(symlink("\(user.outside.path)/new", path) == 0)
            }
            try user.give(path)
        }
    }

    /// A copy of what the bundle installs, with a program of somebody else's in it.
    private func foreign(_ user: HostileUser, _ bundle: BundleReader) throws -> String {
        try user.landing.install(bundle)
        try user.landing.put("lib/foreign.py", "print('mine now')\n")
        let copy = "\(user.landing.scratch.path)/foreign"
        try #require(rename(user.landing.prefix, copy) == 0 && chmod(user.landing.scratch.path, 0o755) == 0)
        return copy
    }

    private func refused(_ landing: Landing, _ body: () throws -> Void) throws {
        let found = failure(body)
        let error = try #require(found)
        #expect(error.kind == .targetInTheWay, "\(error)")
        #expect(error.description.contains("uid \(HostileUser.id)"), "\(error)")
    }

    @Test(arguments: Plant.allCases)
    func `what another user put at the installation's own names is left alone`(plant: Plant) throws {
        let user = try HostileUser()
        let landing = user.landing
        let bundle = try landing.bundle()
        let foreign = try foreign(user, bundle)
        let before = try user.outsideNow()
        for name in Self.names {
            let path = "\(landing.parent)/\(name)"
            try plant.put(at: path, user, foreign: foreign)
            try refused(landing) { try landing.install(bundle) }
            #expect(try landing.neighbours == [name])
            #expect(try user.outsideNow() == before)
            try landing.place.directory().removeTree(RelativePath("shared/\(name)"))
        }
        // Nobody is in the way any more.
        #expect(try landing.install(bundle).changed)
        #expect(try landing.neighbours == ["env"])
    }

    @Test func `what an interrupted run of this user's left is cleared away as ever`() throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        let foreign = try foreign(user, bundle)
        for name in ["env.airlift-new", "env.airlift-undo"] {
            try #require(run(["cp", "-a", foreign, "\(user.landing.parent)/\(name)"], in: "/").code == 0)
        }
        try user.landing.install(bundle)
        #expect(try user.landing.neighbours.contains("env"))
        #expect(try user.landing.status(".airlift")?.owner == 0)
    }

    @Test func `another user's environment does not count as installed`() throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        let foreign = try foreign(user, bundle)
        try Plant.environment.put(at: user.landing.prefix, user, foreign: foreign)
        try refused(user.landing) { try user.landing.install(bundle) }
        try refused(user.landing) { try user.landing.install(bundle) { $0.force = true } }
        try refused(user.landing) { _ = try Uninstallation.run(user.landing.prefix, force: true) }
        // Root's own, at the same place, does.
        try #require(run(["chown", "-R", "0:0", user.landing.prefix], in: "/").code == 0)
        #expect(try !user.landing.install(bundle).changed)
    }

    @Test func `no process ends because another user's mark names it`() throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        let foreign = try foreign(user, bundle)
        let victim = try ChildProcess("/bin/sh", ["-c", "echo $$; exec sleep 100"])
        let number = try #require(victim.readLine().flatMap { pid_t($0) })
        try Plant.environment.put(at: user.landing.prefix, user, foreign: foreign)
        try user.landing.put(".airlift/unfinished", "link scripts\n\(try identity(of: number))\n")
        try user.give(user.landing.prefix)
        _ = failure { try user.landing.install(bundle) }
        #expect(try identity(of: number).isEmpty == false)
        #expect(victim.send(""))
    }

    /// As a mark has it: number, start and boot.
    private func identity(of process: pid_t) throws -> String {
        func text(_ path: String) throws -> String {
            String(decoding: try OpenFile.read(path).bytes(at: 0, count: 4_096), as: UTF8.self)
        }
        let status = try text("/proc/\(process)/stat")
        let fields = status[(status.lastIndex(of: ")") ?? status.startIndex)...].split(separator: " ")
        try #require(fields[1] != "Z")
        return
            "\(process) \(fields[20]) \(try text("/proc/sys/kernel/random/boot_id").split(separator: "\n")[0])"
    }

    @Test func `another user's symbolic link is not followed on the way to the prefix`() throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        let before = try user.outsideNow()
        let link = "\(user.landing.parent)/link"
        for target in [user.outside.path, "\(user.outside.path)/new"] {
            try #require(symlink(target, link) == 0)
            try user.give(link)
            for place in ["\(link)/env", "\(link)/further/env"] {
                let error = try #require(
                    failure {
                        try user.landing.install(bundle) { $0 = request(like: $0, prefix: place) }
                    })
                #expect(error.description.contains("symbolic link of another user"), "\(error)")
            }
            #expect(try user.outsideNow() == before)
            unlink(link)
        }
        // One of root's own is the administrator's way to say where.
        try #require(
            mkdir("\(user.outside.path)/open", 0o755) == 0 && symlink("\(user.outside.path)/open", link) == 0)
        try user.landing.install(bundle) { $0 = request(like: $0, prefix: "\(link)/env") }
        #expect(try Directory.open("\(user.outside.path)/open").names() == ["env"])
    }

    private func request(like other: InstallRequest, prefix: String) -> InstallRequest {
        var request = InstallRequest(prefix: prefix, now: other.now)
        request.python = other.python
        request.synchronize = false
        return request
    }

    @Test(arguments: [0o777, 0o777 | 0o2000] as [mode_t])
    func `root installs nothing where every user may rename it`(permissions: mode_t) throws {
        let user = try HostileUser(permissions)
        let bundle = try user.landing.bundle()
        let before = try user.landing.snapshot()
        for place in [user.landing.prefix, "\(user.landing.parent)/new/env"] {
            let error = try #require(
                failure {
                    try user.landing.install(bundle) { $0 = request(like: $0, prefix: place) }
                })
            #expect(
                error.kind == .targetInTheWay && error.description.contains("every user of this host"),
                "\(error)")
        }
        #expect(try user.landing.snapshot() == before)
        // What the sentence advises.
        try #require(chmod(user.landing.parent, 0o1777) == 0)
        #expect(try user.landing.install(bundle).changed)
    }

    @Test func `another user who races with root in a directory like tmp gains nothing`() throws {
        let user = try HostileUser()
        let landing = user.landing
        let bundle = try landing.bundle()
        let foreign = try foreign(user, bundle)
        let before = try user.outsideNow()
        var ends: [String: Int] = [:]
        let parent = try Directory.open(landing.parent)
        try user.racing(HostileUser.program, [landing.parent, "env", user.outside.path, foreign]) {
            let end = time(nil) + 4
            while time(nil) < end {
                do {
                    let outcome = try landing.install(bundle)
                    ends[outcome.changed ? "installed" : "there", default: 0] += 1
                    // Nobody but root can take it away again.
                    #expect(try parent.status(of: RelativePath("env"))?.owner == 0)
                    #expect(try PrefixVerification.run(landing.prefix).isIntact)
                    #expect(try landing.status("lib/foreign.py") == nil)
                    _ = try Uninstallation.run(landing.prefix, force: false)
                } catch let error as any Failure {
                    #expect([.targetInTheWay, .inputOutput].contains(error.kind), "\(error)")
                    ends["refused", default: 0] += 1
                }
            }
        }
        #expect(ends.values.reduce(0, +) > 3, "\(ends)")
        #expect(try user.outsideNow() == before)
        #expect(try landing.neighbours.allSatisfy { try parent.status(of: RelativePath($0))?.owner == 0 })
        _ = failure { _ = try Uninstallation.run(landing.prefix, force: true) }
        #expect(try landing.install(bundle).changed)
    }
}
