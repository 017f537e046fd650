import Bundle
import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing

/// Roots of releases where another user was there first, or is there all the time.
@Suite(
    .enabled(if: HostileUser.canBeTried, "this needs root, setpriv and /usr/bin/python3"),
    .timeLimit(.minutes(3)))
struct HostileRootTests {
    private func request(_ user: HostileUser) -> InstallRequest {
        var request = InstallRequest(root: user.landing.prefix, now: "2026-11-21T12:00:00Z")
        request.python = HostPython.path
        request.synchronize = false
        return request
    }

    @discardableResult
    private func install(_ user: HostileUser, _ bundle: BundleReader) throws -> InstallOutcome {
        try InstallPlan.make(bundle, request(user)).apply()
    }

    /// What lies in the place, without times: asking whom a new directory belongs to makes one and takes it away.
    private func files(_ user: HostileUser) throws -> [String] {
        var lines: [String] = []
        try user.landing.place.directory().walk { path, status in
            lines.append(
                "\(path) \(status.kind) \(status.permissions) \(status.owner) \(status.inode) \(status.size)")
        }
        return lines
    }

    @Test(arguments: [
        "", "/.airlift", "/.airlift/lock", "/.airlift/journal", "/.airlift/root.json", "/releases",
        "/current",
    ])
    func `a root that another user can change is refused`(part: String) throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        #expect(try install(user, bundle).changed)
        let path = user.landing.prefix + part
        var status = stat()
        if lstat(path, &status) != 0 { try OpenFile.create(path).write(Array("{}\n".utf8)) }
        try #require(lchown(path, HostileUser.id, HostileUser.id) == 0)
        let before = try files(user)
        let later = try user.landing.bundle { $0.version = "2026.12.01" }
        for bundle in [bundle, later] {
            let error = try #require(failure { try install(user, bundle) })
            #expect(
                error.kind == .targetInTheWay && error.description.contains("uid \(HostileUser.id)"),
                "\(error)")
        }
        #expect(try files(user) == before)
        // Given back, it goes on.
        try #require(lchown(path, 0, 0) == 0)
        if part == "/.airlift/journal" { unlink(path) }
        #expect(try install(user, later).changed)
    }

    @Test func `state may belong to whom the service runs as`() throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        try install(user, bundle)
        try user.give("\(user.landing.prefix)/state")
        #expect(try install(user, user.landing.bundle { $0.version = "2026.12.01" }).changed)
    }

    @Test func `root makes no root where every user may rename it`() throws {
        let user = try HostileUser(0o777)
        let bundle = try user.landing.bundle()
        let error = try #require(failure { try install(user, bundle) })
        #expect(
            error.kind == .targetInTheWay && error.description.contains("every user of this host"), "\(error)"
        )
        #expect(try user.landing.neighbours == [])
    }

    @Test func `another user who races with the making of a root gains nothing`() throws {
        let user = try HostileUser()
        let bundle = try user.landing.bundle()
        let place = try user.landing.place.directory()
        let foreign = "\(user.landing.scratch.path)/foreign"
        try install(user, bundle)
        try #require(
            rename(user.landing.prefix, foreign) == 0 && chmod(user.landing.scratch.path, 0o755) == 0)
        let before = try user.outsideNow()
        var rounds = 0
        try user.racing(HostileUser.program, [user.landing.parent, "env", user.outside.path, foreign]) {
            let end = time(nil) + 3
            while time(nil) < end {
                rounds += 1
                do {
                    try install(user, bundle)
                    #expect(try place.status(of: RelativePath("shared/env"))?.owner == 0)
                    #expect(try place.status(of: RelativePath("shared/env/.airlift"))?.owner == 0)
                    let release = "\(user.landing.prefix)/releases/\(bundle.manifest.version)"
                    #expect(try PrefixVerification.run(release).isIntact)
                    try place.removeTree(RelativePath("shared/env"))
                } catch let error as any Failure {
                    #expect([.targetInTheWay, .inputOutput].contains(error.kind), "\(error)")
                }
            }
        }
        #expect(rounds > 3)
        #expect(try user.outsideNow() == before)
    }
}
