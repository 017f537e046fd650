import Bundle
import Digests
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Environments that somebody else wrote into.
@Suite struct HostilePrefixTests {
    let scratch = TemporaryDirectory()
    var prefix: String { scratch.path + "/env" }

    /// A prefix with a record and nothing else.
    private func record() throws {
        let list = InstalledFileList([]).encoded()
        let builder = BundleBuilder {
            $0.wheels = []
            $0.ownFiles = []
        }
        var described = try builder.draft(in: scratch).manifest
        described.stub.size = 4_096
        let manifest = try described.encoded()
        let record = InstallRecord(
            name: "demo", version: "1", serial: 1, platform: "linux-64", environment: SHA256.hash([]),
            bundle: SHA256.hash(manifest), prefix: prefix, installedAt: "2026-11-21T00:00:00Z",
            options: .init(compile: false, python: nil), files: SHA256.hash(list), generator: "test")
        try scratch.write("env/\(InstalledFileList.path)", list)
        try scratch.write("env/\(InstallRecord.manifestPath)", manifest)
        try scratch.write("env/\(InstallRecord.path)", CanonicalJSON.encode(record))
    }

    private func createUnreadableName() {
        let name = Array((prefix + "/").utf8CString.dropLast()) + [CChar(bitPattern: 0xff), 0]
        _ = close(creat(name, 0o644))
    }

    @Test func `a name that is no UTF-8 keeps nobody from removing the environment by force`() throws {
        try record()
        createUnreadableName()
        #expect(failure { _ = try Uninstallation.run(prefix, force: false) } != nil)
        #expect(try scratch.directory().status(of: RelativePath("env")) != nil)
        _ = try Uninstallation.run(prefix, force: true)
        #expect(try scratch.directory().status(of: RelativePath("env")) == nil)
    }

    @Test func `an environment without additions is removed without force`() throws {
        try record()
        _ = try Uninstallation.run(prefix, force: false)
        #expect(try scratch.directory().status(of: RelativePath("env")) == nil)
    }

    @Test func `a pipe in place of the record is an error at once`() throws {
        try scratch.write("env/.airlift/x", "")
        #expect(mkfifo("\(prefix)/\(InstallRecord.path)", 0o644) == 0)
        #expect(throws: FileError.self) { try ExistingPrefix.examine(prefix) }
    }
}
