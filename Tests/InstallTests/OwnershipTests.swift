import Bundle
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Whose an environment is: all of it whoever's installed it, writable by nobody else.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct OwnershipTests {
    let landing = Landing()

    /// Path, owner, group and permissions of everything below the prefix and of itself.
    private func listing() throws -> [(
        path: String, owner: UInt32, group: UInt32, mode: UInt32, isLink: Bool
    )] {
        var paths = [landing.prefix]
        try landing.directory().walk { path, _ in paths.append("\(landing.prefix)/\(path)") }
        return paths.map { path in
            var value = stat()
            lstat(path, &value)
            return (
                path, value.st_uid, value.st_gid, value.st_mode & 0o7777, value.st_mode & S_IFMT == S_IFLNK
            )
        }
    }

    private func bundle() throws -> BundleReader {
        try landing.bundle(
            conda: [
                CondaPackageBuilder("demo") {
                    $0.files.append(.file("bin/tool", "#!/bin/sh\n"))
                    $0.linkScripts = ["post-link": "mkdir $PREFIX/made; touch $PREFIX/made/file"]
                }
            ], linkScripts: ["demo"]
        ) { $0.install.bytecode = .target }
    }

    @Test(.enabled(if: isRoot, "only root installs for others"))
    func `what root installs belongs to root, whoever's the directory is`() throws {
        // Of somebody else, with a group that is handed on.
        #expect(chown(landing.parent, 4_711, 4_712) == 0 && chmod(landing.parent, 0o2775) == 0)
        try landing.install(bundle())
        let files = try listing()
        #expect(files.count > 20)
        #expect(files.filter { $0.owner != 0 }.map(\.path) == [])
        // The group of a set-gid directory is its owner's wish, and gains nothing.
        #expect(files.filter { $0.group != 4_712 }.map(\.path) == [])
        #expect(files.filter { !$0.isLink && $0.mode & 0o022 != 0 }.map(\.path) == [])
        #expect(try landing.faults() == [])
    }
}
